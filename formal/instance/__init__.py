"""Counter-models as proof scripts that anyone can read, run and check."""
