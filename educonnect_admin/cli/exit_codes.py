"""How a command ends; programs rely on these numbers (docs/exit-codes.md)."""

DONE, BUG, USAGE, REFUSED, REMARKS, UNAVAILABLE, INTERRUPTED = 0, 1, 2, 3, 4, 5, 130
