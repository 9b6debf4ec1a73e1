"""Suites of the older libraries: their arguments, and how they are rewritten."""
