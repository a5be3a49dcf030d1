"""The pictures in the READMEs of ``proofs/models``, from the bundles there and nothing else.

``python -m formal.train.plot proofs/models`` writes them again; the same bundles give the same bytes.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from itertools import count, takewhile
from pathlib import Path
from types import MappingProxyType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from formal.bundle import Bundle, read_bundle
from formal.train.chart import Panel, Point, Series, numbers, svg_chart, words

Floats = NDArray[np.float64]
FILE = "plot.svg"
_SHARES = numbers(0, 0.2, 0.4, 0.6, 0.8, 1)
_FEW = 50
"""Images that a class has at most, in the sweep of prompts."""


def _bundles(folder: Path, name: str) -> tuple[Bundle, ...]:
    """The bundles of all seeds, 0, 1, ..."""
    paths = takewhile(Path.is_file, (folder / f"{name}-seed{seed}.safetensors" for seed in count()))
    return tuple(read_bundle(path) for path in paths)


def _meant(bundle: Bundle, name: str) -> Floats:
    """The numbers that an array stands for."""
    array = bundle.arrays[name]
    return np.asarray(array.values.astype(np.float64) * float(array.scale.slope) + float(array.scale.offset))


def _spread(place: float, values: Sequence[float], width: float = 0.12) -> tuple[Point, ...]:
    """A point for each seed, side by side."""
    return tuple((place + width * (seed - (len(values) - 1) / 2), value) for seed, value in enumerate(values))


def _accuracy(bundle: Bundle, prediction: str, truth: str) -> Any:
    """The share of right predictions, or one for each item."""
    return (bundle.arrays[prediction].values == bundle.arrays[truth].values).mean(-1)


def rotation(folder: Path) -> str:
    """Left: images read by k prompts a digit. Right: what heads and networks tell."""
    torsors, heads = _bundles(folder, "rotation-torsor"), _bundles(folder, "rotation-head")
    sizes = np.bincount(torsors[0].arrays["heldout.label"].values)
    covered = tuple((k, float(np.minimum(k, sizes).sum() / sizes.sum())) for k in range(_FEW + 1))
    tried = tuple(int(k) for k in torsors[0].axes["prompts"])
    read = [_accuracy(each, "prompt.pred.digit_of_k", "heldout.label") for each in torsors]
    measured = tuple(p for i, k in enumerate(tried) for p in _spread(k, [float(row[i]) for row in read], 0.5))
    orientation = [float(_accuracy(each, "head.pred.orientation", "heldout.orientation")) for each in heads]
    best = [float(_accuracy(each, "prompt.pred.orientation", "heldout.orientation").max()) for each in heads]
    rows = {
        key: [float(_accuracy(each, f"{key}.pred.digit", "heldout.label")) for each in heads]
        for key in ("prompt", "probe", "finetune", "scratch")
    }
    majority = float(sizes.max() / sizes.sum())
    shown = "measured, three seeds"
    found = [orientation, best, *rows.values()]
    return svg_chart(
        "Coverage by k prompts a digit, and accuracies in the reading BZ/4",
        (
            Panel(
                "Torsor: digits read with k prompts each",
                "prompts a digit",
                "share of images",
                numbers(0, 10, 20, 30, 40, _FEW),
                _SHARES,
                (Series("predicted: orbits covered", line=covered), Series(shown, measured)),
                margin=1,
            ),
            Panel(
                "BZ/4: what is told rightly",
                "orientation (2 left), digit (4 right)",
                "share of images",
                words("head", "best\nprompt", "best\nread-out", "linear\nprobe", "fine-\ntuned", "from\nscratch"),
                _SHARES,
                (
                    Series("most frequent digit", line=((1.6, majority), (5.4, majority))),
                    Series(shown, tuple(p for i, row in enumerate(found) for p in _spread(i, row))),
                ),
            ),
        ),
    )


def autoregressive(folder: Path) -> str:
    """The distance from five tasks, in theory and by three ways to reach them."""
    models = _bundles(folder, "autoregressive-lm")
    first = models[0]
    complete = first.arrays["split"].values == first.arrays["split"].names.index("complete")
    tasks = ("after_open_round", "after_two_square", "mostly_round", "half_round_half_square", "deeper")
    names = ("after (", "after [[", ".85 ( + .15 [", "½ ( + ½ [", "a deeper\ngrammar")

    def away(bundle: Bundle, task: str, rows: Floats) -> float:
        wanted = _meant(bundle, f"task.{task}")[complete]
        return float(np.abs(np.atleast_2d(rows)[:, complete] - wanted).sum(1).min() / 2)

    ideal = _meant(first, "relation.ideal")
    gaps = [away(first, task, ideal) for task in tasks]
    theory = Series("gap in the grammar", tuple((place - 0.34, gap) for place, gap in enumerate(gaps)))
    ways = []
    keys = {"prompt": "best hard prompt", "soft": "soft prompt", "finetune": "fine-tuned"}
    for shift, (key, name) in enumerate(keys.items()):
        points = [
            point
            for place, task in enumerate(tasks)
            for point in _spread(
                place - 0.12 + 0.22 * shift, [away(m, task, _meant(m, f"{key}.pred.{task}")) for m in models], 0.06
            )
        ]
        ways.append(Series(name, tuple(points)))
    bound = Series("threshold of the claims", line=((-0.5, 0.05), (4.5, 0.05)))
    return svg_chart(
        "Distance from five tasks, by prompts and by fine tuning",
        (
            Panel(
                "Distance from the task, three seeds",
                "task: two states, two mixtures, and one outside the hull",
                "total variation",
                words(*names),
                numbers(0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6),
                (theory, *ways, bound),
                wide=620,
            ),
        ),
    )


def contrastive(folder: Path) -> str:
    """Clusters as nearness is cut, reading by the nearest prompt, and the defect of the cosine; trained and not."""
    models = _bundles(folder, "contrastive")
    cuts = [0.2 + 0.05 * step for step in range(17)]
    kinds = {"trained": "", "random weights": ".random"}
    verify = models[0].arrays["split"].values == models[0].arrays["split"].names.index("verify")
    clusters, defects, reading = [], [], []
    for place, (name, suffix) in enumerate(kinds.items()):
        relations = [_meant(each, f"relation{suffix}") for each in models]
        labels = [each.arrays["label"].values for each in models]
        found = [
            [_clusters(r >= cut - 1e-9, label) for cut in cuts] for r, label in zip(relations, labels, strict=True)
        ]
        mean = [float(np.mean([row[i][0] for row in found])) for i in range(len(cuts))]
        pure = tuple((cut, float(row[i][0])) for row in found for i, cut in enumerate(cuts) if row[i][1])
        clusters.append(Series(name, pure, tuple(zip(cuts, mean, strict=True))))
        key = f"{'random.' if suffix else ''}prompt.pred.nearest_of_k"
        right = [each.arrays[key].values == each.arrays["heldout.label"].values for each in models]
        rows = [each[:, verify].mean(1) for each in right]
        reading.append(_curve(name, [[float(share) for share in row] for row in rows]))
        defects.append(Series(name, _spread(place, [_defect(_meant(m, f"relation{suffix}.cosine")) for m in models])))
    return svg_chart(
        "Clusters, reading by prompts and the defect of the cosine, trained and with random weights",
        (
            Panel(
                "Clusters (marks: of one digit each)",
                "related from this nearness on",
                "clusters of 100 images",
                numbers(0.2, 0.4, 0.6, 0.8, 1),
                numbers(0, 20, 40, 60, 80, 100),
                tuple(clusters),
                margin=0.03,
                wide=270,
            ),
            Panel(
                "Digit of the nearest prompt",
                "prompts a digit",
                "share of images",
                words(*models[0].axes["prompts"]),
                _SHARES,
                tuple(reading),
                wide=230,
            ),
            Panel(
                "Cosine: not composed",
                "weights",
                "greatest failure",
                words("trained", "random"),
                numbers(0, 0.1, 0.2, 0.3, 0.4, 0.5),
                tuple(defects),
                wide=170,
            ),
        ),
    )


def _clusters(related: NDArray[np.bool_], labels: NDArray[Any]) -> tuple[int, bool]:
    """How many classes a symmetric relation generates, and whether none has two labels."""
    names = np.arange(len(related))
    while True:
        least = np.where(related | np.eye(len(related), dtype=bool), names, len(related)).min(1)
        if (least == names).all():
            break
        names = least
    classes = np.unique(names)
    return len(classes), all(np.unique(labels[names == each]).size == 1 for each in classes)


def _defect(relation: Floats) -> float:
    """The greatest r(x, y) r(y, z) - r(x, z), and 0 at least."""
    return max(0.0, *(float((np.outer(relation[:, y], relation[y]) - relation).max()) for y in range(len(relation))))


def masked(folder: Path) -> str:
    """How far relations are from the language, and from being composed."""
    models = _bundles(folder, "masked-lm")
    arrays = {
        "trained, left to right": "relation",
        "trained, right to left": "relation.backwards",
        "random weights": "relation.untrained",
    }
    ideal = _meant(models[0], "relation.ideal")
    far, failing = [], []
    for place, (name, key) in enumerate(arrays.items()):
        values = [_meant(each, key) for each in models]
        far.append(Series(name, _spread(place, [float(np.abs(value - ideal).max()) for value in values])))
        failing.append(Series(name, _spread(place, [_defect(value) for value in values])))
    bound = Series("bound that was claimed", line=((-0.5, 0.05), (0.5, 0.05)))
    ticks = words("trained,\nforwards", "trained,\nbackwards", "random\nweights")
    return svg_chart(
        "Distance to the language, and failure of composition",
        (
            Panel("Distance to the language", "relation", "greatest difference", ticks, _SHARES, (*far, bound)),
            Panel(
                "Failure of composition",
                "relation",
                "greatest failure",
                ticks,
                numbers(0, 0.02, 0.04, 0.06, 0.08),
                (*failing, bound),
            ),
        ),
    )


def captions(folder: Path) -> str:
    """Four conditions: what is said of images of combinations that were shown, and of those that never were."""
    conditions = ("atomic", "words", "both", "category")
    measures = {
        "right among all 16 captions": "top.pred.caption",
        "right among the 12 shown, or the 4 not shown": "choice.pred.caption",
        "told whether it was shown": "detector.pred.unseen",
    }
    found = {name: _bundles(folder, f"{folder.name}-{name}") for name in conditions}
    panels = []
    for part in ("seen", "unseen"):
        series = []
        for shift, (text, key) in enumerate(measures.items()):
            points: list[Point] = []
            for place, condition in enumerate(conditions):
                values = []
                for each in found[condition]:
                    array = each.arrays[key]
                    truth = each.arrays["unseen.label" if key.endswith("unseen") else "label"]
                    split = each.arrays["split"]
                    chosen = split.values == split.names.index(part)
                    values.append(float((array.values == truth.values)[chosen].mean()))
                points += _spread(place + 0.24 * (shift - 1), values, 0.06)
            series.append(Series(text, tuple(points)))
        title = "Combinations that were shown" if part == "seen" else "Combinations never shown"
        panels.append(Panel(title, "captions in training", "share right", words(*conditions), _SHARES, tuple(series)))
    return svg_chart("Captions of shapes in four conditions of training, three seeds", panels)


def gpicl(folder: Path) -> str:
    """The order parameter: off support, does the answer keep to the context, or to the functions seen?"""
    models = _bundles(folder, "gpicl")
    seen = [int(label.removeprefix("k")) for label in models[0].axes["seen"]]
    measures = {"agrees with the context": "agrees.pred", "is a function seen": "retracts.pred"}
    series = []
    for name, key in measures.items():
        rows = [[_off(each, key, i, k, False) for i, k in enumerate(seen)] for each in models]
        series.append(_curve(name, rows))
    rows = [[_off(each, "confidence.pred", i, k, True) for i, k in enumerate(seen)] for each in models]
    return svg_chart(
        "Answers in contexts that no seen function extends, as the number of seen functions grows",
        (
            Panel(
                "Contexts that no seen function extends",
                "functions seen, of 256",
                "share of contexts; mean confidence",
                words(*map(str, seen)),
                _SHARES,
                (*series, _curve("confidence where the context is open", rows)),
                wide=460,
            ),
        ),
    )


def _off(bundle: Bundle, key: str, item: int, seen: int, is_open: bool) -> float:
    """A mean over contexts that none of the functions seen extends; labels are first/size/values."""
    off = np.zeros(len(bundle.axes["rows"]), dtype=bool)
    for row, label in enumerate(bundle.axes["rows"]):
        first, _, values = label.split("/")
        off[row] = (first == "none" or int(first) > seen) and ("." in values or not is_open)
    return float(_meant(bundle, key)[item][off].mean())


def _curve(name: str, rows: Sequence[Sequence[float]]) -> Series:
    """A point for each seed at 0, 1, ..., and a line through their means."""
    places = range(len(rows[0]))
    points = tuple(point for i in places for point in _spread(i, [row[i] for row in rows], 0.06))
    return Series(name, points, tuple((float(i), float(np.mean([row[i] for row in rows]))) for i in places))


def gpicl_digits(folder: Path) -> str:
    """Accuracy at the first and at the last image, as the number of tasks grows."""
    models = _bundles(folder, "gpicl-digits")
    tasks = models[0].axes["rows"]
    panels = []
    for part, title in (("seen", "Tasks of the training"), ("unseen", "Tasks that were never seen")):
        series = []
        for at in ("first", "last"):
            cells = [label.startswith(f"{part}/{at}/") for label in models[0].axes["cells"]]
            right = [each.arrays["icl.pred"].values == each.arrays["digit"].values for each in models]
            rows = [[float(share) for share in each[:, cells].mean(1)] for each in right]
            series.append(_curve(f"{at} image", rows))
        panels.append(Panel(title, "tasks in training", "share right", words(*tasks), _SHARES, tuple(series)))
    return svg_chart("Accuracy at the first and the last image, as the number of tasks grows", panels)


def mixtures(folder: Path) -> str:
    """Squared error along the sweep from one class of functions to the other, beside what theory predicts."""
    models = _bundles(folder, "mixtures-sinusoid")
    places = [label.split("/")[0] for label in models[0].axes["cells"]]
    sweep = sorted(set(places), key=float)
    names = {
        "model": "model",
        "mixture": "Bayes, mixture",
        "hull": "best point of the hull",
        "linear": "Bayes, linear",
        "sine": "Bayes, sinusoid",
        "oracle": "oracle",
    }
    rows = models[0].axes["predictors"]
    series = []
    for key, name in names.items():
        values = [
            [
                float(_meant(m, "square.pred")[rows.index(key)][[each == place for each in places]].mean())
                for place in sweep
            ]
            for m in models
        ]
        curve = _curve(name, values)
        series.append(curve if key == "model" else Series(name, line=curve.line))
    panels = [
        Panel(title, "λ", "mean squared error", words(*sweep), _levels(shown), shown, wide=360)
        for title, shown in (
            ("From linear to sinusoid", tuple(series)),
            ("The same without Bayes of one class", tuple(series[:3] + series[5:])),
        )
    ]
    return svg_chart("Squared error from one class of functions to the other", panels)


def _levels(series: Sequence[Series]) -> tuple[tuple[float, str], ...]:
    """At most eight levels from 0 to above all points, in steps that read well."""
    highest = max(y for each in series for _, y in (*each.points, *each.line))
    step = next(each for each in (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10) if highest / each <= 6)
    return numbers(*(round(step * i, 6) for i in range(int(np.ceil(highest / step)) + 1)))


PLOTS: Mapping[str, Callable[[Path], str]] = MappingProxyType(
    {
        "autoregressive-lm": autoregressive,
        "captions": captions,
        "contrastive": contrastive,
        "factored": captions,
        "gpicl": gpicl,
        "gpicl-digits": gpicl_digits,
        "masked-lm": masked,
        "mixtures": mixtures,
        "rotation": rotation,
    }
)
"""What draws a folder of ``proofs/models``."""


def main(arguments: Sequence[str]) -> int:
    """Draw the folders in a folder that have a picture, and only these."""
    (root,) = map(Path, arguments or ("proofs/models",))
    for name, draw in PLOTS.items():
        folder = root / name
        if any(folder.glob("*-seed0.safetensors")):
            (folder / FILE).write_text(draw(folder), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
