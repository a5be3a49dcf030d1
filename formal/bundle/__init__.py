"""Relation bundles of trained models, read within declared limits."""
