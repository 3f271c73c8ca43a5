"""The whole database in one file, and back again: made, closed, verified, restored."""
