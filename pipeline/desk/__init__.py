"""The review desk: experts overrule, the office sees. ``store`` keeps, the rest shows."""
