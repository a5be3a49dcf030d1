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
class Difference:
    """``A - B``."""

    span: Span
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Quotient:
    """``A / B``; of two integers it is a ``Decimal``."""

    span: Span
    left: Expr
    right: Expr


@dataclass(frozen=True, slots=True)
class Negative:
    """``-A``."""

    span: Span
    body: Expr


@dataclass(frozen=True, slots=True)
class Decimal:
    """``1/2``, ``0.05``: an exact rational, kept as written, but for blanks."""

    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Interval:
    """``[0, 1/2]``: all numbers from the first to the second."""

    span: Span
    lower: Expr
    upper: Expr


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
    """``a = b``, ``a != b``, ``a <= b``, ``<``, ``>=``, ``>``: ``operator`` in ASCII.

    ``tolerance`` is what stands behind ``within``: ``a = b within 1/100``.
    """

    span: Span
    operator: str
    left: Expr
    right: Expr
    tolerance: Expr | None = None


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
    | Difference
    | Quotient
    | Negative
    | Decimal
    | Interval
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

    Also ``relation`` and ``profunctor``, and ``weight … on R`` and ``coweight … on R``. ``kind`` is the keyword;
    ``base`` what stands after ``on``; ``dom`` and ``cod`` what stands after ``:``.
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
class Cell:
    """``cat -> pet = 0.9``: the entry of a relation or profunctor in a row and a column."""

    span: Span
    row: Name
    column: Name
    value: Expr


@dataclass(frozen=True, slots=True)
class RelationDecl:
    """``relation R on {cat, pet} over product { … }``, ``profunctor P from {a} to {u, v} over product { … }``.

    ``kind`` is the keyword; ``rows`` and ``columns`` what stands after ``on``, or after ``from`` and ``to``: sets of
    labels, or relations, and then ``quantale`` may be absent.
    """

    span: Span
    kind: str
    name: Name
    rows: Expr
    columns: Expr
    quantale: Name | None
    cells: tuple[Cell, ...]
    doc: str = ""


@dataclass(frozen=True, slots=True)
class WeightDecl:
    """``weight W on R { cat |-> 0.9, … }`` and ``coweight F on R { … }``; ``kind`` is the keyword."""

    span: Span
    kind: str
    name: Name
    base: Expr
    entries: tuple[Entry, ...]
    doc: str = ""


@dataclass(frozen=True, slots=True)
class NumberDecl:
    """``parameter p in [0, 1]``: a number that is left open."""

    span: Span
    name: Name
    range: Interval
    doc: str = ""


@dataclass(frozen=True, slots=True)
class ImportDecl:
    """``import "path.cat"``."""

    span: Span
    path: Name


@dataclass(frozen=True, slots=True)
class Role:
    """``unit eta`` after ``with``: the part of a larger given, and its name."""

    span: Span
    role: Name
    name: Name


@dataclass(frozen=True, slots=True)
class UniversalGiven:
    """Something given by a universal property, with names for its parts.

    ``adjunction F -| G with unit eta, counit epsilon`` or ``with transpose sharp, inverse flat`` (``left`` and
    ``right`` are the functors, ``names`` is empty); ``limit L of D with cone p``, ``colimit L of D with cocone i``
    (``of`` is the diagram, a functor); ``left_kan L of F along K with unit eta``, ``right_kan R of F along K with
    counit epsilon``, and ``pointwise_left_kan``, ``pointwise_right_kan``. ``kind`` is the first word.
    """

    span: Span
    kind: str
    names: tuple[Name, ...]
    left: Expr | None
    right: Expr | None
    of: Expr | None
    along: Expr | None
    roles: tuple[Role, ...]


Given = Parameter | UniversalGiven


@dataclass(frozen=True, slots=True)
class GivenClause:
    """``given category C, object X, Y in C, isomorphism phi: y(P) => T``.

    Beside the kinds of a definition's parameters: ``family`` (not necessarily natural) and ``isomorphism`` (an arrow
    with ``->``, a transformation with ``=>``: ``Parameter.kind`` is ``isomorphism arrow`` or ``isomorphism``).
    """

    span: Span
    givens: tuple[Given, ...]


@dataclass(frozen=True, slots=True)
class AssumeClause:
    """``assume NAME: FORMULA``, or without a name."""

    span: Span
    name: Name | None
    formula: Expr


@dataclass(frozen=True, slots=True)
class Description:
    """``the f: X -> Y. FORMULA``: the only one; that there is exactly one is an obligation."""

    span: Span
    binder: Binder
    body: Expr


@dataclass(frozen=True, slots=True)
class Rule:
    """``f |-> T(f)(u)``: what a construction does to a variable argument; ``typing`` for ``f: X -> Y |-> …``."""

    span: Span
    variable: Name
    typing: Typing | None
    value: Expr | Description


@dataclass(frozen=True, slots=True)
class LetClause:
    """A construction.

    ``let u := TERM`` (``rules`` empty, ``kind`` empty, ends optional: ``let f: X -> Y := …``);
    ``let psi: y(P) => T := f |-> T(f)(u)`` (``kind`` ``transformation``; or ``family``, whose naturality is no
    obligation); ``let functor H: C -> D := X |-> …, f: X -> Y |-> …`` (``kind`` ``functor``).
    A transformation or functor may also have a term for a value.
    """

    span: Span
    kind: str
    name: Name
    dom: Expr | None
    cod: Expr | None
    value: Expr | Description | None
    rules: tuple[Rule, ...]


@dataclass(frozen=True, slots=True)
class HaveClause:
    """``have NAME: FORMULA``, or without a name: a step, and an obligation."""

    span: Span
    name: Name | None
    formula: Expr


@dataclass(frozen=True, slots=True)
class ObtainClause:
    """``obtain m from universal(L, cocone)``; ``obtain G, e from dense`` chooses what a hypothesis says exists."""

    span: Span
    names: tuple[Name, ...]
    source: Expr


@dataclass(frozen=True, slots=True)
class ShowClause:
    """``show NAME: FORMULA``, or without a name."""

    span: Span
    name: Name | None
    formula: Expr


@dataclass(frozen=True, slots=True)
class AcceptClause:
    """``accept redundant(h): "reason"``: a finding of the audit that the author knows of; ``subject`` may be absent."""

    span: Span
    finding: Name
    subject: Name | None
    reason: Name


Clause = GivenClause | AssumeClause | LetClause | HaveClause | ObtainClause | ShowClause | AcceptClause


@dataclass(frozen=True, slots=True)
class TheoremDecl:
    """``theorem NAME { CLAUSES } expect VERDICT``; ``expect`` is None when left out (then proved is expected)."""

    span: Span
    name: Name
    clauses: tuple[Clause, ...]
    expect: Name | None
    doc: str = ""


@dataclass(frozen=True, slots=True)
class ByClause:
    """``by gaps_are_close``, ``by "L1"``: the theorem that licenses a cross-check, by its name or in words."""

    span: Span
    theorem: Name


@dataclass(frozen=True, slots=True)
class CheckClause:
    """``premise NAME: FORMULA``, ``ideal …``, ``own …``, ``predict FORMULA``, ``predict TERM in [a, b]``,
    ``measure TERM in TERM``.

    ``kind`` is the keyword; ``name`` may be absent; ``range`` what stands after ``in``.
    """

    span: Span
    kind: str
    name: Name | None
    body: Expr
    range: Expr | None = None


@dataclass(frozen=True, slots=True)
class Finding:
    """``agrees``, ``disagrees because "reason"``, ``not_comparable because "reason"``; ``word`` is the first one."""

    span: Span
    word: Name
    because: Name | None


@dataclass(frozen=True, slots=True)
class CrossCheckDecl:
    """``crosscheck NAME for T in {A, B} over m in {seed0, seed1} { CLAUSES } expect disagrees because "reason"``.

    ``tasks`` are the variables after ``for``, ``models`` the one after ``over``; ``expect`` is None when left out
    (then agreement is expected).
    """

    span: Span
    name: Name
    tasks: tuple[Membership, ...]
    models: Membership | None
    clauses: tuple[ByClause | CheckClause, ...]
    expect: Finding | None
    doc: str = ""


Declaration = (
    ImportDecl
    | CategoryDecl
    | Alias
    | FunctorDecl
    | SetFunctorDecl
    | TransformationDecl
    | DefineDecl
    | ClaimDecl
    | TheoremDecl
    | ModelDecl
    | RelationDecl
    | WeightDecl
    | NumberDecl
    | CrossCheckDecl
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
