"""What guardians ask, one module a journey: no page, no HTTP in them."""
