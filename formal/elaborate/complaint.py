"""What is said of expressions that do not fit, the same in claims and in theorems."""

from __future__ import annotations

from typing import Protocol

from formal.elaborate.scope import reject
from formal.syntax import ast
from formal.syntax.printer import print_expression
from formal.text import Code, Rejection


class _Named(Protocol):
    @property
    def name(self) -> str: ...


class _SetValued(Protocol):
    @property
    def contravariant(self) -> bool: ...
    @property
    def category(self) -> _Named: ...


class Complaints:
    """Rejections of expressions, of finite categories and of unknown ones."""

    __slots__ = ()

    def mismatch(self, expr: ast.Expr, what: str, found: _Named, wanted: _Named) -> Rejection:
        """An object or arrow of another category than the expected one."""
        return reject(
            Code.CATEGORY_MISMATCH,
            f"expected an {what} of `{wanted.name}`, found an {what} of `{found.name}`",
            expr.span,
        )

    def elsewhere(self, expr: ast.Expr, found: _Named, wanted: _Named) -> Rejection:
        """Something on another category than the expected one."""
        return reject(
            Code.CATEGORY_MISMATCH,
            f"expected something on `{wanted.name}`, found it on `{found.name}`",
            expr.span,
        )

    def wrong_variance(self, found: _SetValued, contravariant: bool, expr: ast.Expr) -> Rejection:
        """A presheaf stands where a copresheaf is needed, or the other way round."""
        wanted, kind = ("presheaf" if against else "copresheaf" for against in (contravariant, found.contravariant))
        return reject(
            Code.WRONG_VARIANCE,
            f"expected a {wanted}, but `{print_expression(expr)}` is a {kind}",
            expr.span,
            f"acts {'against' if found.contravariant else 'along'} the arrows of `{found.category.name}`",
            help=(f"a {wanted} on `op({found.category.name})` is the same thing",),
        )

    def arguments(self, expr: ast.Call, *counts: int) -> tuple[ast.Expr, ...]:
        """The positional arguments, of which there must be one of the given numbers, and no keyword.

        Raises:
            Rejection: there are not.
        """
        for keyword in expr.keywords:
            raise reject(
                Code.WRONG_ARGUMENTS,
                f"`{print_expression(expr.function)}` takes no argument `{keyword.name.text}`",
                keyword.span,
            )
        if len(expr.arguments) not in counts:
            wanted = " or ".join(map(str, counts))
            raise reject(
                Code.WRONG_ARGUMENTS,
                f"`{print_expression(expr.function)}` takes {wanted} argument{'s' if counts != (1,) else ''}, "
                f"not {len(expr.arguments)}",
                expr.span,
            )
        return expr.arguments
