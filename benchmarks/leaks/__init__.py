"""Does anything that a patient types escape? Plants identifiers, forces faults, and searches all that was written."""
