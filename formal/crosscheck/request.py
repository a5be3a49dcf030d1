"""``measure SCORE in RANGE``: which score of which raw predictions, and what is predicted of it."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction

from formal.bundle.model import Bundle
from formal.crosscheck.measure import SCORES
from formal.crosscheck.model import Best, Measure, Scope, Selection
from formal.crosscheck.readout import Readout, readout
from formal.crosscheck.statistics import CONFIDENCE
from formal.elaborate import enriched
from formal.elaborate.quantity import quantity
from formal.elaborate.reader import Reader
from formal.elaborate.scope import reject
from formal.enriched.expression import Rational
from formal.enriched.formula import And, Constant, Formula, Not, Quantity
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code, Span
from formal.valuation import decide

BEST = "best_of"
_SCOPES = tuple(scope.value for scope in Scope)


def measure(reader: Reader, score: ast.Expr, expected: ast.Expr, statement: str, span: Span) -> Measure:
    """A measurement with its prediction.

    Args:
        score: ``accuracy(m, "prompt.pred.NAME", split: "verify", of: population, confidence: 0.99)`` and the like, or
            ``best_of(m, "prompt.pred.NAME", select: "select", verify: "verify")``.
        expected: an interval of quantities, or ``readout(prompts: k, select: "select")``.
    Raises:
        Rejection: it is none of these.
    """
    word = score.function.text if isinstance(score, ast.Call) and isinstance(score.function, ast.Name) else ""
    if not isinstance(score, ast.Call) or word not in (*SCORES, BEST):
        known = ", ".join(f"`{each}`" for each in (*SCORES, BEST))
        help_ = (f'a score is written `accuracy(m, "prompt.pred.NAME")`; there are {known}',)
        message = f"`{print_expression(score)}` is no score of raw predictions"
        raise reject(Code.WRONG_KIND, message, score.span, help=help_)
    part, chosen = ("verify", "select") if word == BEST else ("split", "item")
    named = reader.arguments(score, (2,), (part, chosen, "on", "of", "confidence", "independent"))
    bundle, array = reader.model(score.arguments[0]).bundle, text_of(score.arguments[1])
    scope = _scope(named.get("of"))
    for option in ("confidence", "independent"):
        if option in named and scope is Scope.SAMPLE:
            message = f"`{option}:` belongs to an interval for the population, and this score is the sample's"
            raise reject(Code.WRONG_ARGUMENTS, message, named[option].span, help=("add `of: population`",))
    split = text_of(named[part]) if part in named else None
    item = text_of(named[chosen]) if chosen in named else None
    which = "accuracy" if word == BEST else word
    on, basis = _on(reader, named.get("on"), is_best=word == BEST)
    lower, upper, because = _expected(reader, expected, bundle, which, split)
    if on is not None and because is not None:
        raise reject(Code.WRONG_ARGUMENTS, "a read-out predicts the score of a whole part", expected.span)
    return Measure(
        statement,
        span,
        bundle,
        array,
        which,
        lower,
        upper,
        split=split,
        item=Best(item) if word == BEST else item,
        scope=scope,
        confidence=_confidence(reader, named.get("confidence")),
        independent=_whole(reader, named["independent"], "`independent:`") if "independent" in named else None,
        on=on,
        because=because or basis,
    )


def text_of(expr: ast.Expr) -> str:
    """A name in quotes, or without; raises ``Rejection`` for anything else."""
    if isinstance(expr, ast.Name):
        return expr.text
    raise reject(Code.WRONG_KIND, 'expected a name in quotes, such as `"verify"`', expr.span)


def _scope(expr: ast.Expr | None) -> Scope:
    if expr is None:
        return Scope.SAMPLE
    if isinstance(expr, ast.Name) and expr.text in _SCOPES:
        return Scope(expr.text)
    message = f"`{print_expression(expr)}` is neither the `sample` nor the `population`"
    raise reject(Code.WRONG_ARGUMENTS, message, expr.span)


def _on(reader: Reader, expr: ast.Expr | None, *, is_best: bool) -> tuple[Selection | None, tuple[str, Formula] | None]:
    """The objects that count: by patterns, or those at which a presheaf is determined, or not, by what is known."""
    if expr is None:
        return None, None
    if is_best:
        raise reject(Code.WRONG_ARGUMENTS, "the best item is chosen on a whole part", expr.span)
    match expr:
        case ast.SetLiteral(elements=elements) if elements:
            return Selection(patterns=tuple(element.text for element in elements)), None
        case ast.Call(function=ast.Name(text=("determined" | "undetermined") as word)):
            labels, said, formula = bracket(reader, expr, is_determined=word == "determined")
            return Selection(labels=labels), (said, formula)
        case _:
            help_ = ('patterns such as `{"img1*"}`, or `determined(F, along: G)`, or `undetermined(F, along: G)`',)
            message = f"`{print_expression(expr)}` is no choice of objects"
            raise reject(Code.WRONG_KIND, message, expr.span, help=help_)


def bracket(reader: Reader, call: ast.Call, *, is_determined: bool) -> tuple[frozenset[str], str, Formula]:
    """``determined(F, along: G)``: the objects at which the left and right Kan extension of F along G agree.

    Every presheaf with the given values has one value there; at the others, two of them differ.

    Args:
        is_determined: whether these objects are wanted, or those at which they do not agree.
    Returns:
        the objects; how many there are, in words; and the formula that says so, of each object by itself.
    """
    named = reader.arguments(call, (1,), ("along", "within"))
    if "along" not in named:
        raise reject(Code.WRONG_ARGUMENTS, f"`{print_expression(call.function)}` needs `along:`", call.span)
    labels = reader.object_map(named["along"]).cod.rows
    word = ast.Name(call.span, "determined")
    decided: dict[str, tuple[bool, Formula]] = {}
    for label in labels:
        place = ast.Keyword(call.span, ast.Name(call.span, "at"), ast.Name(call.span, label, quoted=True))
        said = enriched.formula(reader, ast.Call(call.span, word, call.arguments, (place, *call.keywords)))
        truth = decide(said).truth
        if truth is not None:
            decided[label] = truth, said if truth else Not(said)
    counts = Counter(truth for truth, _ in decided.values())
    unknown = len(labels) - len(decided)
    words = f"{counts[True]} of {len(labels)} objects are determined, {counts[False]} are not"
    chosen = frozenset(label for label, (truth, _) in decided.items() if truth is is_determined)
    formula = And(tuple(said for _, said in decided.values()))
    return chosen, f"{words}, {unknown} are not known" if unknown else words, formula


def _confidence(reader: Reader, expr: ast.Expr | None) -> Fraction:
    if expr is None:
        return CONFIDENCE
    value = reader.rational(expr, "a confidence")
    if not 0 < value < 1:
        raise reject(Code.WRONG_ARGUMENTS, "a confidence lies between 0 and 1", expr.span, f"this is {value}")
    return value


def _whole(reader: Reader, expr: ast.Expr, what: str) -> int:
    value = reader.rational(expr, what)
    if value < 1 or value.denominator != 1:
        raise reject(Code.WRONG_ARGUMENTS, f"{what} is a whole number from 1 on", expr.span, f"this is {value}")
    return int(value)


def _expected(
    reader: Reader, expr: ast.Expr, bundle: Bundle, score: str, split: str | None
) -> tuple[Quantity, Quantity, tuple[str, Formula] | None]:
    """The ends of what is predicted, and what they rest on when they are computed from the relation."""
    match expr:
        case ast.Interval(lower=lower, upper=upper):
            return quantity(reader, lower), quantity(reader, upper), None
        case ast.Call(function=ast.Name(text="readout")):
            if score != "accuracy":
                raise reject(Code.WRONG_ARGUMENTS, "a read-out predicts an `accuracy`", expr.span)
            found = _readout(reader, expr, bundle, split)
            least, most = (Constant(Rational(end)) for end in (found.accuracy.lower, found.accuracy.upper))
            return least, most, (found.sentence, found.formula)
        case _:
            help_ = ("an interval `[1/2, 1]`, or `readout(prompts: k)`",)
            message = f"`{print_expression(expr)}` is no prediction of a score"
            raise reject(Code.WRONG_KIND, message, expr.span, help=help_)


def _readout(reader: Reader, call: ast.Call, bundle: Bundle, split: str | None) -> Readout:
    """``readout(prompts: k, select: "part")``: of the bundle's own relation, on the part that is scored."""
    named = reader.arguments(call, (0,), ("prompts", "select", "relation", "move", "label"))
    if "prompts" not in named:
        raise reject(Code.WRONG_ARGUMENTS, "`readout` needs `prompts:`, how many a class", call.span)
    texts = {word: text_of(named[word]) for word in ("select", "relation", "move", "label") if word in named}
    prompts = _whole(reader, named["prompts"], "`prompts:`")
    return readout(bundle, prompts=prompts, verify=split, at=call.span, **texts)
