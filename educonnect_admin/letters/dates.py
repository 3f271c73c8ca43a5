"""A day as a French letter writes it."""

from educonnect_admin.dates_in_words import in_words

__all__ = ["in_words"]
