"""How a roster is compared with the database: who is met again, what changed, what to ask."""
