"""Notification letters: content, templates, PDF bytes; no database."""
