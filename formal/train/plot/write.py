"""Pictures as SVG files, each with a stamp that says which numbers and which bundles it is of.

The same bundles and version of matplotlib give the same bytes. Letters are outlines, so that a picture looks the same
where a font is missing; matrices are images within it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

from formal.train.plot.picture import Models, Picture, stamp
from formal.train.plot.style import IMAGE_DOTS, in_style, refuse_hidden

_DESCRIPTION = "{http://purl.org/dc/elements/1.1/}description"


def svg(picture: Picture, models: Models) -> bytes:
    """The picture as a file.

    Args:
        models: by the names that the picture has.
    Raises:
        ValueError: a point would lie beyond its axes.
        ImportError: matplotlib is not installed.
    """
    numbers = picture.numbers(models)
    file = BytesIO()
    with in_style():
        figure = picture.draw(numbers)
        refuse_hidden(figure)
        metadata = {"Title": picture.title, "Description": stamp(models, numbers), "Date": None}
        figure.savefig(file, format="svg", dpi=IMAGE_DOTS, metadata=metadata)
    return file.getvalue()


def stamp_of(path: Path) -> str:
    """The stamp in an SVG file; empty when it has none, or there is no such file."""
    if not path.is_file():
        return ""
    return (ElementTree.parse(path).getroot().findtext(f".//{_DESCRIPTION}") or "").strip()


def outdated(pictures: Sequence[Picture], root: Path) -> Iterator[Path]:
    """The pictures that are missing, or of other numbers or bundles than those in their folders; without matplotlib."""
    for picture in pictures:
        if picture.is_drawable(root):
            models = picture.models(root)
            if stamp_of(picture.path(root)) != stamp(models, picture.numbers(models)):
                yield picture.path(root)
