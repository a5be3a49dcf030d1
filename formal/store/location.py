"""Where a project's cache lies."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from formal.text.project import project_root


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
