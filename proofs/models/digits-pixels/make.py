"""Make the bundle `digits-pixels`: images of digits, near each other when their pixels are, and what prompts read off.

No model is trained: the control that a trained encoder has to beat. Needs scikit-learn.

    python proofs/models/digits-pixels/make.py

An image is a prompt; the read-out of k prompts a class gives an image the class of its nearest prompt. Prompts are the
images of the part `select` that come first in their class; the part `verify` is what the read-out is scored on. It is
computed by scikit-learn's nearest neighbours, another way than `formal` reads the relation.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
from sklearn import __version__ as version
from sklearn.datasets import load_digits
from sklearn.neighbors import KNeighborsClassifier

from formal.bundle.write import Content, write_bundle

SELECT, VERIFY = 100, 100
PROMPTS = (1, 2, 5, 10)
"""Prompts a class, at most: a class may have fewer images among those to select from."""


def main(folder: Path = Path(__file__).parent) -> str:
    """Write the bundle; gives its digest."""
    digits = load_digits()
    images = digits.data[: SELECT + VERIFY]
    label = digits.target[: SELECT + VERIFY].astype(np.int32)
    unit = images / np.linalg.norm(images, axis=1, keepdims=True)
    angle = np.arccos(np.clip(unit @ unit.T, -1, 1))
    np.fill_diagonal(angle, 0)
    angle = (angle + angle.T) / 2
    near = np.round(np.exp(-angle) * 65535).astype(np.uint16)
    split = np.repeat([0, 1], [SELECT, VERIFY]).astype(np.int32)
    arrays = {
        "relation": Content(near, ("image", "image"), "relation", scale="q/65535"),
        "features": Content((images / 16).astype(np.float32), ("image", "pixel"), "embedding"),
        "label": Content(label, ("image",), "label"),
        "split": Content(split, ("image",), "split", names=("select", "verify")),
    }
    for digit in range(10):
        arrays[f"task.digit_{digit}"] = Content((label == digit).astype(np.uint8), ("image",), "task")
    accuracy = {}
    for count in PROMPTS:
        prompts = np.concatenate([np.flatnonzero((label == d) & (split == 0))[:count] for d in range(10)])
        readout = KNeighborsClassifier(1, metric="cosine").fit(images[prompts], label[prompts])
        predicted = readout.predict(images).astype(np.int32)
        name = f"prompt.pred.nearest_of_{count}"
        arrays[name] = Content(predicted, ("image",), "prediction", truth="label")
        accuracy[f"{name}.accuracy@verify"] = f"{int((predicted == label)[split == 1].sum())}/{VERIFY}"
    return write_bundle(
        folder / "digits-pixels.safetensors",
        "digits-pixels",
        kind="product",
        reads="exp(-angle) between the pixels of two images",
        axes={
            "image": [f"img{i}" for i in range(SELECT + VERIFY)],
            "pixel": [f"r{i // 8}c{i % 8}" for i in range(64)],
        },
        arrays=arrays,
        kernel={"id": "angular", "params": {"scale": "1"}, "fixed_before_data": True},
        model={"family": "none: raw pixels", "config": {}, "train": {}},
        data={"generator": "scikit-learn load_digits, the first 200 images", "split": "100 to select, 100 to verify"},
        measurements=accuracy,
        provenance={"command": "python proofs/models/digits-pixels/make.py", "scikit-learn": version},
        reproduce={"cpu": "python proofs/models/digits-pixels/make.py"},
    )


if __name__ == "__main__":
    print(main())
