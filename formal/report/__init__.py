"""Diagnostics and verdicts for people and programs."""
