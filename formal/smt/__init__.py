"""The decision by Z3, in a child process within limits."""
