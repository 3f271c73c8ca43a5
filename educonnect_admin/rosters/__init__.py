"""Files from the schools: bytes in, rows and problems out; no database."""
