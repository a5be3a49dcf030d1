"""A refutation in words: how large the counter-model is, which hypotheses hold in it, where the goal fails."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from formal.core.category import Category
from formal.core.functor import SetFunctor
from formal.draw.name import counted
from formal.draw.text import draw_text
from formal.elaborate.module import Loader
from formal.instance.script import GOAL
from formal.refute.result import CounterModel
from formal.statement.model import Obligation, Purpose, Statement
from formal.text import Source
from formal.verdict.result import ClaimResult, Explanation, Line

_DRAWN = 40


def explain_refutation(
    statement: Statement,
    obligation: Obligation,
    model: CounterModel,
    script: str,
    claims: Sequence[ClaimResult],
) -> Explanation:
    """Say why an obligation fails.

    Args:
        script: the counter-model, as ``script_of`` writes it.
        claims: the results on its claims.
    Returns:
        The size of the counter-model; each hypothesis, and the reason that the claims' own explanations give for it
        and against the goal; the structures drawn; the script.
    """
    smallest = "; smallest" if model.smallest else ""
    which = "" if obligation.purpose is Purpose.SHOW else f" {obligation.name}"
    lines: list[Line] = []
    drawing = drawing_of(script)
    for claim in claims:
        explanation = claim.explanation
        if claim.name == GOAL:
            lines += [
                Line(0, f"but {explanation.summary}"),
                *(Line(line.depth + 1, line.text) for line in explanation.lines),
            ]
            if explanation.drawing and explanation.drawing not in drawing:
                drawing = "\n\n".join(filter(None, [drawing, explanation.drawing]))
        else:
            lines.append(Line(0, f"{claim.name}: {explanation.summary}"))
    return Explanation(f"refuted{which}: {size_text(model)}{smallest}", tuple(lines), drawing, script)


def size_text(model: CounterModel) -> str:
    """``2 objects, 4 arrows, 3 elements``: in all, identities included; no elements where nothing could have any."""
    categories = model.categories.values()
    sizes = [
        counted(sum(category.objects for category in categories), "object"),
        counted(sum(len(category.dom) for category in categories), "arrow"),
    ]
    if model.set_functors:
        sizes.append(counted(sum(len(functor.at) for functor in model.set_functors.values()), "element"))
    return ", ".join(sizes)


def drawing_of(script: str) -> str:
    """The categories and set-valued functors that a script declares, in plain text; nothing where that is long."""
    lines = "\n\n".join(_drawings(script))
    return lines if lines.count("\n") < _DRAWN else ""


def _drawings(text: str) -> Iterator[str]:
    script = Loader(Path()).elaborate(Source("counter-model", text))
    for name, (_, meaning) in script.module.meanings.items():
        if isinstance(meaning, Category | SetFunctor):
            head, *rest = draw_text(meaning).split("\n")
            if meaning.name != name:
                head = head.replace(meaning.name, f"{name} = {meaning.name}", 1)
            elif isinstance(meaning, SetFunctor):
                head = head.replace(
                    meaning.category.name, script.names.get(meaning.category.name, meaning.category.name)
                )
            yield "\n".join([head, *rest])
