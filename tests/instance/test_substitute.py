"""Names are replaced where they are free, and nothing is captured."""

from __future__ import annotations

import pytest

from formal.instance.substitute import Values, inverted, substitute
from formal.syntax.parser import parse_expression
from formal.syntax.printer import print_expression
from formal.text import Source


def expression(text: str):  # type: ignore[no-untyped-def]
    return parse_expression(Source("test", text))


@pytest.mark.parametrize(
    ("text", "values", "result"),
    [
        ("f >> g = h", {"f": "id(P)", "h": "g"}, "id(P) >> g = g"),
        ("mono(f)", {"f": "a >> b"}, "mono(a >> b)"),
        ("f >> g >> f", {"f": "a >> b"}, "a >> b >> g >> (a >> b)"),
        ("g ∘ f", {"f": "a >> b"}, "g ∘ (a >> b)"),
        ("f^-1", {"f": "a >> b"}, "(a >> b)^-1"),
        ("forall f: X -> Y. f = g", {"f": "k", "X": "P", "g": "id(P)"}, "forall f: P -> Y. f = id(P)"),
        ("forall a: W -> X. a >> f = a", {"f": "a"}, "forall a': W -> X. a' >> a = a'"),
        ("forall a in C, a' in C. a = f", {"f": "a"}, "forall a'' in C, a' in C. a'' = a"),
        (
            "exists a: X -> Y. forall b in T(a). b = u",
            {"u": "a", "T": "b"},
            "exists a': X -> Y. forall b' in b(a'). b' = a",
        ),
        ("forall X in C. exists X' in X. true", {"C": "X"}, "forall X'' in X. exists X' in X''. true"),
        ("T(f)(u) = u", {"u": "phi(id(P))"}, "T(f)(phi(id(P))) = phi(id(P))"),
        ("has(C, terminal)", {"terminal": "X", "C": "D"}, "has(D, terminal)"),
        ("representable(T, by: P)", {"P": "Q", "by": "X"}, "representable(T, by: Q)"),
        ("C::f = g", {"C": "D", "f": "h"}, "D::f = g"),
        ("{f, g} = f", {"f": "h"}, "{f, g} = h"),
        ("(X -> Y) = f", {"X": "P"}, "(P -> Y) = f"),
        ("not (A(X) implies B(X)) or X = Y", {"X": "P"}, "not (A(P) implies B(P)) or P = Y"),
    ],
)
def test_a_name_is_replaced_where_it_is_free(text: str, values: dict[str, str], result: str) -> None:
    put_in = Values({name: expression(value) for name, value in values.items()})
    assert print_expression(substitute(expression(text), put_in)) == print_expression(expression(result))


def test_an_inverse_has_a_value_of_its_own() -> None:
    values = Values({"phi": expression("psi")}, {"phi": expression("back")})
    assert print_expression(substitute(expression("(phi^-1)(phi(s)) = s"), values)) == "back(psi(s)) = s"


def test_two_labels_are_compared_as_elements_of_something() -> None:
    values = Values({"v": expression("u")}, placed={"u": expression("T(id(P))(u)")})
    assert print_expression(substitute(expression("u = v"), values)) == "T(id(P))(u) = u"
    assert print_expression(substitute(expression("T(f)(u) = v"), values)) == "T(f)(u) = u"


def test_inverses_are_found() -> None:
    assert inverted(expression("forall s in S(X). (phi^-1)(f^2 >> psi^-1) = s")) == {"phi", "psi"}


def test_a_long_chain_needs_no_deep_stack() -> None:
    text = " >> ".join(["f"] * 20_000)
    written = print_expression(substitute(expression(text), Values({"f": expression("g")})))
    assert written == " >> ".join(["g"] * 20_000)
