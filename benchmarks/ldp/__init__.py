"""What is shown of the statistics: exactness, audits, faults, coverage, spread, peers, schedules, counting."""
