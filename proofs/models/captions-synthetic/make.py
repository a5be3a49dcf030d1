"""Make the bundle `captions-synthetic`: coloured shapes, captions for them, and how well each caption fits each image.

Nothing is trained: a synthetic annotator, with noise from a fixed seed, stands for a text and image model.

    python proofs/models/captions-synthetic/make.py

A caption says a colour, a shape, both, or nothing ("thing"); it entails those that say less. Four combinations have
no caption of their own, so for their images there is nothing better to say than a colour or a shape.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np

from formal.bundle.write import Content, write_bundle

COLOURS = ("red", "green", "blue", "black")
SHAPES = ("disc", "ring", "square", "cross")
UNNAMED = {("red", "cross"), ("green", "square"), ("blue", "ring"), ("black", "disc")}
NOISE = 0.02


def main(folder: Path = Path(__file__).parent) -> str:
    """Write the bundle; gives its digest."""
    captions: list[tuple[str | None, str | None]] = [(None, None)]
    captions += [(colour, None) for colour in COLOURS]
    captions += [(None, shape) for shape in SHAPES]
    captions += [pair for pair in product(COLOURS, SHAPES) if pair not in UNNAMED]
    images = list(product(COLOURS, SHAPES))

    def says(more: tuple[str | None, ...], less: tuple[str | None, ...]) -> bool:
        return all(b is None or a == b for a, b in zip(more, less, strict=True))

    # Row, column: how far the row's caption follows from the column's caption, or from the column's image.
    entails = np.array([[says(more, less) for more in captions] for less in captions])
    fits = np.array([[says(image, caption) for image in images] for caption in captions])
    noise = np.random.default_rng(0).uniform(0, NOISE, fits.shape)
    degree = np.round(np.where(fits, 1 - noise, noise) * 65535).astype(np.uint16)
    seen = np.array([image not in UNNAMED for image in images])
    return write_bundle(
        folder / "captions-synthetic.safetensors",
        "captions-synthetic",
        kind="product",
        reads="degree to which a caption is true of an image",
        axes={
            "caption": [" ".join(word for word in caption if word) or "thing" for caption in captions],
            "image": [f"img {colour} {shape}" for colour, shape in images],
        },
        arrays={
            "relation": Content(degree, ("caption", "image"), "relation", scale="q/65535"),
            "relation.ideal": Content(fits.astype(np.uint8), ("caption", "image"), "ideal"),
            "relation.caption": Content(entails.astype(np.uint8), ("caption", "caption"), "relation"),
            "task.seen": Content(seen.astype(np.uint8), ("image",), "task"),
        },
        kernel={"id": "annotator", "params": {"noise": str(NOISE)}, "fixed_before_data": True},
        model={"family": "none: synthetic annotator", "config": {}, "train": {"seed": 0}},
        data={"generator": "4 colours and 4 shapes; 4 combinations without a caption of their own"},
        provenance={"command": "python proofs/models/captions-synthetic/make.py"},
        reproduce={"cpu": "python proofs/models/captions-synthetic/make.py"},
    )


if __name__ == "__main__":
    print(main())
