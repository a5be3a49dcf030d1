"""Where a project begins, and where its cache lies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

_MARKS = ("pyproject.toml", ".git")


def project_root(start: Path) -> Path | None:
    """The nearest folder upwards from a path that has a ``pyproject.toml`` or ``.git``; None when there is none."""
    here = start.resolve()
    return next((folder for folder in (here, *here.parents) if any((folder / mark).exists() for mark in _MARKS)), None)


def user_cache_folder() -> Path:
    """The folder that the operating system sets aside for the caches of a user's programs, and ours in it."""
    if sys.platform == "win32":
        base = Path(os.environ.get("LOCALAPPDATA") or Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return base / "formal"


def cache_folder(start: Path) -> Path:
    """``.formal`` in the project's root; outside projects the user's cache folder."""
    root = project_root(start)
    return user_cache_folder() if root is None else root / ".formal"
