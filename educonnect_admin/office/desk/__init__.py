"""What the desk changes: one account, one pupil, one record at a time, each with its reason."""
