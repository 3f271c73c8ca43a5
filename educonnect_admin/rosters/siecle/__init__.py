"""What SIECLE exports for the second degree: XML, alone or in a zip, to the tables of readers."""
