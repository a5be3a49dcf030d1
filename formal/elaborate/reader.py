"""What all readers of the enriched layer share: names, numbers, labels, arguments by keyword, and complaints."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Self

from formal.bundle.matrix import members
from formal.elaborate.names import Budget
from formal.elaborate.number import FUNCTIONS, apply, arithmetic, is_numeral, numeral, parameters_of
from formal.elaborate.relation import EnrichedValue, Kind, MatrixOf, ObjectMapOf, ParameterOf, Places, Use, describe
from formal.elaborate.scope import Definition, Model, Module, Passed, Poisoned, reject, suggestions
from formal.elaborate.value import Value
from formal.elaborate.value import describe as describe_finite
from formal.elaborate.workshop import Workshop
from formal.enriched.expression import Expression, Rational
from formal.enriched.formula import Matrix, Metric
from formal.syntax import ast
from formal.syntax.printer import print_expression, print_name
from formal.text import Code, Diagnostic, Label, Rejection, Span

SHOWN = 8
"""How many names or labels a diagnostic lists."""


@dataclass(frozen=True, slots=True)
class Reader:
    """Reads the expressions of one declaration.

    Args:
        bound: the objects, by their labels, that variables of quantifiers stand for.
        settings: what parameters are set to from outside, by name; the others stay open.
        called: matrices that are computed, and what the author calls them.
    """

    module: Module
    workshop: Workshop
    budget: Budget
    bound: Mapping[str, str] = field(default_factory=dict)
    places: Places = field(default_factory=Places)
    settings: Mapping[str, Fraction] = field(default_factory=dict)
    called: list[tuple[Matrix, str]] = field(default_factory=list)

    def binding(self, name: str, label: str) -> Self:
        """The same reader with one more variable."""
        return replace(self, bound={**self.bound, name: label})

    # --- names ------------------------------------------------------------------------------------

    def meaning(self, name: ast.Name) -> EnrichedValue | Model | None:
        """What a name is declared as; None when it is not.

        Raises:
            Passed: it was declared, and rejected.
            Rejection: it belongs to the world of finite categories.
        """
        known = self.module.meanings.get(name.text)
        if name.quoted or name.text in self.bound or known is None:
            return None
        match known[1]:
            case Poisoned():
                raise Passed
            case MatrixOf() | ObjectMapOf() | ParameterOf() | Model() as meaning:
                return meaning
            case Definition():
                return None
            case meaning:
                raise mixed(name, meaning)

    def unknown(self, name: ast.Name, what: str, known: Iterable[str]) -> Rejection:
        """A name that stands for nothing of the kind that is expected."""
        later = self.module.later.get(name.text)
        return reject(
            Code.UNKNOWN_NAME,
            f"`{name.text}` is not {what}",
            name.span,
            "not found",
            secondary=() if later is None else [Label(later, "declared only here")],
            help=suggestions(name.text, known) if later is None else ("move the declaration up, before its use",),
        )

    def take_for_category(self, word: str, span: Span, relation: MatrixOf | None) -> None:
        """Note that a word is what it is called only where a relation is a category."""
        if relation is not None and relation.kind is Kind.RELATION:
            self.module.uses.setdefault((relation.name, relation.rows, None), Use(word, span, relation))

    def take_for_presheaf(self, word: str, span: Span, vector: MatrixOf, relation: MatrixOf | None) -> None:
        """Note that a word is what it is called only where a weight or coweight is a presheaf on a relation."""
        if relation is not None and relation.kind is Kind.RELATION and vector.labels == relation.rows:
            key = relation.name, relation.rows, vector.name
            self.module.uses.setdefault(key, Use(word, span, relation, vector))

    def declared(self, *kinds: type[EnrichedValue]) -> list[str]:
        """The names of what is declared of some kinds."""
        return [name for name, (_, meaning) in self.module.meanings.items() if isinstance(meaning, kinds)]

    def wrong_kind(self, expr: ast.Expr, wanted: str, found: EnrichedValue | None = None) -> Rejection:
        """Another kind of thing stands where ``wanted`` is expected."""
        what = f"`{print_expression(expr)}`" if found is None else f"{describe(found)}"
        return reject(Code.WRONG_KIND, f"expected {wanted}, found {what}", expr.span)

    def model(self, expr: ast.Expr) -> Model:
        """A declared model."""
        known = self.meaning(expr) if isinstance(expr, ast.Name) else None
        if not isinstance(known, Model):
            raise reject(Code.WRONG_KIND, f"`{print_expression(expr)}` is not a model", expr.span)
        return known

    def object_map(self, expr: ast.Expr) -> ObjectMapOf:
        """A declared functor between relations."""
        known = self.meaning(expr) if isinstance(expr, ast.Name) else None
        if isinstance(known, ObjectMapOf):
            return known
        if isinstance(expr, ast.Name) and known is None:
            raise self.unknown(expr, "a functor between relations", self.declared(ObjectMapOf))
        raise self.wrong_kind(expr, "a functor between relations", known if not isinstance(known, Model) else None)

    # --- numbers ----------------------------------------------------------------------------------

    def number(self, expr: ast.Expr) -> Expression:
        """A number, which may be symbolic or depend on a parameter."""
        return arithmetic(expr, self._number, apply)

    def _number(self, expr: ast.Expr) -> Expression:
        self.budget.spend(expr.span)
        if isinstance(expr, ast.Name | ast.Decimal) and is_numeral(expr):
            return numeral(expr)
        match expr:
            case ast.Name():
                known = self.meaning(expr)
                if isinstance(known, ParameterOf):
                    return known.unknown if known.value is None else Rational(known.value)
                if known is None:
                    raise self.unknown(expr, "a number or parameter", self.declared(ParameterOf))
                raise self.wrong_kind(expr, "a number", None if isinstance(known, Model) else known)
            case ast.Call(function=ast.Name(text=word)) if word in FUNCTIONS:
                return self.applied(expr, tuple(self.number(argument) for argument in expr.arguments))
            case _:
                raise self.wrong_kind(expr, "a number")

    def applied(self, call: ast.Call, operands: tuple[Expression, ...]) -> Expression:
        """``sqrt(2)``, ``exp(-1)``, ``log(2)``."""
        word = call.function.text if isinstance(call.function, ast.Name) else ""
        if call.keywords or len(operands) != 1:
            raise reject(Code.WRONG_ARGUMENTS, f"`{word}` takes one number", call.span)
        if parameters_of(operands[0]):
            raise reject(
                Code.WRONG_ARGUMENTS,
                f"a parameter stands in `{word}`",
                call.span,
                help=("with parameters there are only `+ - * /` and powers",),
            )
        return apply(FUNCTIONS[word], operands, call)

    def rational(self, expr: ast.Expr, what: str) -> Fraction:
        """A rational number that is known here.

        Args:
            what: for the complaint, such as ``a tolerance``.
        """
        value = self.number(expr)
        if isinstance(value, Rational):
            return value.value
        open_ = parameters_of(value)
        found = f"the parameter `{next(iter(open_))}`" if open_ else "a number that is not rational"
        raise reject(Code.WRONG_ARGUMENTS, f"{what} is a rational number here, not {found}", expr.span)

    def tolerance(self, expr: ast.Expr | None) -> Fraction:
        """The number behind ``within:`` where it has to be rational; 0 when it is left out."""
        return Fraction(0) if expr is None else not_negative(self.rational(expr, "a tolerance"), expr)

    def bound_of(self, expr: ast.Expr | None) -> Expression:
        """The number behind ``within``, which may be symbolic or depend on a parameter."""
        value = Rational(Fraction(0)) if expr is None else self.number(expr)
        if isinstance(value, Rational) and expr is not None:
            not_negative(value.value, expr)
        return value

    def natural(self, expr: ast.Expr, what: str) -> Expression:
        """A whole number from 0 on."""
        value = self.number(expr)
        if isinstance(value, Rational) and (value.value < 0 or value.value.denominator != 1):
            raise reject(Code.WRONG_ARGUMENTS, f"{what} is a whole number from 0 on", expr.span)
        return value

    # --- labels -----------------------------------------------------------------------------------

    def label(self, expr: ast.Expr) -> str:
        """The label that an object is written as, or that a variable stands for."""
        if not isinstance(expr, ast.Name):
            raise self.wrong_kind(expr, "an object")
        self.budget.spend(expr.span)
        return expr.text if expr.quoted else self.bound.get(expr.text, expr.text)

    def place(self, expr: ast.Expr, labels: tuple[str, ...], of: str) -> int:
        """The number of an object in a list of labels."""
        label = self.label(expr)
        place = self.places.of(labels).get(label)
        if place is None:
            raise no_object(label, expr.span, labels, of)
        return place

    def listed(self, expr: ast.Expr, labels: tuple[str, ...], of: str) -> tuple[int, ...]:
        """The numbers of the objects in a set, in its order; all that is wrong at once.

        Args:
            expr: ``{cat, dog}``; ``matching("img1*", …)``, the labels of some patterns; or ``part(m, "select")``, the
                objects in a part of a model's data.
        """
        match expr:
            case ast.Call(function=ast.Name(text="matching"), arguments=patterns):
                self.arguments(expr, range(1, len(labels) + 2))
                chosen = ast.SetLiteral(expr.span, tuple(map(_name, patterns)))
                return tuple(self.matching(chosen, labels, of) or ())
            case ast.Call(function=ast.Name(text="part")):
                return self._places_of_part(expr, labels, of)
            case _:
                pass
        if not isinstance(expr, ast.SetLiteral):
            raise self.wrong_kind(expr, "a set of objects such as `{cat, dog}`")
        found: dict[int, ast.Name] = {}
        wrong: list[Diagnostic] = []
        for name in expr.elements:
            try:
                place = self.place(name, labels, of)
            except Rejection as rejection:
                wrong += rejection.diagnostics
                continue
            if place in found:
                wrong.append(listed_twice(name, found[place]))
            found.setdefault(place, name)
        if wrong:
            raise Rejection(wrong)
        return tuple(found)

    def part(self, call: ast.Call) -> tuple[str, ...]:
        """``part(m, "select")``: the objects that the array ``split`` of a bundle, or another one, puts in a part."""
        named = self.arguments(call, (2,), ("array",))
        bundle, wanted = self.model(call.arguments[0]).bundle, _name(call.arguments[1])
        array = _name(named["array"]).text if "array" in named else "split"
        return members(bundle, wanted.text, array, at=wanted.span)

    def _places_of_part(self, call: ast.Call, labels: tuple[str, ...], of: str) -> tuple[int, ...]:
        found = self.part(call)
        places = self.places.permutation(found, labels)
        if places is None:
            strange = next(label for label in found if label not in self.places.of(labels))
            raise no_object(strange, call.span, labels, of)
        return tuple(places)

    def matching(self, expr: ast.Expr | None, labels: tuple[str, ...], of: str) -> list[int] | None:
        """The numbers of the labels that match one of some patterns, in their order; None when all labels count.

        Args:
            expr: a set of patterns of file names such as ``{"????", "*$"}``.
        """
        if expr is None:
            return None
        if not isinstance(expr, ast.SetLiteral) or not expr.elements:
            raise self.wrong_kind(expr, 'a set of patterns such as `{"????", "*$"}`')
        wrong: list[Diagnostic] = []
        chosen: set[int] = set()
        for name in expr.elements:
            found = [place for place, label in enumerate(labels) if fnmatchcase(label, name.text)]
            self.budget.spend(name.span)
            if not found:
                wrong += reject(
                    Code.UNKNOWN_NAME,
                    f"no label of `{of}` matches `{print_name(name)}`",
                    name.span,
                    help=("`*` stands for any text, `?` for one character, `[ab]` for one of these",),
                    notes=(f"the labels are {shown(labels)}",),
                ).diagnostics
            chosen.update(found)
        if wrong:
            raise Rejection(wrong)
        return sorted(chosen)

    # --- arguments --------------------------------------------------------------------------------

    def arguments(self, call: ast.Call, counts: Iterable[int], keywords: Iterable[str] = ()) -> dict[str, ast.Expr]:
        """The keyword arguments, when there are as many others as there may be.

        Raises:
            Rejection: there are not, or a keyword is not known or given twice; all of it at once.
        """
        word, known = print_expression(call.function), list(keywords)
        wrong: list[Rejection] = []
        if len(call.arguments) not in counts:
            wanted = " or ".join(map(str, counts))
            plural = "" if wanted == "1" else "s"
            given = len(call.arguments)
            wrong.append(
                reject(Code.WRONG_ARGUMENTS, f"`{word}` takes {wanted} argument{plural}, not {given}", call.span)
            )
        found: dict[str, ast.Expr] = {}
        for keyword in call.keywords:
            name = keyword.name.text
            if name not in known:
                help_ = suggestions(name, known) or (
                    (f"it takes {', '.join(f'`{k}:`' for k in known)}",) if known else ()
                )
                message = f"`{word}` takes no argument `{name}:`"
                wrong.append(reject(Code.WRONG_ARGUMENTS, message, keyword.span, help=help_))
            elif name in found:
                wrong.append(reject(Code.WRONG_ARGUMENTS, f"`{name}:` is given twice", keyword.span))
            found.setdefault(name, keyword.value)
        if wrong:
            raise Rejection(diagnostic for rejection in wrong for diagnostic in rejection.diagnostics)
        return found

    def metric(self, expr: ast.Expr | None) -> Metric:
        """``sup`` or ``tv``."""
        if expr is None:
            return Metric.SUP
        if isinstance(expr, ast.Name) and expr.text in ("sup", "tv"):
            return Metric(expr.text)
        raise reject(
            Code.WRONG_ARGUMENTS,
            f"`{print_expression(expr)}` is no metric",
            expr.span,
            help=("`sup` is the greatest difference, `tv` the total variation",),
        )


def _name(expr: ast.Expr) -> ast.Name:
    """A name in quotes, or without."""
    if isinstance(expr, ast.Name):
        return expr
    raise reject(Code.WRONG_KIND, 'expected a name in quotes, such as `"select"`', expr.span)


# --- complaints -----------------------------------------------------------------------------------


def mixed(name: ast.Name, meaning: Value) -> Rejection:
    """A finite category, or what lives on one, stands in a claim about relations."""
    return reject(
        Code.MIXED_CLAIM,
        f"`{name.text}` is {describe_finite(meaning)}, and what is said here is about relations",
        name.span,
        help=("write two claims: one about relations, one about categories",),
    )


def not_negative(value: Fraction, expr: ast.Expr) -> Fraction:
    """A tolerance.

    Raises:
        Rejection: it is negative.
    """
    if value < 0:
        raise reject(Code.WRONG_ARGUMENTS, "a tolerance is at least 0", expr.span, f"this is {value}")
    return value


def listed_twice(name: ast.Name, first: ast.Name) -> Diagnostic:
    """A label stands twice in a set of objects."""
    labels = (Label(first.span, "first listed here"),)
    message = f"`{name.text}` is listed twice"
    return Diagnostic(Code.DUPLICATE_NAME, message, Label(name.span, "listed again here"), labels)


def no_object(label: str, span: Span, labels: tuple[str, ...], of: str) -> Rejection:
    """A label that is not in a list."""
    return reject(
        Code.UNKNOWN_NAME,
        f"`{label}` is not an object of `{of}`",
        span,
        "not found",
        help=suggestions(label, labels),
        notes=(f"the objects are {shown(labels)}",),
    )


def shown(labels: tuple[str, ...]) -> str:
    """The first few labels of a list."""
    if not labels:
        return "none"
    more = f" and {len(labels) - SHOWN} more" if len(labels) > SHOWN else ""
    return ", ".join(f"`{label}`" for label in labels[:SHOWN]) + more
