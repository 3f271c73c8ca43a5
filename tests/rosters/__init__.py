"""Tests of the roster readers."""
