"""Match: which indicators a passage speaks for."""
