"""Emptying the outbox, step by step."""
