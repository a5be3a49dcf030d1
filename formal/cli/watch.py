"""Waiting until a script changes, by looking at times and sizes of files."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from pathlib import Path

from formal.cli.discover import BadPath, discover

_SECONDS_BETWEEN_LOOKS = 0.5
_SUFFIXES = (".cat", ".safetensors")
State = frozenset[tuple[str, int, int]]


def wait_for_change(paths: Sequence[str], files: Iterable[str]) -> None:
    """Return when a script or a model that a run looked at is new, gone or different.

    Args:
        paths: the paths of the command line.
        files: the scripts that the run reported on; all that lies in their folders is watched.
    """
    files = tuple(files)
    before = state(paths, files)
    while state(paths, files) == before:
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def state(paths: Sequence[str], files: Iterable[str]) -> State:
    """Path, time and size of everything that is watched."""
    try:
        watched = {selected.path for selected in discover(paths)}
    except BadPath:
        watched = set()
    folders = {path.parent for path in (*watched, *map(Path, files))}
    watched |= {path for folder in folders if folder.is_dir() for path in folder.iterdir() if path.suffix in _SUFFIXES}
    result = set()
    for path in watched:
        try:
            status = path.stat()
        except OSError:
            continue
        result.add((str(path), status.st_mtime_ns, status.st_size))
    return frozenset(result)
