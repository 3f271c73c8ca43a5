"""The outside world behind protocols: chance, hashing, keys."""
