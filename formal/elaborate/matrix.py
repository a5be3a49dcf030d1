"""Terms that stand for matrices: arrays of models, composites, closures, restrictions, Kan extensions.

Each construction is a function in the table ``MATRICES``; its docstring is its definition.

Source: Kelly 1982, Basic concepts of enriched category theory, chapters 1, 3, 4.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction

from formal.bundle.matrix import features as features_of
from formal.bundle.matrix import matrix as matrix_of
from formal.bundle.matrix import vector as vector_of
from formal.elaborate.reader import Reader
from formal.elaborate.relation import (
    MOST_ENTRIES,
    POINT,
    Kind,
    MatrixOf,
    ObjectMapOf,
    composed,
    opposite,
    selected,
    turned,
)
from formal.elaborate.scope import Model, reject
from formal.enriched.formula import AtLeast, Closure, Composite, Given, Residual
from formal.quantale import Quantale
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code, Rejection

VECTORS = (Kind.WEIGHT, Kind.COWEIGHT)


def matrix(reader: Reader, expr: ast.Expr, *kinds: Kind) -> MatrixOf:
    """The matrix that a term stands for.

    Args:
        kinds: what it may be; anything when left out.
    Raises:
        Rejection: it is no matrix, or of none of these kinds.
    """
    value = _sized(_matrix(reader, expr), expr)
    if kinds and value.kind not in kinds:
        wanted = " or ".join(dict.fromkeys(f"a {kind}" for kind in kinds))
        variance = value.kind in VECTORS and set(kinds) & set(VECTORS)
        if variance:
            raise wrong_variance(value, kinds[0], expr)
        raise reject(Code.WRONG_KIND, f"expected {wanted}, found a {value.kind}", expr.span)
    return value


def is_matrix(reader: Reader, expr: ast.Expr) -> bool:
    """Whether a term stands for a matrix, judged by its outermost word."""
    match expr:
        case ast.Compose():
            return True
        case ast.Name():
            return not expr.quoted and isinstance(reader.meaning(expr), MatrixOf)
        case ast.Call(function=ast.Name() as word):
            return word.text in MATRICES and reader.meaning(word) is None
        case _:
            return False


def _matrix(reader: Reader, expr: ast.Expr) -> MatrixOf:
    reader.budget.spend(expr.span)
    match expr:
        case ast.Name():
            known = reader.meaning(expr)
            if isinstance(known, MatrixOf):
                return known
            if isinstance(known, Model):
                raise reject(
                    Code.WRONG_KIND,
                    f"`{expr.text}` is a model, not a relation",
                    expr.span,
                    help=(f"`relation_of({expr.text})` is its relation",),
                )
            if known is not None:
                raise reader.wrong_kind(expr, "a relation", known)
            raise reader.unknown(expr, "a relation, weight or coweight", reader.declared(MatrixOf))
        case ast.Compose():
            return _chain(reader, expr)
        case ast.Call(function=ast.Name() as word):
            construction = MATRICES.get(word.text)
            if construction is not None and reader.meaning(word) is None:
                return construction(reader, expr)
            raise reader.unknown(word, "a construction of matrices", MATRICES)
        case _:
            raise reader.wrong_kind(expr, "a relation, weight or coweight")


def _sized(value: MatrixOf, expr: ast.Expr) -> MatrixOf:
    entries = len(value.rows) * len(value.columns)
    if entries > MOST_ENTRIES:
        raise reject(
            Code.BUDGET_EXCEEDED,
            f"the matrix has {len(value.rows)} rows and {len(value.columns)} columns: {entries} entries, "
            f"more than {MOST_ENTRIES}",
            expr.span,
            help=("restrict it to some of its objects before it is saved",),
        )
    return value


# --- what fits together ---------------------------------------------------------------------------


def wrong_variance(found: MatrixOf, wanted: Kind, expr: ast.Expr) -> Rejection:
    """A weight stands where a coweight is needed, or the other way round."""
    side = "columns" if found.kind is Kind.COWEIGHT else "rows"
    return reject(
        Code.WRONG_VARIANCE,
        f"expected a {wanted}, but `{print_expression(expr)}` is a {found.kind}",
        expr.span,
        f"has an entry for each of the {side}",
        help=(f"`opposite({print_expression(expr)})` is a {wanted}, on the opposite relation",),
    )


def require_quantale(first: MatrixOf, second: MatrixOf, expr: ast.Expr) -> None:
    """Both have values in one quantale.

    Raises:
        Rejection: they have not.
    """
    if first.quantale is not second.quantale:
        raise reject(
            Code.QUANTALE_MISMATCH,
            f"`{first.name}` has values in `{first.quantale.value}`, `{second.name}` in `{second.quantale.value}`",
            expr.span,
        )


def aligned(
    reader: Reader, value: MatrixOf, rows: tuple[str, ...] | None, columns: tuple[str, ...] | None, expr: ast.Expr
) -> MatrixOf:
    """The matrix with its rows and columns in the order of some labels; where None is given, as they are.

    Raises:
        Rejection: it has not the same labels.
    """
    chosen: list[list[int] | None] = []
    for wanted, labels, side in ((rows, value.rows, "rows"), (columns, value.columns, "columns")):
        if wanted is None or wanted == labels:
            chosen.append(None)
            continue
        found = reader.places.permutation(wanted, labels) if len(wanted) == len(labels) else None
        if found is None:
            strange = next((label for label in labels if label not in reader.places.of(wanted)), None)
            missing = next((label for label in wanted if label not in reader.places.of(labels)), None)
            notes = [f"`{strange}` is one of its {side} only"] if strange is not None else []
            notes += [f"`{missing}` is none of its {side}"] if missing is not None else []
            raise reject(
                Code.WRONG_SHAPE,
                f"`{value.name}` has other {side} than it should have: {len(labels)} instead of {len(wanted)}"
                if len(labels) != len(wanted)
                else f"`{value.name}` has other {side} than it should have",
                expr.span,
                notes=notes,
            )
        chosen.append(found)
    return selected(value, *chosen)


def _chain(reader: Reader, expr: ast.Compose) -> MatrixOf:
    """``R >> S >> W``, from the left."""
    parts: list[ast.Expr] = []
    node: ast.Expr = expr
    while isinstance(node, ast.Compose) and node.applicative == expr.applicative:
        parts.append(node.first if node.applicative else node.second)
        node = node.second if node.applicative else node.first
    parts.append(node)
    ordered, name = parts if expr.applicative else parts[::-1], print_expression(expr)
    result = matrix(reader, ordered[0])
    for part in ordered[1:]:
        after = matrix(reader, part)
        require_quantale(result, after, part)
        after = aligned(reader, after, result.columns, None, part)
        result = _squared(reader, composed(result, after, name))
    return result


def _squared(reader: Reader, value: MatrixOf) -> MatrixOf:
    """A profunctor from some objects to the same ones in another order is a relation, the order being that of rows."""
    if value.kind is not Kind.PROFUNCTOR or len(value.rows) != len(value.columns):
        return value
    found = reader.places.permutation(value.rows, value.columns)
    return value if found is None else replace(selected(value, None, found), kind=Kind.RELATION)


# --- models ---------------------------------------------------------------------------------------


def _quantale(expr: ast.Expr | None) -> Quantale | None:
    if expr is None:
        return None
    return quantale(expr)


def quantale(expr: ast.Expr) -> Quantale:
    """A quantale by its word.

    Raises:
        Rejection: it is none.
    """
    words = [one.value for one in Quantale]
    if isinstance(expr, ast.Name) and expr.text in words:
        return Quantale(expr.text)
    raise reject(
        Code.UNKNOWN_NAME,
        f"`{print_expression(expr)}` is no quantale",
        expr.span,
        help=("there are " + ", ".join(f"`{word}`" for word in words),),
    )


def _text(expr: ast.Expr | None, default: str | None = None) -> str | None:
    if expr is None:
        return default
    if isinstance(expr, ast.Name):
        return expr.text
    raise reject(Code.WRONG_KIND, 'expected a name in quotes, such as `"relation"`', expr.span)


def _relation_of(reader: Reader, call: ast.Call) -> MatrixOf:
    """``relation_of(m)``: the array ``relation`` of a model's bundle, or another one; one move of a graded one."""
    named = reader.arguments(call, (1,), ("array", "move", "quantale"))
    bundle = reader.model(call.arguments[0]).bundle
    array, move = _text(named.get("array"), "relation") or "relation", _text(named.get("move"))
    chosen = _quantale(named.get("quantale"))
    found = reader.workshop.once(
        lambda: matrix_of(bundle, array, move=move, quantale=chosen, at=call.span),
        *("array", bundle, array, move, chosen),
    )
    kind = Kind.RELATION if found.rows == found.columns else Kind.PROFUNCTOR
    return _array(found.name, kind, found)


def _array(name: str, kind: Kind, found: Given) -> MatrixOf:
    return MatrixOf(name, kind, found.quantale, found.rows, found.columns, found)


def task(reader: Reader, call: ast.Call, kind: Kind | None = None, base: MatrixOf | None = None) -> MatrixOf:
    """``task(m, "name")``: a weight along the rows, or a coweight along the columns, of a model's relation.

    Args:
        kind: what it is declared as, if it is.
        base: what it is declared on.
    """
    reader.arguments(call, (2,))
    bundle = reader.model(call.arguments[0]).bundle
    name = _text(call.arguments[1]) or ""
    covariant = None if kind is None else kind is Kind.COWEIGHT
    chosen = None if base is None else base.quantale
    found = reader.workshop.once(
        lambda: vector_of(bundle, name, covariant=covariant, quantale=chosen, at=call.span),
        *("task", bundle, name, covariant, chosen),
    )
    return _array(name, Kind.COWEIGHT if found.rows == (POINT,) else Kind.WEIGHT, found)


def _features(reader: Reader, call: ast.Call) -> MatrixOf:
    """``features(m, "embedding")``: a row of numbers for each object."""
    reader.arguments(call, (2,))
    bundle, name = reader.model(call.arguments[0]).bundle, _text(call.arguments[1]) or ""
    found = reader.workshop.once(lambda: features_of(bundle, name, at=call.span), "features", bundle, name)
    return _array(name, Kind.FEATURES, found)


# --- constructions --------------------------------------------------------------------------------


def _relation(reader: Reader, expr: ast.Expr) -> MatrixOf:
    return matrix(reader, expr, Kind.RELATION)


def _between(reader: Reader, expr: ast.Expr) -> MatrixOf:
    return matrix(reader, expr, Kind.RELATION, Kind.PROFUNCTOR)


def _closure(reader: Reader, call: ast.Call) -> MatrixOf:
    """``closure(R)``: the free category on R, the join of all composites along paths."""
    reader.arguments(call, (1,))
    value = _relation(reader, call.arguments[0])
    return replace(value, name=print_expression(call), matrix=Closure(value.matrix))


def _opposite(reader: Reader, call: ast.Call) -> MatrixOf:
    """``opposite(R)``: rows and columns exchanged."""
    reader.arguments(call, (1,))
    return replace(opposite(matrix(reader, call.arguments[0])), name=print_expression(call))


def _restrict(reader: Reader, call: ast.Call) -> MatrixOf:
    """``restrict(R, {a, b})``: to some objects; ``restrict(Phi, rows: {a, b}, columns: {u})``."""
    named = reader.arguments(call, (1, 2), ("rows", "columns"))
    value = matrix(reader, call.arguments[0])
    if len(call.arguments) == 1:
        if not named:
            raise reject(Code.WRONG_ARGUMENTS, "`restrict` is to some objects, `rows:` or `columns:`", call.span)
        single = {Kind.WEIGHT: "columns", Kind.COWEIGHT: "rows"}.get(value.kind)
        if single is not None and single in named:
            message = f"`{value.name}` is a {value.kind}: it has one of the {single}, and no objects there"
            raise reject(Code.WRONG_ARGUMENTS, message, named[single].span)
        rows = reader.listed(named["rows"], value.rows, value.name) if "rows" in named else None
        columns = reader.listed(named["columns"], value.columns, value.name) if "columns" in named else None
        result = selected(value, rows, columns)
        kind = Kind.PROFUNCTOR if value.kind is Kind.RELATION and result.rows != result.columns else value.kind
        base = _restricted_base(value, columns if value.kind is Kind.COWEIGHT else rows)
        return replace(result, name=print_expression(call), kind=kind, base=base)
    if named:
        raise reject(Code.WRONG_ARGUMENTS, "`restrict` is to a set of objects, or to `rows:` and `columns:`", call.span)
    if value.kind in (Kind.PROFUNCTOR, Kind.FEATURES):
        raise reject(
            Code.WRONG_ARGUMENTS,
            f"`{value.name}` has two lists of objects",
            call.span,
            help=("say which: `rows: {…}`, `columns: {…}`",),
        )
    objects = reader.listed(call.arguments[1], value.labels, value.name)
    rows = None if value.kind is Kind.COWEIGHT else objects
    columns = None if value.kind is Kind.WEIGHT else objects
    return replace(selected(value, rows, columns), name=print_expression(call), base=_restricted_base(value, objects))


def _restricted_base(value: MatrixOf, objects: tuple[int, ...] | None) -> MatrixOf | None:
    """What the restriction of a vector is on."""
    base = value.base
    if base is None or objects is None:
        return base
    if base.kind is Kind.RELATION:
        return selected(base, objects, objects)
    return selected(base, objects) if value.kind is Kind.WEIGHT else selected(base, None, objects)


def _at_least(reader: Reader, call: ast.Call) -> MatrixOf:
    """``at_least(R, 1/2)``: which entries are at least a level, in the order of the quantale: Boolean."""
    reader.arguments(call, (2,))
    value = matrix(reader, call.arguments[0])
    level = reader.rational(call.arguments[1], "a level")
    if not value.quantale.contains(level):
        raise not_in_quantale(value.quantale, str(level), call.arguments[1])
    return replace(
        value,
        name=print_expression(call),
        quantale=Quantale.BOOLEAN,
        matrix=AtLeast(value.matrix, level),
        base=None if value.base is None else _levelled(value.base, level),
    )


def _levelled(base: MatrixOf, level: Fraction) -> MatrixOf:
    name = f"at_least({base.name}, {level})"
    return replace(base, name=name, quantale=Quantale.BOOLEAN, matrix=AtLeast(base.matrix, level))


def _residual(reader: Reader, call: ast.Call) -> MatrixOf:
    r"""``residual(A, R)``: ``(A \ R)(y, z) = meet over x of [A(x, y), R(x, z)]``, the greatest X with A X at most R."""
    reader.arguments(call, (2,))
    first, second = (matrix(reader, argument) for argument in call.arguments)
    require_quantale(first, second, call.arguments[1])
    second = aligned(reader, second, first.rows, None, call.arguments[1])
    found = Residual(first.matrix, second.matrix)
    name = print_expression(call)
    if first.kind is Kind.WEIGHT and second.kind is not Kind.WEIGHT:
        return MatrixOf(name, Kind.COWEIGHT, first.quantale, (POINT,), second.columns, found, second)
    kind = Kind.RELATION if first.columns == second.columns else Kind.PROFUNCTOR
    if second.kind is Kind.WEIGHT and first.kind is not Kind.WEIGHT:
        kind = Kind.WEIGHT
    return _squared(reader, MatrixOf(name, kind, first.quantale, first.columns, second.columns, found))


def column_of(value: MatrixOf, place: int, name: str) -> MatrixOf:
    """The weight ``x |-> value(x, place)``."""
    found = selected(value, None, (place,)).matrix
    return MatrixOf(name, Kind.WEIGHT, value.quantale, value.rows, (POINT,), found, value)


def row_of(value: MatrixOf, place: int, name: str) -> MatrixOf:
    """The coweight ``y |-> value(place, y)``."""
    found = selected(value, (place,), None).matrix
    return MatrixOf(name, Kind.COWEIGHT, value.quantale, (POINT,), value.columns, found, value)


def _take_for_category(reader: Reader, call: ast.Call, value: MatrixOf) -> None:
    """What is called represented is a presheaf on a category; a column is one of any matrix."""
    word = print_expression(call.function)
    if word in ("represented", "corepresented"):
        reader.take_for_category(word, call.arguments[0].span, value)


def _column(reader: Reader, call: ast.Call) -> MatrixOf:
    """``represented(R, cat)``, ``column(Phi, u)``: the weight R(-, cat)."""
    reader.arguments(call, (2,))
    value = _between(reader, call.arguments[0])
    _take_for_category(reader, call, value)
    return column_of(value, reader.place(call.arguments[1], value.columns, value.name), print_expression(call))


def _row(reader: Reader, call: ast.Call) -> MatrixOf:
    """``corepresented(R, cat)``, ``row(Phi, a)``: the coweight R(cat, -)."""
    reader.arguments(call, (2,))
    value = _between(reader, call.arguments[0])
    _take_for_category(reader, call, value)
    return row_of(value, reader.place(call.arguments[1], value.rows, value.name), print_expression(call))


# --- Kan extensions -------------------------------------------------------------------------------


def vector_and_map(reader: Reader, of: ast.Expr, along: ast.Expr) -> tuple[MatrixOf, ObjectMapOf]:
    """A weight or coweight on the domain of a functor, and the functor.

    Raises:
        Rejection: they do not fit.
    """
    value, functor = matrix(reader, of, Kind.COWEIGHT, Kind.WEIGHT), reader.object_map(along)
    require_quantale(value, functor.cod, of)
    labels = functor.dom.rows
    rows, columns = (None, labels) if value.kind is Kind.COWEIGHT else (labels, None)
    return aligned(reader, value, rows, columns, of), functor


def lan(value: MatrixOf, functor: ObjectMapOf, name: str) -> MatrixOf:
    """``(Lan_K F)(e) = join over c of E(Kc, e) (x) F(c)`` for a coweight; for a weight with ``E(e, Kc)``."""
    base = functor.cod
    if value.kind is Kind.COWEIGHT:
        along = selected(base, functor.images, None).matrix
        return MatrixOf(
            name, Kind.COWEIGHT, value.quantale, (POINT,), base.columns, Composite(value.matrix, along), base
        )
    along = selected(base, None, functor.images).matrix
    return MatrixOf(name, Kind.WEIGHT, value.quantale, base.rows, (POINT,), Composite(along, value.matrix), base)


def ran(value: MatrixOf, functor: ObjectMapOf, name: str) -> MatrixOf:
    """``(Ran_K F)(e) = meet over c of [E(e, Kc), F(c)]`` for a coweight; for a weight with ``E(Kc, e)``."""
    base = functor.cod
    if value.kind is Kind.COWEIGHT:
        along = turned(selected(base, None, functor.images).matrix)
        found = turned(Residual(along, turned(value.matrix)))
        return MatrixOf(name, Kind.COWEIGHT, value.quantale, (POINT,), base.columns, found, base)
    along = selected(base, functor.images, None).matrix
    return MatrixOf(name, Kind.WEIGHT, value.quantale, base.rows, (POINT,), Residual(along, value.matrix), base)


Extension = Callable[[MatrixOf, ObjectMapOf, str], MatrixOf]
EXTENSIONS: dict[str, Extension] = {"lan": lan, "ran": ran}
"""The Kan extensions by their words."""


def extension(reader: Reader, word: str, of: ast.Expr, along: ast.Expr) -> MatrixOf:
    """``lan(F, along: K)`` or ``ran(F, along: K)``; explanations call it so.

    Raises:
        Rejection: F is no weight or coweight on the domain of K.
    """
    name = f"{word}({print_expression(of)}, along: {print_expression(along)})"
    value, functor = vector_and_map(reader, of, along)
    reader.take_for_category(word, along.span, functor.cod)
    reader.take_for_presheaf(word, of.span, value, functor.dom)
    found = EXTENSIONS[word](value, functor, name)
    reader.called.append((found.matrix, name))
    return found


def _extended(word: str) -> Callable[[Reader, ast.Call], MatrixOf]:
    def build(reader: Reader, call: ast.Call) -> MatrixOf:
        named = reader.arguments(call, (1,), ("along",))
        if "along" not in named:
            raise reject(Code.WRONG_ARGUMENTS, f"`{word}` is `along:` a functor", call.span)
        return extension(reader, word, call.arguments[0], named["along"])

    side = {"lan": "left", "ran": "right"}[word]
    build.__doc__ = f"``{word}(F, along: K)``: the {side} Kan extension. {EXTENSIONS[word].__doc__}"
    return build


MATRICES: dict[str, Callable[[Reader, ast.Call], MatrixOf]] = {
    "relation_of": _relation_of,
    "task": task,
    "features": _features,
    "closure": _closure,
    "opposite": _opposite,
    "restrict": _restrict,
    "at_least": _at_least,
    "residual": _residual,
    "represented": _column,
    "corepresented": _row,
    "column": _column,
    "row": _row,
    "lan": _extended("lan"),
    "ran": _extended("ran"),
}
"""The constructions by their words."""


def not_in_quantale(quantale: Quantale, value: str, expr: ast.Expr) -> Rejection:
    """A number is no value of a quantale."""
    carriers = {Quantale.BOOLEAN: "0 and 1", Quantale.LAWVERE: "the numbers from 0 on, and `infinity`"}
    carrier = carriers.get(quantale, "the numbers from 0 to 1")
    return reject(
        Code.NOT_IN_QUANTALE,
        f"`{value}` is no value of the quantale `{quantale.value}`",
        expr.span,
        notes=(f"its values are {carrier}",),
    )
