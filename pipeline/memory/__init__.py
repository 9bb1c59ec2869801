"""A company over years: this report held against the one before (与上年相比)."""
