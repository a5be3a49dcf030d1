"""From the contents of a run to a bundle: claims that were there before, seed, configuration, versions, losses, scores.

Scores are counted here, from the raw predictions as they were made; the reader of the bundle counts again.
"""

from __future__ import annotations

import shlex
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import formal
from formal.bundle.model import BundleLimits, Scale
from formal.bundle.write import Content, bundle_bytes
from formal.syntax.wording import read_wordings
from formal.train.experiment import Contents, Experiment
from formal.train.machine import description
from formal.train.trainer import Run

LARGEST = 2**20
"""Bytes of a bundle that is committed."""
_TOLD = 24
"""Losses of a stage that the manifest tells, each the mean of as many steps in a row."""
_DIGITS = 6


def revision(
    paths: tuple[str, ...] = ("formal", "grammar", "pyproject.toml", "proofs/models/*/claims.cat"),
) -> dict[str, Any]:
    """The commit of the code that runs, and whether code or claims were changed since; nothing outside a checkout."""
    root = Path(formal.__file__).parent.parent

    def git(*arguments: str) -> str:
        done = subprocess.run(["git", "-C", str(root), *arguments], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    try:
        if Path(git("rev-parse", "--show-toplevel")) != root.resolve():
            return {}
        return {"git_rev": git("rev-parse", "HEAD"), "dirty": bool(git("status", "--porcelain", "--", *paths))}
    except (OSError, subprocess.CalledProcessError):
        return {}


def bundle_name(contents: Contents, scale: str, seed: int) -> str:
    """``rotation-seed0`` at the scale of a CPU, ``rotation-gpu-seed0`` at that of a GPU."""
    return f"{contents.name}{'' if scale == 'cpu' else f'-{scale}'}-seed{seed}"


def exported(experiment: Experiment[Any], contents: Contents, run: Run, scale: str, claims: Path | None) -> bytes:
    """The contents of a bundle's file.

    Args:
        claims: the script that judges it; None when there is none.
    Raises:
        Rejection: all that the reader would refuse, or ``file-too-large`` above 1 MiB.
    """
    command = f"formal train {experiment.name} --scale {{}} --device {{}} --seed {run.seed}"
    where = f" --out {shlex.quote(str(Path(experiment.claims).parent))}"
    return bundle_bytes(
        bundle_name(contents, scale, run.seed),
        kind=contents.kind,
        reads=contents.reads,
        monoid=contents.monoid,
        axes=contents.axes,
        axis_names=contents.axis_names,
        arrays=contents.arrays,
        limits=BundleLimits(file_bytes=LARGEST),
        kernel={**contents.kernel, "fixed_before_data": True},
        model={
            "family": contents.family,
            "config": asdict(experiment.scales[scale]),
            "train": {"seed": run.seed, "scale": scale, "losses": {k: told(v) for k, v in run.losses.items()}},
        },
        data=dict(contents.data),
        measurements=scores(contents.arrays, contents.axes),
        claims={} if claims is None else {each.name.text: each.digest for each in read_wordings(claims)},
        provenance={"command": command.format(scale, run.device.type), **description(run.device), **revision()},
        reproduce={"cpu": command.format("cpu", "cpu") + where, "gpu": command.format("gpu", "cuda") + where},
    )


def told(losses: tuple[float, ...]) -> list[float]:
    """A few means of losses in a row, to four digits; all losses when they are few."""
    if not losses:
        return []
    return [float(f"{part.mean():.4g}") for part in np.array_split(np.array(losses), min(_TOLD, len(losses)))]


def scores(arrays: Mapping[str, Content], axes: Mapping[str, Sequence[str]]) -> dict[str, str]:
    """What raw predictions come to: right ones among all as a fraction, or half of the sum of differences.

    With an axis of items before those of the truth, each item is scored; with an array ``split`` its parts are, too.
    """
    found: dict[str, str] = {}
    for name, content in arrays.items():
        if content.role != "prediction":
            continue
        truth = arrays[content.truth]
        rows, wanted = np.asarray(content.values), np.asarray(truth.values)
        items = [""]
        if content.axes == truth.axes:
            rows = rows[None]
        elif content.axes[1:] == truth.axes:
            items = [f"[{label}]" for label in axes[content.axes[0]]]
        else:
            continue
        for item, row in zip(items, rows, strict=True):
            for part, chosen in _parts(arrays, truth):
                if wanted[chosen].size:
                    measure, value = _score(row[chosen], wanted[chosen], content.scale, truth.scale)
                    found[f"{name}.{measure}{item}{part}"] = value
    return found


def _parts(arrays: Mapping[str, Content], truth: Content) -> Iterator[tuple[str, Any]]:
    """All, then each part of the objects that the truth is about."""
    yield "", slice(None)
    split = arrays.get("split")
    if split is not None and split.axes == truth.axes:
        yield from ((f"@{word}", np.asarray(split.values) == code) for code, word in enumerate(split.names))


def _score(found: NDArray[Any], wanted: NDArray[Any], scale: str, truth_scale: str) -> tuple[str, str]:
    """Of whole numbers, and of degrees against yes and no, the accuracy as a fraction; else the total variation."""
    if wanted.dtype.kind in "iu" and not truth_scale:
        if found.dtype.kind in "iu" and not scale:
            return "accuracy", f"{int((found == wanted).sum())}/{found.size}"
        if np.isin(wanted, (0, 1)).all():
            return "accuracy", f"{int(((_meant(found, scale) >= 0.5) == wanted).sum())}/{found.size}"
    variation = float(np.abs(_meant(found, scale) - _meant(wanted, truth_scale)).sum() / 2)
    return "tv", f"{variation:.{_DIGITS}f}"


def _meant(values: NDArray[Any], scale: str) -> NDArray[np.float64]:
    """The numbers that stored ones stand for."""
    read = Scale.parse(scale) if scale else Scale()
    return np.asarray(values.astype(np.float64) * float(read.slope) + float(read.offset))
