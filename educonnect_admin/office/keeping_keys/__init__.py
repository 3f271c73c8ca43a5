"""The keys of the office: turning to a new one, forgetting those before it (R-5)."""
