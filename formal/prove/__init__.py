"""Proofs of first-order obligations: short attempts by provers in child processes, instances, certificates."""
