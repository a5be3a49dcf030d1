"""Unknown things as function symbols: objects, arrows, elements, functors, transformations, with their laws.

One description serves what is given (constants), what is chosen for every value of some variables (obtained), and what
a quantifier binds: there a symbol without parameters is a variable, and the quantifier is of first order.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from formal.logic.formula import Quantifier
from formal.logic.theory import (
    Formula,
    Function,
    FunctionQuantified,
    Role,
    Telescope,
    Term,
    Variable,
    substitute_type,
)
from formal.statement.category import ArrowCase, ArrowOf, Category, ObjectOf
from formal.statement.functor import Functor, Table
from formal.statement.law import (
    exists,
    forall,
    is_identity,
    natural,
    preserves_composites,
    preserves_identities,
    undoes,
)
from formal.statement.point import (
    TRUE,
    Atom,
    Case,
    Cases,
    In,
    NotExpressible,
    Point,
    Tuple,
    conjunction,
    implication,
    substitute,
    substitute_formula,
)
from formal.statement.set_functor import SetFunctor
from formal.statement.transformation import Components, Maps, SetTransformation, Transformation
from formal.statement.value import ElementOf

Law = tuple[str, Formula]
"""The last part of an axiom's name, such as ``naturality``, and the formula."""


@dataclass(slots=True)
class Symbols:
    """Makes symbols.

    Args:
        role: of the function symbols.
        prefix: variables on which all of them depend.
        bound: whether symbols without parameters become variables.
    """

    role: Role
    prefix: Telescope = ()
    bound: bool = False
    made: list[Function | Variable] = field(default_factory=list)

    @property
    def functions(self) -> tuple[Function, ...]:
        """The function symbols made so far."""
        return tuple(symbol for symbol in self.made if isinstance(symbol, Function))

    def term(self, name: str, telescope: Telescope, like: Variable, found: dict[Variable, Term]) -> Term:
        """A new symbol applied to the variables of a telescope, of the type of a variable."""
        type_ = substitute_type(like.type, found)
        parameters = (*self.prefix, *telescope)
        if self.bound and not parameters:
            variable = Variable(name, type_)
            self.made.append(variable)
            return variable
        function = Function(name, parameters, type_, self.role)
        self.made.append(function)
        return function(*function.explicit)

    def point(self, name: str, telescope: Telescope, cases: Cases) -> tuple[Point, Formula]:
        """A new point of some cases, depending on a telescope; and the condition that it meets.

        Raises:
            NotExpressible: there is not exactly one case.
        """
        if len(cases) != 1:
            raise NotExpressible("it may be of several shapes" if cases else "there is none")
        (case,) = cases
        found: dict[Variable, Term] = {}
        for number, variable in enumerate(case.variables, 1):
            label = name if len(case.variables) == 1 else f"{name}.{number}"
            found[variable] = self.term(label, telescope, variable, found)
        return substitute(case.point, found), substitute_formula(case.condition, found)

    def quantify(self, quantifier: Quantifier, laws: Sequence[Law], body: Formula) -> Formula:
        """A quantifier (``forall`` or ``exists``) over all that was made, subject to laws."""
        premise = conjunction([formula for _, formula in laws])
        is_forall = quantifier is Quantifier.FORALL
        result = implication(premise, body) if is_forall else conjunction([premise, body])
        for symbol in reversed(_in_runs(self.made)):
            if isinstance(symbol[0], Function):
                functions = tuple(f for f in symbol if isinstance(f, Function))
                result = FunctionQuantified(quantifier, functions, result)
            else:
                variables = tuple(v for v in symbol if isinstance(v, Variable))
                result = forall(variables, result) if is_forall else exists(variables, result)
        return result


def _in_runs(made: list[Function | Variable]) -> list[list[Function | Variable]]:
    runs: list[list[Function | Variable]] = []
    for symbol in made:
        if runs and isinstance(runs[-1][0], Function) == isinstance(symbol, Function):
            runs[-1].append(symbol)
        else:
            runs.append([symbol])
    return runs


def shape_name(name: str, suffix: str, count: int, number: int, point: Point) -> str:
    """What the value on one shape of arguments is called: ``F.ob``, or ``F(a)`` for a constant a."""
    constant = label_of(point)
    if constant is not None:
        return f"{name}({constant})"
    stem = f"{name}.{suffix}" if suffix else name
    return stem if count == 1 else f"{stem}.{number + 1}"


def label_of(point: Point) -> str | None:
    """The label of a point that consists of constants only."""
    match point:
        case Atom(label=label):
            return label.removeprefix("(").removesuffix(")") if "->" in label else label
        case In(_, inner):
            return label_of(inner)
        case Tuple(parts):
            labels = [label_of(part) for part in parts]
            return None if None in labels else f"({', '.join(str(label) for label in labels)})"
        case _:
            return None


# --- objects, arrows, elements --------------------------------------------------------------------


def unknown_object(symbols: Symbols, name: str, category: Category) -> tuple[ObjectOf, list[Law]]:
    """An object of a category."""
    point, condition = symbols.point(name, (), category.objects(name))
    return ObjectOf(category, point), _when(condition)


def unknown_arrow(symbols: Symbols, name: str, category: Category, dom: Point, cod: Point) -> tuple[ArrowOf, list[Law]]:
    """An arrow between two objects."""
    point, condition = symbols.point(name, (), category.hom(dom, cod, name))
    return ArrowOf(category, dom, cod, point), _when(condition)


def unknown_element(symbols: Symbols, name: str, functor: SetFunctor, at: Point) -> tuple[ElementOf, list[Law]]:
    """An element of T(X)."""
    point, condition = symbols.point(name, (), functor.fibre(at, name))
    return ElementOf(functor, at, point), _when(condition)


def _when(condition: Formula) -> list[Law]:
    return [] if condition == TRUE else [("condition", condition)]


# --- functors -------------------------------------------------------------------------------------


def unknown_functor(symbols: Symbols, name: str, dom: Category, cod: Category) -> tuple[Table, list[Law]]:
    """A functor, with the laws ``identity`` and ``composition``."""
    _require_total(dom, *dom.objects(), *dom.arrows())
    conditions: list[Formula] = []
    objects = []
    shapes = dom.objects("X")
    for number, case in enumerate(shapes):
        label = shape_name(name, "ob", len(shapes), number, case.point)
        value, condition = symbols.point(label, case.variables, cod.objects(label))
        conditions.append(forall(case.variables, implication(case.condition, condition)))
        objects.append((case, value))
    without_arrows = Table(name, dom, cod, tuple(objects), ())
    arrows = []
    arrow_shapes = list(dom.arrows())
    for number, shape in enumerate(arrow_shapes):
        ends = (without_arrows.on_object(shape.arrow.dom), without_arrows.on_object(shape.arrow.cod))
        if is_identity(shape.arrow):
            arrows.append((shape, cod.identity(ends[0])))
            continue
        label = shape_name(name, "ar", len(arrow_shapes), number, shape.arrow.point)
        value, condition = symbols.point(label, shape.variables, cod.hom(*ends, label))
        conditions.append(forall(shape.variables, implication(shape.condition, condition)))
        arrows.append((shape, value))
    functor = Table(name, dom, cod, tuple(objects), tuple(arrows))
    return functor, [*_when(conjunction(conditions)), *functor_laws(functor)]


def functor_laws(functor: Functor) -> list[Law]:
    """Identities and composites are preserved."""
    found = [("identity", preserves_identities(functor)), ("composition", preserves_composites(functor))]
    return [(name, law) for name, law in found if law != TRUE]


# --- transformations ------------------------------------------------------------------------------


def unknown_transformation(
    symbols: Symbols,
    name: str,
    dom: Functor | SetFunctor,
    cod: Functor | SetFunctor,
    *,
    is_natural: bool = True,
    is_isomorphism: bool = False,
) -> tuple[Transformation | SetTransformation, list[Law]]:
    """A transformation or a family, perhaps with an inverse ``NAME^-1``.

    The laws are ``naturality``, and for an isomorphism ``inverse`` (first phi, then its inverse), ``inverse_first`` and
    ``inverse_naturality``.
    """
    phi, laws = family(symbols, name, dom, cod)
    if is_natural:
        laws += naturality_law(phi)
    if not is_isomorphism:
        return phi, laws
    back, conditions = family(symbols, f"{name}^-1", cod, dom)
    laws += [(f"inverse_{label}", law) for label, law in (*conditions, *(naturality_law(back) if is_natural else []))]
    laws += [("inverse", undoes(phi, back)), ("inverse_first", undoes(back, phi))]
    match phi, back:
        case Components(), Components():
            return Components(phi.title, phi.source, phi.target, phi.cases, back), laws
        case Maps(), Maps():
            return Maps(phi.title, phi.source, phi.target, phi.cases, back), laws
        case _:
            raise AssertionError


def naturality_law(phi: Transformation | SetTransformation) -> list[Law]:
    """Naturality, unless it holds by itself."""
    law = natural(phi)
    return [] if law == TRUE else [("naturality", law)]


def family(
    symbols: Symbols, name: str, dom: Functor | SetFunctor, cod: Functor | SetFunctor
) -> tuple[Components | Maps, list[Law]]:
    """Components, one for every object, or for every object and element; naturality is not asked for."""
    match dom, cod:
        case Functor(), Functor():
            return component_family(symbols, name, dom, cod)
        case SetFunctor(), SetFunctor():
            return map_family(symbols, name, dom, cod)
        case _:
            raise AssertionError


def component_family(symbols: Symbols, name: str, dom: Functor, cod: Functor) -> tuple[Components, list[Law]]:
    """An arrow F(X) -> G(X) for every X."""
    _require_total(dom.dom, *dom.dom.objects())
    cases = []
    conditions = []
    shapes = dom.dom.objects("X")
    for number, case in enumerate(shapes):
        ends = (dom.on_object(case.point), cod.on_object(case.point))
        label = shape_name(name, "", len(shapes), number, case.point)
        value, condition = symbols.point(label, case.variables, dom.cod.hom(*ends, label))
        conditions.append(forall(case.variables, implication(case.condition, condition)))
        cases.append((case, value))
    return Components(name, dom, cod, tuple(cases)), _when(conjunction(conditions))


def map_family(symbols: Symbols, name: str, dom: SetFunctor, cod: SetFunctor) -> tuple[Maps, list[Law]]:
    """A map S(X) -> T(X) for every X."""
    shapes = [(x, s) for x in dom.category.objects("X") for s in dom.fibre(x.point, "s")]
    _require_total(dom.category, *(x for x, _ in shapes))
    _require_total(dom, *(s for _, s in shapes))
    cases = []
    conditions = []
    for number, (x, s) in enumerate(shapes):
        telescope = (*x.variables, *s.variables)
        constant = label_of(s.point) if label_of(x.point) is None else label_of(Tuple((x.point, s.point)))
        label = f"{name}({constant})" if constant is not None and not telescope else name
        label = label if len(shapes) == 1 or label != name else f"{name}.{number + 1}"
        value, condition = symbols.point(label, telescope, cod.fibre(x.point, label))
        conditions.append(forall(telescope, implication(conjunction([x.condition, s.condition]), condition)))
        cases.append((x, s, value))
    return Maps(name, dom, cod, tuple(cases)), _when(conjunction(conditions))


def _require_total(of: Category | SetFunctor, *cases: Case | ArrowCase) -> None:
    """What is defined by cases is a function of their variables: the conditions, if there are any, must not matter.

    Raises:
        NotExpressible: they do.
    """
    if not of.has_normal_forms and any(case.condition != TRUE for case in cases):
        raise NotExpressible(f"what `{of.name}` consists of is subject to a condition")


# --- quantifiers ----------------------------------------------------------------------------------


def quantify(
    quantifier: Quantifier,
    make: Callable[[Symbols], tuple[object, list[Law]]],
    same: Callable[[object, object], Formula],
    body: Callable[[object], Formula],
) -> Formula:
    """A quantifier over unknown things of a kind; ``exists!`` says that there is one, and that any two are the same."""
    symbols = Symbols(Role.GIVEN, bound=True)
    thing, laws = make(symbols)
    if quantifier is not Quantifier.EXISTS_UNIQUE:
        return symbols.quantify(quantifier, laws, body(thing))
    existence = symbols.quantify(Quantifier.EXISTS, laws, body(thing))
    two = Symbols(Role.GIVEN, bound=True)
    first, first_laws = make(two)
    second, second_laws = make(two)
    premise = conjunction([body(first), body(second)])
    uniqueness = two.quantify(Quantifier.FORALL, [*first_laws, *second_laws], implication(premise, same(first, second)))
    return conjunction([existence, uniqueness])
