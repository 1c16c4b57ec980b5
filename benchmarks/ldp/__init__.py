"""What is shown of the statistics: exactness, an audit, planted faults, coverage, spread, peers, schedules, counting."""
