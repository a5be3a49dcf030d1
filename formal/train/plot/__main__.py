"""``python -m formal.train.plot [--check] [ROOT] [NAME ...]``: draw the pictures, or name those that are too old."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from formal.text import Rejection
from formal.train.plot.catalogue import PICTURES
from formal.train.plot.picture import Picture
from formal.train.plot.write import outdated, svg


def main(arguments: Sequence[str]) -> int:
    """Draw all that has its bundles; gives the exit status, 1 when a check finds something."""
    parser = argparse.ArgumentParser(prog="python -m formal.train.plot", description="Draw the pictures of bundles.")
    parser.add_argument("root", nargs="?", type=Path, default=Path("proofs/models"), help="where their folders are")
    parser.add_argument("names", nargs="*", help="only these folders of it")
    parser.add_argument("--check", action="store_true", help="draw nothing; name what is older than its bundles")
    asked = parser.parse_args(arguments)
    if unknown := sorted({*asked.names} - {picture.folder for picture in PICTURES}):
        parser.error(f"nothing is drawn of {', '.join(unknown)}")
    pictures = [each for each in PICTURES if not asked.names or each.folder in asked.names]
    try:
        return _check(pictures, asked.root) if asked.check else _draw(pictures, asked.root)
    except Rejection as rejection:
        parser.exit(1, f"{rejection}\n")
    except ModuleNotFoundError as missing:
        if missing.name != "matplotlib":
            raise
        parser.exit(1, "matplotlib is not installed; `pip install 'formal[train]'` brings it\n")


def _check(pictures: Sequence[Picture], root: Path) -> int:
    """Name what is older than its bundles."""
    found = list(outdated(pictures, root))
    for path in found:
        print(f"{path}: not of these bundles")
    return 1 if found else 0


def _draw(pictures: Sequence[Picture], root: Path) -> int:
    """Write what has its bundles."""
    for picture in pictures:
        if picture.is_drawable(root):
            picture.path(root).write_bytes(svg(picture, picture.models(root)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
