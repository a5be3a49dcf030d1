"""From expressions to text, with the fewest parentheses with which the text is read as the same expression."""

from __future__ import annotations

from typing import TypeAlias, assert_never

from formal.syntax import ast
from formal.syntax.spelling import spell

# How tightly the rules of the grammar bind, loosest first.
_IFF, _IMPLIES, _OR, _AND, _NOT, _COMPARISON, _SUM, _PRODUCT, _SIGNED, _COMPOSE, _POWER, _POSTFIX = range(12)
_CONNECTIVE = {"iff": _IFF, "implies": _IMPLIES, "or": _OR, "and": _AND}
_CONNECTIVE_TERMINAL = {"iff": "IFF", "implies": "IMPLIES", "or": "OR", "and": "AND"}
_COMPARISON_TERMINAL = {
    "=": "EQUAL",
    "!=": "NOT_EQUAL",
    "<=": "AT_MOST",
    ">=": "AT_LEAST",
    "<": "LESS",
    ">": "GREATER",
}
_QUANTIFIER_TERMINAL = {"forall": "FORALL", "exists": "EXISTS", "exists!": "EXISTS_UNIQUE"}

_Place: TypeAlias = tuple[ast.Expr, int, bool]
"""An expression, how tightly it has to bind, and whether something follows that a quantifier would swallow."""
_Piece: TypeAlias = str | _Place


def print_expression(expr: ast.Expr, *, unicode: bool = False) -> str:
    """The text of an expression, on one line; reading it gives the expression again.

    Args:
        expr: any expression, nested as deeply as one likes.
        unicode: write ``→ ⇒ ↦ ∀ ∃ ∈ ¬ ∧ ∨ ≠ ≤ ≥`` for their ASCII forms. A composite that was written ``g ∘ f`` keeps
            its ``∘`` either way.
    """
    written: list[str] = []
    stack: list[_Piece] = [(expr, _IFF, False)]
    while stack:
        piece = stack.pop()
        if isinstance(piece, str):
            written.append(piece)
        else:
            node, least, followed = piece
            if _binding(node) < least or (followed and isinstance(node, ast.Quantified)):
                stack.extend((")", (node, _IFF, False), "("))
            else:
                stack.extend(reversed(_pieces(node, followed, unicode)))
    return "".join(written)


def print_name(name: ast.Name) -> str:
    """A name, or a label in quotes, its quotes and backslashes escaped."""
    if not name.quoted:
        return name.text
    escaped = name.text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _binding(node: ast.Expr) -> int:
    """How tightly an expression binds; a quantified one may stand wherever its end is free."""
    match node:
        case ast.Connective():
            return _CONNECTIVE[node.operator]
        case ast.Not() | ast.Quantified():
            return _NOT
        case ast.Comparison():
            return _COMPARISON
        case ast.Sum() | ast.Difference():
            return _SUM
        case ast.Product() | ast.Quotient():
            return _PRODUCT
        case ast.Decimal(text=text) if "/" in text:
            return _PRODUCT
        case ast.Negative():
            return _SIGNED
        case ast.Compose():
            return _COMPOSE
        case ast.Power():
            return _POWER
        case _:
            return _POSTFIX


def _pieces(node: ast.Expr, followed: bool, unicode: bool) -> list[_Piece]:
    """What an expression is written as: texts, and the expressions in it with the places they stand in."""
    match node:
        case ast.Name():
            return [print_name(node)]
        case ast.Qualified():
            return [print_name(node.scope), "::", print_name(node.name)]
        case ast.Placeholder():
            return ["-"]
        case ast.Decimal():
            return [node.text]
        case ast.Call():
            return _call(node)
        case ast.Compose():
            return _compose(node)
        case ast.Power():
            return [(node.base, _POSTFIX, False), f"^{node.exponent}"]
        case ast.TheArrow():
            return ["(", _term(node.dom), f" {spell('ARROW', unicode=unicode)} ", _term(node.cod), ")"]
        case ast.Product():
            return [(node.left, _PRODUCT, False), " * ", (node.right, _SIGNED, False)]
        case ast.Quotient():
            return [(node.left, _PRODUCT, False), " / ", (node.right, _SIGNED, False)]
        case ast.Sum():
            return [(node.left, _SUM, False), " + ", (node.right, _PRODUCT, False)]
        case ast.Difference():
            return [(node.left, _SUM, False), " - ", (node.right, _PRODUCT, False)]
        case ast.Negative():
            return ["-", (node.body, _SIGNED, False)]
        case ast.Interval():
            return ["[", _term(node.lower), ", ", _term(node.upper), "]"]
        case ast.SetLiteral():
            return ["{", ", ".join(print_name(element) for element in node.elements), "}"]
        case ast.MapLiteral():
            sign = spell("MAPSTO", unicode=unicode)
            return ["{", ", ".join(f"{print_name(m.source)} {sign} {print_name(m.target)}" for m in node.maplets), "}"]
        case ast.Poset():
            return ["poset(", ", ".join(" < ".join(map(print_name, chain)) for chain in node.chains), ")"]
        case ast.Monoid():
            return ["monoid ", _table(node)]
        case ast.Not():
            sign = "¬" if unicode else "not "
            return [sign, (node.body, _NOT, followed)]
        case ast.Connective():
            return _connective(node, followed, unicode)
        case ast.Comparison():
            operator = spell(_COMPARISON_TERMINAL[node.operator], unicode=unicode)
            pieces: list[_Piece] = [_term(node.left), f" {operator} ", _term(node.right)]
            return pieces if node.tolerance is None else [*pieces, " within ", _term(node.tolerance)]
        case ast.Quantified():
            return _quantified(node, unicode)
        case _:
            assert_never(node)


def _term(node: ast.Expr) -> _Place:
    return node, _SUM, False


def _call(node: ast.Call) -> list[_Piece]:
    pieces: list[_Piece] = [(node.function, _POSTFIX, False), "("]
    if isinstance(node.function, ast.Name) and node.function.text == "poset" and not node.function.quoted:
        pieces[0] = "(poset)"  # a name here; the keyword without parentheses
    for index, argument in enumerate(node.arguments):
        pieces += [", "] * (index > 0) + [(argument, _IFF, False)]
    for index, keyword in enumerate(node.keywords, start=len(node.arguments)):
        pieces += [", "] * (index > 0) + [f"{print_name(keyword.name)}: ", (keyword.value, _IFF, False)]
    return [*pieces, ")"]


def _compose(node: ast.Compose) -> list[_Piece]:
    """The left operand may be a chain of the same sign; anything else looser than a power is put into parentheses."""
    left, right, sign = (node.second, node.first, " ∘ ") if node.applicative else (node.first, node.second, " >> ")
    continues = isinstance(left, ast.Compose) and left.applicative == node.applicative
    return [(left, _COMPOSE if continues else _POWER, False), sign, (right, _POWER, False)]


def _connective(node: ast.Connective, followed: bool, unicode: bool) -> list[_Piece]:
    level = _CONNECTIVE[node.operator]
    right_nested = node.operator == "implies"
    return [
        (node.left, level + right_nested, True),
        f" {spell(_CONNECTIVE_TERMINAL[node.operator], unicode=unicode)} ",
        (node.right, level + (not right_nested), followed),
    ]


def _quantified(node: ast.Quantified, unicode: bool) -> list[_Piece]:
    sign = spell(_QUANTIFIER_TERMINAL[node.quantifier], unicode=unicode)
    pieces: list[_Piece] = [f"{sign} "]
    for index, binder in enumerate(node.binders):
        names = ", ".join(map(print_name, binder.names))
        prefix = (", " if index else "") + ("functor " if _of_functors(binder) else "")
        if isinstance(binder, ast.Membership):
            pieces += [f"{prefix}{names} {spell('IN', unicode=unicode)} ", _term(binder.range)]
        else:
            arrow = spell("DOUBLE_ARROW" if binder.kind == "transformation" else "ARROW", unicode=unicode)
            pieces += [f"{prefix}{names}: ", _term(binder.dom), f" {arrow} ", _term(binder.cod)]
    return [*pieces, ". ", (node.body, _IFF, False)]


def _of_functors(binder: ast.Binder) -> bool:
    return isinstance(binder, ast.Typing) and binder.kind == "functor"


def _table(node: ast.Monoid) -> str:
    rows = (
        f"{print_name(element)}: {' '.join(map(print_name, row))}"
        for element, row in zip(node.elements, node.rows, strict=True)
    )
    return f"{{ {', '.join(rows)} }}" if node.elements else "{}"
