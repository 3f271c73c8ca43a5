"""What the tests stand on: a real PostgreSQL, three families, scripted chance."""
