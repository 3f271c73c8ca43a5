"""A FranceConnect of one's own: the real protocol, made-up people, every misdeed on demand.

It lies outside of the package on purpose: no wheel carries it, so no production can start it.
"""
