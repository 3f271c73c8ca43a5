"""`letters campaign` and `roster import-all`: one command for many schools."""
