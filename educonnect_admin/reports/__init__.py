"""Figures turned into tables, workbooks and pictures; no database."""
