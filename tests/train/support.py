"""What the tests of training share."""

from __future__ import annotations

WHY = "PyTorch and scikit-learn train; they are not installed: the extra `train` brings them"
"""The reason of a skipped test."""
