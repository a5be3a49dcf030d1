"""The checker: standard library only, apart from everything else."""
