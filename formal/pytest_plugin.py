"""The pytest plugin: a claim of a proof script is a test."""
