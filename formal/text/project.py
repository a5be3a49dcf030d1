"""Where a project begins."""

from __future__ import annotations

from pathlib import Path

_MARKS = ("pyproject.toml", ".git")


def project_root(start: Path) -> Path | None:
    """The nearest folder upwards from a path that has a ``pyproject.toml`` or ``.git``; None when there is none."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if any((folder / mark).exists() for mark in _MARKS)), None)
