"""The whole path of a claim, from source text to a verdict that the kernel has re-checked."""
