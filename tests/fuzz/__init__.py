"""Fuzzers of every reader and parser: `make fuzz MINUTES=10`, and a few cases in the suite."""
