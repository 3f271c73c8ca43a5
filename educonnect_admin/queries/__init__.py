"""Questions in SQL, named by their answer."""
