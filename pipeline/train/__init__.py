"""Training: labelled reports and frameworks in, models/ out. Never needed to review."""
