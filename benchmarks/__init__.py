"""Reproducible measurements, with the peers beside us; never run by the tests."""
