"""Templates to mails and SMS; no database, no clock, no chance."""
