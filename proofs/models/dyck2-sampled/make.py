"""Make the bundle `dyck2-sampled`: how histories of brackets go on, estimated from samples, with simultaneous bounds.

    python proofs/models/dyck2-sampled/make.py

The source is the bounded Dyck-2 language of `dyck2-lm` itself, so the true probabilities are known. From each of seven
histories, one for each state, 20 000 continuations by one bracket are drawn (fixed seed). Hoeffding's bounds with a
union over all entries hold at once with probability 99 %: the entries are boxes.
"""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from formal.bundle.write import Content, write_bundle

SAMPLES, CONFIDENCE = 20_000, 0.99
WORDS = ("(", ")", "[", "]", "$")
NEXT = {
    "": (0.4, 0.0, 0.3, 0.0, 0.3),
    "(": (0.25, 0.55, 0.2, 0.0, 0.0),
    "[": (0.25, 0.0, 0.2, 0.55, 0.0),
    "((": (0.0, 1.0, 0.0, 0.0, 0.0),
    "([": (0.0, 0.0, 0.0, 1.0, 0.0),
    "[(": (0.0, 1.0, 0.0, 0.0, 0.0),
    "[[": (0.0, 0.0, 0.0, 1.0, 0.0),
}


def main(folder: Path = Path(__file__).parent) -> str:
    """Write the bundle; gives its digest."""
    rng = np.random.default_rng(0)
    true = np.array(list(NEXT.values()))
    counts = np.array([rng.multinomial(SAMPLES, row) for row in true])
    radius = math.sqrt(math.log(2 * true.size / (1 - CONFIDENCE)) / (2 * SAMPLES))
    margin = math.ceil(radius * SAMPLES)
    scale = f"q/{SAMPLES}"
    bounds = {
        "": counts,
        ".lo": np.clip(counts - margin, 0, SAMPLES),
        ".hi": np.clip(counts + margin, 0, SAMPLES),
    }
    arrays = {
        f"relation{end}": Content(values.astype(np.uint16), ("history", "word"), "relation", scale=scale)
        for end, values in bounds.items()
    }
    arrays["relation.ideal"] = Content(
        np.round(true * 100).astype(np.uint8), ("history", "word"), "ideal", scale="q/100"
    )
    return write_bundle(
        folder / "dyck2-sampled.safetensors",
        "dyck2-sampled",
        kind="product",
        reads="probability that a history goes on with a bracket, or ends",
        axes={"history": list(NEXT), "word": list(WORDS)},
        arrays=arrays,
        kernel={
            "id": "frequency",
            "params": {"samples": str(SAMPLES), "confidence": str(CONFIDENCE), "bounds": "Hoeffding, simultaneous"},
            "fixed_before_data": True,
        },
        model={"family": "none: the source itself", "config": {}, "train": {"seed": 0}},
        data={
            "generator": "bounded Dyck-2, depth 2, 7 states; depth 0: ( .4 [ .3 end .3; depth 1: ( .25 [ .2 close .55"
        },
        provenance={"command": "python proofs/models/dyck2-sampled/make.py"},
        reproduce={"cpu": "python proofs/models/dyck2-sampled/make.py"},
    )


if __name__ == "__main__":
    print(main())
