"""The syntax tree of a proof script: frozen data, one node a grammar rule, every node with its span.

Terms and formulas share one expression grammar; which is which is found out by elaboration.
"""

from __future__ import annotations

from dataclasses import dataclass

from formal.text import Source, Span

# --- expressions ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Name:
    """A name, an integer, a ``"quoted label"`` (text without quotes, ``quoted`` true), or ``*``."""

    span: Span
    text: str
    quoted: bool = False


@dataclass(frozen=True, slots=True)
class Qualified:
    """``Shop::placed_by``."""

    span: Span
    scope: Name
    name: Name


@dataclass(frozen=True, slots=True)
class Placeholder:
    """The ``-`` in ``hom(P, -)``."""

    span: Span


@dataclass(frozen=True, slots=True)
class Keyword:
    """A keyword argument ``by: P``."""

    span: Span
    name: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class Call:
    """``F(X)``, ``T(f)(t)``, ``id(X)``, ``mono(f)``, ``op(C)``, ``representable(T, by: P)``."""

    span: Span
    function: Expr
    arguments: tuple[Expr, ...]
    keywords: tuple[Keyword, ...] = ()


@dataclass(frozen=True, slots=True)
class Compose:
    """``first >> second``, also written ``second ∘ first`` (then ``applicative``)."""

    span: Span
    first: Expr
    second: Expr
    applicative: bool = False


@dataclass(frozen=True, slots=True)
class Power:
    """``f^3``, ``f^-1``."""

    span: Span
    base: Expr
    exponent: int


@dataclass(frozen=True, slots=True)
class TheArrow:
    """``(X -> Y)``: the only arrow from X to Y."""

    span: Span
    dom: Expr
    cod: Expr


@dataclass(frozen=True, slots=True)
class Product:
    """``A * B``."""

    span: Span
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Sum:
    """``A + B``."""

    span: Span
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Decimal:
    """``1/2``, ``0.05``: an exact rational, kept as written."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class SetLiteral:
    """``{cat, dog}``, ``{}``, ``{*}``."""

    span: Span
    elements: tuple[Name, ...]


@dataclass(frozen=True, slots=True)
class Maplet:
    """``tom |-> cat`` inside a map."""

    span: Span
    source: Name
    target: Name


@dataclass(frozen=True, slots=True)
class MapLiteral:
    """``{tom |-> cat, rex |-> dog}``."""

    span: Span
    maplets: tuple[Maplet, ...]


@dataclass(frozen=True, slots=True)
class Poset:
    """``poset(a < b < d, a < c < d, e)``: chains of names, each at least one long."""

    span: Span
    chains: tuple[tuple[Name, ...], ...]


@dataclass(frozen=True, slots=True)
class Monoid:
    """``monoid { e a b; a: a e ...}``: see the grammar; ``rows[i][j]`` is ``elements[i] >> elements[j]``."""

    span: Span
    elements: tuple[Name, ...]
    rows: tuple[tuple[Name, ...], ...]


@dataclass(frozen=True, slots=True)
class Not:
    """``not A``."""

    span: Span
    body: Expr


@dataclass(frozen=True, slots=True)
class Connective:
    """``A and B``, ``or``, ``implies``, ``iff``: ``operator`` is the ASCII word. ``and`` and ``or`` are left-nested."""

    span: Span
    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Comparison:
    """``a = b``, ``a != b``, ``a <= b``: ``operator`` in ASCII."""

    span: Span
    operator: str
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Membership:
    """``X in C`` or ``t in T(X)``: a binder; several names share a range, ``X, Y in C``."""

    span: Span
    names: tuple[Name, ...]
    range: Expr


@dataclass(frozen=True, slots=True)
class Typing:
    """A binder: ``f: X -> Y`` (arrow), ``phi: S => T`` (transformation), ``functor F: C -> D``; ``kind`` says which."""

    span: Span
    kind: str
    names: tuple[Name, ...]
    dom: Expr
    cod: Expr


Binder = Membership | Typing


@dataclass(frozen=True, slots=True)
class Quantified:
    """``forall X in C, f: X -> Y. BODY``: ``quantifier`` is ``forall``, ``exists`` or ``exists!``."""

    span: Span
    quantifier: str
    binders: tuple[Binder, ...]
    body: Expr


Expr = (
    Name
    | Qualified
    | Placeholder
    | Call
    | Compose
    | Power
    | TheArrow
    | Product
    | Sum
    | Decimal
    | SetLiteral
    | MapLiteral
    | Poset
    | Monoid
    | Not
    | Connective
    | Comparison
    | Quantified
)

# --- declarations ---------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class ArrowDecl:
    """``f, g: X -> Y``."""

    span: Span
    names: tuple[Name, ...]
    dom: Name
    cod: Name


@dataclass(frozen=True, slots=True)
class EquationDecl:
    """``a >> b = c >> d = e``: at least two sides, all equal."""

    span: Span
    sides: tuple[Expr, ...]


@dataclass(frozen=True, slots=True)
class CategoryDecl:
    """``category NAME { objects … arrows … equations … }``; the three clauses may repeat, in any order."""

    span: Span
    name: Name
    objects: tuple[Name, ...]
    arrows: tuple[ArrowDecl, ...]
    equations: tuple[EquationDecl, ...]
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Alias:
    """``category NAME = EXPR``, also ``functor``, ``presheaf … on C``, ``copresheaf … on C``, ``transformation``.

    ``kind`` is the keyword; ``base`` what stands after ``on``; ``dom`` and ``cod`` what stands after ``:``.
    """

    span: Span
    kind: str
    name: Name
    value: Expr
    base: Expr | None = None
    dom: Expr | None = None
    cod: Expr | None = None
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """``key |-> value``: objects to objects, sets or maps, arrows to arrows or maps."""

    span: Span
    key: Expr
    value: Expr


@dataclass(frozen=True, slots=True)
class FunctorDecl:
    """``functor F: C -> D { … }``."""

    span: Span
    name: Name
    dom: Expr
    cod: Expr
    entries: tuple[Entry, ...]
    doc: str = ""


@dataclass(frozen=True, slots=True)
class SetFunctorDecl:
    """``presheaf T on C { … }`` and ``copresheaf F on C { … }``; ``kind`` is the keyword."""

    span: Span
    kind: str
    name: Name
    base: Expr
    entries: tuple[Entry, ...]
    doc: str = ""


@dataclass(frozen=True, slots=True)
class TransformationDecl:
    """``transformation phi: S => T { … }``; with the keyword ``family`` (``kind``) naturality is not demanded."""

    span: Span
    kind: str
    name: Name
    dom: Expr
    cod: Expr
    entries: tuple[Entry, ...]
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a definition.

    ``kind`` is ``category``, ``object``, ``arrow``, ``element``, ``functor``, ``presheaf``, ``copresheaf``,
    ``transformation``. ``base``: after ``on`` or ``in``; ``dom`` and ``cod``: after ``:``. Names first seen in
    ``base``, ``dom`` or ``cod`` are inferred from the argument.
    """

    span: Span
    kind: str
    names: tuple[Name, ...]
    base: Expr | None = None
    dom: Expr | None = None
    cod: Expr | None = None


@dataclass(frozen=True, slots=True)
class DefineDecl:
    """``define NAME(parameters) := FORMULA``."""

    span: Span
    name: Name
    parameters: tuple[Parameter, ...]
    body: Expr
    doc: str = ""


@dataclass(frozen=True, slots=True)
class ClaimDecl:
    """``claim NAME: FORMULA expect VERDICT``; ``expect`` is None when left out (then proved is expected)."""

    span: Span
    name: Name
    formula: Expr
    expect: Name | None
    doc: str = ""


@dataclass(frozen=True, slots=True)
class ModelDecl:
    """``model NAME from "file.safetensors"``; ``path`` is the text in quotes."""

    span: Span
    name: Name
    path: Name
    doc: str = ""


@dataclass(frozen=True, slots=True)
class ImportDecl:
    """``import "path.cat"``."""

    span: Span
    path: Name


Declaration = (
    ImportDecl
    | CategoryDecl
    | Alias
    | FunctorDecl
    | SetFunctorDecl
    | TransformationDecl
    | DefineDecl
    | ClaimDecl
    | ModelDecl
)


@dataclass(frozen=True, slots=True)
class Comment:
    """A ``#`` comment, its text without the line break; ``##`` comments too."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Script:
    """A whole file, with the comments that the formatter keeps."""

    source: Source
    declarations: tuple[Declaration, ...]
    comments: tuple[Comment, ...]
