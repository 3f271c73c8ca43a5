"""What guardians ask, one module a journey."""
