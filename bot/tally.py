"""The last step: when a person's period closes, one perturbed report may be drawn. Nothing else about use is counted."""
