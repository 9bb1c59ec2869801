"""Evaluate: how far the matcher can be trusted, measured on labelled reports."""
