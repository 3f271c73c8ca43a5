"""What SIECLE exports for the second degree: XML, alone or in a zip, to the tables of readers."""

SIECLE = "siecle"
"""The format of whatever is read here."""
