"""``python -m formal.train.plot [--check] [ROOT] [NAME ...]``: draw the pictures, or name those that are too old."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from formal.train.plot.catalogue import PICTURES
from formal.train.plot.write import outdated, svg


def main(arguments: Sequence[str]) -> int:
    """Draw all that has its bundles; gives the exit status, 1 when a check finds something."""
    parser = argparse.ArgumentParser(prog="python -m formal.train.plot", description="Draw the bundles.")
    parser.add_argument("root", nargs="?", type=Path, default=Path("proofs/models"), help="of folders of bundles")
    parser.add_argument("names", nargs="*", help="only these folders of it")
    parser.add_argument("--check", action="store_true", help="draw nothing; name what is older than its bundles")
    asked = parser.parse_args(arguments)
    pictures = [each for each in PICTURES if not asked.names or each.folder in asked.names]
    if asked.check:
        found = list(outdated(pictures, asked.root))
        for path in found:
            print(f"{path}: not of these bundles")
        return 1 if found else 0
    for picture in pictures:
        if picture.is_drawable(asked.root):
            picture.path(asked.root).write_bytes(svg(picture, picture.models(asked.root)))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
