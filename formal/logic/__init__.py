"""Core formulas: what a claim means, after names are resolved and definitions unfolded."""
