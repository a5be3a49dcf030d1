"""A project with small models, written for the tests: three seeds of one model, and one that is something else."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from formal.bundle.write import Content, write_bundle
from formal.verdict.result import ClaimResult, FileResult
from formal.verify.options import Options
from formal.verify.run import Target, run

OBJECTS = 40
HEAD = """
model s0 from "s0.safetensors"
model s1 from "s1.safetensors"
model s2 from "s2.safetensors"
model far from "far.safetensors"
relation Ideal on {a, b} over product { a -> b = 1/2 }
"""


def write_models(folder: Path) -> None:
    """Relations near a |-> b at 1/2, but for one; raw predictions of which 30 to 33 of 40 are right; two prompts."""
    for number, name in enumerate(["s0", "s1", "s2", "far"]):
        entry = 9 if name == "far" else 50 + number
        right = np.arange(OBJECTS) < 30 + number
        label = (np.arange(OBJECTS) % 2).astype(np.int32)
        write_bundle(
            folder / f"{name}.safetensors",
            name,
            kind="product",
            axes={"rows": ["a", "b"], "image": [f"i{i}" for i in range(OBJECTS)], "prompt": ["p", "q"]},
            arrays={
                "relation": Content(
                    np.array([[100, entry], [0, 100]], dtype=np.uint8), ("rows", "rows"), "relation", "q/100"
                ),
                "label": Content(label, ("image",), "label"),
                "split": Content(
                    (np.arange(OBJECTS) // 20).astype(np.int32), ("image",), "split", names=("select", "verify")
                ),
                "task.up": Content(np.array([1, 0], dtype=np.uint8), ("rows",), "task"),
                "prompt.pred.one": Content(np.where(right, label, 9).astype(np.int32), ("image",), "prediction"),
                "prompt.pred.two": Content(
                    np.stack([np.where(right, label, 9), label]).astype(np.int32), ("prompt", "image"), "prediction"
                ),
            },
            provenance={"seed": number},
        )


def checked(folder: Path, text: str, options: Options | None = None) -> FileResult:
    """The result of a script beside the models."""
    path = folder / "check.cat"
    path.write_text(HEAD + text, encoding="utf-8")
    (file,) = run([Target(path)], options or Options(cache=False))
    return file


def crosschecked(folder: Path, clauses: str, head: str = "", finding: str = "") -> ClaimResult:
    """The result of one cross-check."""
    file = checked(folder, f"crosscheck c {head} {{ {clauses} }} {finding}")
    assert not file.diagnostics, [diagnostic.message for diagnostic in file.diagnostics]
    (claim,) = file.claims
    return claim
