"""What operators ask, one module a thing."""
