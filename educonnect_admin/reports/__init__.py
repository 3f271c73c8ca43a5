"""Figures into tables, workbooks and pictures; no database, no clock."""
