"""How letters are printed so that a kill leaves nothing half-done (R-14)."""
