"""Chains in syntax trees: what is taken apart, and where it stops."""

from __future__ import annotations

import pytest

from formal.syntax import ast
from formal.syntax.parser import parse_expression
from formal.syntax.printer import print_expression
from formal.syntax.tree import factors_of, operands
from formal.text import Source


def _parsed(text: str) -> ast.Expr:
    return parse_expression(Source("test", text))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("a and b and c", ["a", "b", "c"]),
        ("a or b", ["a", "b"]),
        ("a and b or c and d", ["a and b", "c and d"]),
        ("a and (b and c)", ["a", "b and c"]),
        ("(a or b) and c", ["a or b", "c"]),
        ("A * B * C", ["A", "B", "C"]),
        ("A * B + C + D * E", ["A * B", "C", "D * E"]),
        ("A + (B + C)", ["A", "B + C"]),
    ],
)
def test_operands_are_those_of_one_operation_to_the_left(text: str, wanted: list[str]) -> None:
    chain = _parsed(text)
    assert isinstance(chain, ast.Connective | ast.Sum | ast.Product)
    assert [print_expression(operand) for operand in operands(chain)] == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("f", ["f"]),
        ("f >> g >> h", ["f", "g", "h"]),
        ("f >> (g >> h)", ["f", "g", "h"]),
        ("h ∘ g ∘ f", ["f", "g", "h"]),
        ("id(a) >> f", ["id(a)", "f"]),
    ],
)
def test_factors_come_in_the_order_in_which_they_are_applied(text: str, wanted: list[str]) -> None:
    assert [print_expression(factor) for factor in factors_of(_parsed(text))] == wanted


def test_chains_of_any_length_are_taken_apart() -> None:
    chain = _parsed(" and ".join(["a"] * 5_000))
    assert isinstance(chain, ast.Connective)
    assert len(operands(chain)) == 5_000
    assert sum(1 for _ in factors_of(_parsed(" >> ".join(["f"] * 5_000)))) == 5_000
