"""Claims and certificates as bytes, for the kernel."""
