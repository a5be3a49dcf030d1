"""From the parser's rules to the nodes of the syntax tree: one method a rule, no meaning.

A method is given the words and nodes of its rule in the order of the text. A node spans all of them, brackets included.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TypeAlias, cast

from formal.syntax import ast
from formal.syntax.word import Word
from formal.text import Span

Node: TypeAlias = (
    ast.Expr
    | ast.Keyword
    | ast.Maplet
    | ast.Binder
    | ast.ArrowDecl
    | ast.EquationDecl
    | ast.Entry
    | ast.Cell
    | ast.Given
    | ast.Role
    | ast.Rule
    | ast.Description
    | ast.Clause
    | ast.ByClause
    | ast.CheckClause
    | ast.Finding
)
Child: TypeAlias = Word | Node
Children: TypeAlias = list[Child]


def _span(children: Children) -> Span:
    return children[0].span.to(children[-1].span)


def _exprs(children: Children) -> list[ast.Expr]:
    return cast("list[ast.Expr]", [child for child in children if type(child) is not Word])


def _names(children: Children) -> tuple[ast.Name, ...]:
    return tuple(child for child in children if type(child) is ast.Name)


def _entries(children: Children) -> tuple[ast.Entry, ...]:
    return tuple(child for child in children if type(child) is ast.Entry)


def _keyword(children: Children) -> str:
    """The word that the rule begins with."""
    return cast(Word, children[0]).text


def _rows(children: Children, separator: str) -> tuple[tuple[ast.Name, ...], ...]:
    """The names, divided at the separators; a separator at the end divides nothing."""
    rows: list[list[ast.Name]] = [[]]
    for child in children:
        if type(child) is ast.Name:
            rows[-1].append(child)
        elif type(child) is Word and child.type == separator:
            rows.append([])
    return tuple(tuple(row) for row in rows if row)


def _typing(kind: str, children: Children) -> ast.Typing:
    *names, dom, cod = _exprs(children)
    return ast.Typing(_span(children), kind, tuple(cast("list[ast.Name]", names)), dom, cod)


def _connective(operator: str, children: Children) -> ast.Connective:
    left, right = _exprs(children)
    return ast.Connective(_span(children), operator, left, right)


def _comparison(operator: str, children: Children) -> ast.Comparison:
    left, right = _exprs(children)
    return ast.Comparison(_span(children), operator, left, right)


def _is_integer(node: ast.Expr) -> bool:
    return type(node) is ast.Name and not node.quoted and node.text.isdecimal()


def _ends(nodes: list[ast.Expr]) -> tuple[ast.Expr | None, ast.Expr | None]:
    """Domain and codomain, where they are given."""
    if not nodes:
        return None, None
    dom, cod = nodes
    return dom, cod


def _named(children: Children) -> tuple[ast.Name | None, ast.Expr]:
    """A formula, and the name and colon before it, where they are given."""
    *name, formula = _exprs(children)
    return cast(ast.Name, name[0]) if name else None, formula


def _let(kind: str, children: Children) -> ast.LetClause:
    """What stands before ``:=``, then one value or rules."""
    sign = next(index for index, child in enumerate(children) if type(child) is Word and child.type == "DEFINED_AS")
    name, *ends = _exprs(children[:sign])
    dom, cod = _ends(ends)
    rules = tuple(child for child in children[sign:] if type(child) is ast.Rule)
    value = None if rules else cast("ast.Expr | ast.Description", children[sign + 1])
    return ast.LetClause(_span(children), kind, cast(ast.Name, name), dom, cod, value, rules)


class Builder:
    """The methods are called by Lark, by the names of the grammar's rules."""

    # --- scripts ---

    def script(self, children: Children) -> tuple[ast.Declaration, ...]:
        """All declarations."""
        return cast("tuple[ast.Declaration, ...]", tuple(children))

    def import_decl(self, children: Children) -> ast.ImportDecl:
        """``import "path.cat"``."""
        (path,) = _names(children)
        return ast.ImportDecl(_span(children), path)

    def category_decl(self, children: Children) -> ast.CategoryDecl:
        """``category NAME { … }``: objects are the names that stand by themselves."""
        name, *objects = _names(children)
        arrows = tuple(child for child in children if type(child) is ast.ArrowDecl)
        equations = tuple(child for child in children if type(child) is ast.EquationDecl)
        return ast.CategoryDecl(_span(children), name, tuple(objects), arrows, equations)

    def category_alias(self, children: Children) -> ast.Alias:
        """``category NAME = TERM``."""
        return self._alias(children)

    def arrow_decl(self, children: Children) -> ast.ArrowDecl:
        """``f, g: X -> Y``."""
        *names, dom, cod = _names(children)
        return ast.ArrowDecl(_span(children), tuple(names), dom, cod)

    def equation_decl(self, children: Children) -> ast.EquationDecl:
        """``a = b = c``."""
        return ast.EquationDecl(_span(children), tuple(_exprs(children)))

    def functor_decl(self, children: Children) -> ast.FunctorDecl:
        """``functor F: C -> D { … }``."""
        name, dom, cod, *_ = _exprs(children)
        return ast.FunctorDecl(_span(children), cast(ast.Name, name), dom, cod, _entries(children))

    def functor_alias(self, children: Children) -> ast.Alias:
        """``functor F: C -> D = TERM``."""
        return self._alias(children)

    def set_functor_decl(self, children: Children) -> ast.SetFunctorDecl:
        """``presheaf T on C { … }``."""
        name, base, *_ = _exprs(children)
        return ast.SetFunctorDecl(_span(children), _keyword(children), cast(ast.Name, name), base, _entries(children))

    def set_functor_alias(self, children: Children) -> ast.Alias:
        """``presheaf T on C = TERM``."""
        name, *base, value = _exprs(children)
        return ast.Alias(
            _span(children), _keyword(children), cast(ast.Name, name), value, base=base[0] if base else None
        )

    def transformation_decl(self, children: Children) -> ast.TransformationDecl:
        """``transformation phi: S => T { … }``."""
        name, dom, cod, *_ = _exprs(children)
        return ast.TransformationDecl(
            _span(children), _keyword(children), cast(ast.Name, name), dom, cod, _entries(children)
        )

    def transformation_alias(self, children: Children) -> ast.Alias:
        """``transformation phi: S => T = TERM``."""
        return self._alias(children)

    def _alias(self, children: Children) -> ast.Alias:
        name, *ends, value = _exprs(children)
        dom, cod = _ends(ends)
        return ast.Alias(_span(children), _keyword(children), cast(ast.Name, name), value, dom=dom, cod=cod)

    def entry(self, children: Children) -> ast.Entry:
        """``key |-> value``."""
        key, value = _exprs(children)
        return ast.Entry(_span(children), key, value)

    def define_decl(self, children: Children) -> ast.DefineDecl:
        """``define NAME(parameters) := FORMULA``."""
        name, *_, body = _exprs(children)
        parameters = tuple(child for child in children if type(child) is ast.Parameter)
        return ast.DefineDecl(_span(children), cast(ast.Name, name), parameters, body)

    def category_parameter(self, children: Children) -> ast.Parameter:
        """``category C``."""
        return ast.Parameter(_span(children), "category", _names(children))

    def further_category(self, children: Children) -> ast.Parameter:
        """The ``D`` of ``category C, D``."""
        return ast.Parameter(_span(children), "category", _names(children))

    def in_parameter(self, children: Children) -> ast.Parameter:
        """``object X in C``, ``arrow f in C``, ``element t in T(X)``."""
        *names, base = _exprs(children)
        return ast.Parameter(_span(children), _keyword(children), tuple(cast("list[ast.Name]", names)), base=base)

    def on_parameter(self, children: Children) -> ast.Parameter:
        """``presheaf T on C``."""
        return self.in_parameter(children)

    def arrow_parameter(self, children: Children) -> ast.Parameter:
        """``arrow f: X -> Y``, ``functor F: C -> D``."""
        *names, dom, cod = _exprs(children)
        return ast.Parameter(
            _span(children), _keyword(children), tuple(cast("list[ast.Name]", names)), dom=dom, cod=cod
        )

    def transformation_parameter(self, children: Children) -> ast.Parameter:
        """``transformation phi: S => T``."""
        return self.arrow_parameter(children)

    def claim_decl(self, children: Children) -> ast.ClaimDecl:
        """``claim NAME: FORMULA expect VERDICT``."""
        name, formula, *expect = _exprs(children)
        expected = cast(ast.Name, expect[0]) if expect else None
        return ast.ClaimDecl(_span(children), cast(ast.Name, name), formula, expected)

    def verdict(self, children: Children) -> ast.Name:
        """``proved``, ``refuted`` or ``unknown``."""
        return ast.Name(_span(children), _keyword(children))

    # --- theorems ---

    def theorem_decl(self, children: Children) -> ast.TheoremDecl:
        """``theorem NAME { CLAUSES } expect VERDICT``."""
        name, *expect = _names(children)
        clauses = tuple(child for child in children if isinstance(child, ast.Clause))
        return ast.TheoremDecl(_span(children), name, clauses, expect[0] if expect else None)

    def given_clause(self, children: Children) -> ast.GivenClause:
        """``given object X in C, Y in D``: what has no keyword has that of what is before it."""
        givens: list[ast.Given] = []
        for child in children:
            if isinstance(child, ast.Role):
                adjunction = cast(ast.UniversalGiven, givens[-1])
                roles = (*adjunction.roles, child)
                givens[-1] = replace(adjunction, span=adjunction.span.to(child.span), roles=roles)
            elif isinstance(child, ast.Parameter):
                givens.append(replace(child, kind=child.kind or givens[-1].kind))
            elif isinstance(child, ast.UniversalGiven):
                givens.append(child)
        return ast.GivenClause(_span(children), tuple(givens))

    def further_member(self, children: Children) -> ast.Parameter:
        """The ``Y in D`` of ``object X in C, Y in D``."""
        *names, base = _exprs(children)
        return ast.Parameter(_span(children), "", tuple(cast("list[ast.Name]", names)), base=base)

    def further_set_functor(self, children: Children) -> ast.Parameter:
        """The ``T on D`` of ``presheaf S on C, T on D``."""
        return self.further_member(children)

    def further_arrow(self, children: Children) -> ast.Parameter:
        """The ``g: Y -> Z`` of ``arrow f: X -> Y, g: Y -> Z``."""
        *names, dom, cod = _exprs(children)
        return ast.Parameter(_span(children), "", tuple(cast("list[ast.Name]", names)), dom=dom, cod=cod)

    def further_transformation(self, children: Children) -> ast.Parameter:
        """The ``psi: T => U`` of ``transformation phi: S => T, psi: T => U``."""
        return self.further_arrow(children)

    def isomorphism_arrow(self, children: Children) -> ast.Parameter:
        """``isomorphism e: X -> Y``."""
        return replace(self.arrow_parameter(children), kind="isomorphism arrow")

    def isomorphism_transformation(self, children: Children) -> ast.Parameter:
        """``isomorphism phi: S => T``."""
        return self.arrow_parameter(children)

    def adjunction_given(self, children: Children) -> ast.UniversalGiven:
        """``adjunction F -| G with unit eta``."""
        left, right, role = _exprs(children)
        return ast.UniversalGiven(
            _span(children), _keyword(children), (), left, right, None, None, (cast(ast.Role, role),)
        )

    def limit_given(self, children: Children) -> ast.UniversalGiven:
        """``limit L of D with cone p``."""
        return self._universal(children)

    def colimit_given(self, children: Children) -> ast.UniversalGiven:
        """``colimit L of D with cocone i``."""
        return self._universal(children)

    def left_kan_given(self, children: Children) -> ast.UniversalGiven:
        """``left_kan L of F along K with unit eta``."""
        return self._universal(children)

    def right_kan_given(self, children: Children) -> ast.UniversalGiven:
        """``right_kan R of F along K with counit epsilon``."""
        return self._universal(children)

    def _universal(self, children: Children) -> ast.UniversalGiven:
        name, of, *along, role = _exprs(children)
        return ast.UniversalGiven(
            _span(children),
            _keyword(children),
            (cast(ast.Name, name),),
            None,
            None,
            of,
            along[0] if along else None,
            (cast(ast.Role, role),),
        )

    def role(self, children: Children) -> ast.Role:
        """``unit eta``."""
        (name,) = _names(children)
        word = cast(Word, children[0])
        return ast.Role(_span(children), ast.Name(word.span, word.text), name)

    def assume_clause(self, children: Children) -> ast.AssumeClause:
        """``assume NAME: FORMULA``."""
        return ast.AssumeClause(_span(children), *_named(children))

    def have_clause(self, children: Children) -> ast.HaveClause:
        """``have NAME: FORMULA``."""
        return ast.HaveClause(_span(children), *_named(children))

    def show_clause(self, children: Children) -> ast.ShowClause:
        """``show NAME: FORMULA``."""
        return ast.ShowClause(_span(children), *_named(children))

    def obtain_clause(self, children: Children) -> ast.ObtainClause:
        """``obtain G, e from dense``."""
        *names, source = _exprs(children)
        return ast.ObtainClause(_span(children), tuple(cast("list[ast.Name]", names)), source)

    def accept_clause(self, children: Children) -> ast.AcceptClause:
        """``accept redundant(h): "reason"``."""
        finding, *subject, reason = _names(children)
        return ast.AcceptClause(_span(children), finding, subject[0] if subject else None, reason)

    def let_term(self, children: Children) -> ast.LetClause:
        """``let u := TERM``, ``let f: X -> Y := TERM``."""
        return _let("", children)

    def let_transformation(self, children: Children) -> ast.LetClause:
        """``let psi: S => T := f |-> TERM``, ``let family psi: …``."""
        has_keyword = type(children[1]) is Word
        return _let(cast(Word, children[1]).text if has_keyword else "transformation", children)

    def let_functor(self, children: Children) -> ast.LetClause:
        """``let functor H: C -> D := X |-> TERM, f: X -> Y |-> TERM``."""
        return _let("functor", children)

    def description(self, children: Children) -> ast.Description:
        """``the f: X -> Y. FORMULA``."""
        binder, body = _exprs(children)
        return ast.Description(_span(children), cast(ast.Binder, binder), body)

    def rule(self, children: Children) -> ast.Rule:
        """``f |-> TERM``, ``f: X -> Y |-> TERM``."""
        variable, value = cast("list[ast.Name | ast.Typing | ast.Expr | ast.Description]", _exprs(children))
        if isinstance(variable, ast.Typing):
            return ast.Rule(_span(children), variable.names[0], variable, cast("ast.Expr | ast.Description", value))
        return ast.Rule(_span(children), cast(ast.Name, variable), None, cast("ast.Expr | ast.Description", value))

    # --- models ---

    def model_decl(self, children: Children) -> ast.ModelDecl:
        """``model NAME from "file"``."""
        name, path = _names(children)
        return ast.ModelDecl(_span(children), name, path)

    # --- relations ---

    def relation_decl(self, children: Children) -> ast.RelationDecl:
        """``relation R on {a, b} over product { … }``."""
        return self._relation(children)

    def profunctor_decl(self, children: Children) -> ast.RelationDecl:
        """``profunctor P from {a} to {u, v} over product { … }``."""
        return self._relation(children)

    def _relation(self, children: Children) -> ast.RelationDecl:
        over = [index for index, child in enumerate(children) if type(child) is Word and child.type == "OVER"]
        quantale = cast(ast.Name, children[over[0] + 1]) if over else None
        name, *lists = _exprs([child for child in children if type(child) is not ast.Cell and child is not quantale])
        cells = tuple(child for child in children if type(child) is ast.Cell)
        return ast.RelationDecl(
            _span(children), _keyword(children), cast(ast.Name, name), lists[0], lists[-1], quantale, cells
        )

    def relation_alias(self, children: Children) -> ast.Alias:
        """``relation K = TERM``, ``profunctor K = TERM``."""
        return self._alias(children)

    def cell(self, children: Children) -> ast.Cell:
        """``cat -> pet = 0.9``."""
        row, column, value = _exprs(children)
        return ast.Cell(_span(children), cast(ast.Name, row), cast(ast.Name, column), value)

    def weight_decl(self, children: Children) -> ast.WeightDecl:
        """``weight W on R { … }``, ``coweight F on R { … }``."""
        name, base, *_ = _exprs(children)
        return ast.WeightDecl(_span(children), _keyword(children), cast(ast.Name, name), base, _entries(children))

    def weight_alias(self, children: Children) -> ast.Alias:
        """``weight W on R = TERM``."""
        return self.set_functor_alias(children)

    def number_decl(self, children: Children) -> ast.NumberDecl:
        """``parameter p in [0, 1]``."""
        name, bounds = _exprs(children)
        return ast.NumberDecl(_span(children), cast(ast.Name, name), cast(ast.Interval, bounds))

    # --- cross-checks ---

    def crosscheck_decl(self, children: Children) -> ast.CrossCheckDecl:
        """``crosscheck NAME for … over … { CLAUSES } expect FINDING``."""
        (name,) = _names(children)
        over = [index for index, child in enumerate(children) if type(child) is Word and child.type == "OVER"]
        variables = tuple(child for child in children if type(child) is ast.Membership)
        clauses = tuple(child for child in children if isinstance(child, ast.ByClause | ast.CheckClause))
        finding = tuple(child for child in children if type(child) is ast.Finding)
        tasks, models = (variables[:-1], variables[-1]) if over else (variables, None)
        return ast.CrossCheckDecl(_span(children), name, tasks, models, clauses, finding[0] if finding else None)

    def variable(self, children: Children) -> ast.Membership:
        """``T in {A, B}``."""
        return self.membership(children)

    def by_clause(self, children: Children) -> ast.ByClause:
        """``by THEOREM``."""
        (theorem,) = _names(children)
        return ast.ByClause(_span(children), theorem)

    def statement_clause(self, children: Children) -> ast.CheckClause:
        """``premise NAME: FORMULA``, ``ideal …``, ``own …``."""
        name, body = _named(children)
        return ast.CheckClause(_span(children), _keyword(children), name, body)

    def predict_clause(self, children: Children) -> ast.CheckClause:
        """``predict FORMULA``, ``predict TERM in [a, b]``."""
        return self._check(children)

    def measure_clause(self, children: Children) -> ast.CheckClause:
        """``measure TERM in TERM``."""
        return self._check(children)

    def _check(self, children: Children) -> ast.CheckClause:
        within = [index for index, child in enumerate(children) if type(child) is Word and child.type == "IN"]
        range_ = cast(ast.Expr, children[within[0] + 1]) if within else None
        name, body = _named(children[: within[0]] if within else children)
        return ast.CheckClause(_span(children), _keyword(children), name, body, range_)

    def finding(self, children: Children) -> ast.Finding:
        """``agrees``, ``disagrees because "reason"``, ``not_comparable because "reason"``."""
        word, *because = cast("list[Word]", children)
        reason = cast(ast.Name, because[-1]) if because else None
        return ast.Finding(_span(children), ast.Name(word.span, word.text), reason)

    # --- formulas ---

    def expression(self, children: Children) -> ast.Expr:
        """A formula or a term that is all there is."""
        (body,) = _exprs(children)
        return body

    def biconditional(self, children: Children) -> ast.Connective:
        """``A iff B``."""
        return _connective("iff", children)

    def conditional(self, children: Children) -> ast.Connective:
        """``A implies B``."""
        return _connective("implies", children)

    def disjunction(self, children: Children) -> ast.Connective:
        """``A or B``."""
        return _connective("or", children)

    def conjunction(self, children: Children) -> ast.Connective:
        """``A and B``."""
        return _connective("and", children)

    def negation(self, children: Children) -> ast.Not:
        """``not A``."""
        (body,) = _exprs(children)
        return ast.Not(_span(children), body)

    def quantified(self, children: Children) -> ast.Quantified:
        """``forall X in C, f: X -> Y. BODY``."""
        *binders, body = _exprs(children)
        quantifier = {"FORALL": "forall", "EXISTS": "exists", "EXISTS_UNIQUE": "exists!"}[cast(Word, children[0]).type]
        return ast.Quantified(_span(children), quantifier, tuple(cast("list[ast.Binder]", binders)), body)

    def membership(self, children: Children) -> ast.Membership:
        """``X, Y in C``."""
        *names, bound = _exprs(children)
        return ast.Membership(_span(children), tuple(cast("list[ast.Name]", names)), bound)

    def arrow_typing(self, children: Children) -> ast.Typing:
        """``f: X -> Y``."""
        return _typing("arrow", children)

    def functor_typing(self, children: Children) -> ast.Typing:
        """``functor F: C -> D``."""
        return _typing("functor", children)

    def transformation_typing(self, children: Children) -> ast.Typing:
        """``phi: S => T``."""
        return _typing("transformation", children)

    def equal(self, children: Children) -> ast.Comparison:
        """``a = b``."""
        return _comparison("=", children)

    def not_equal(self, children: Children) -> ast.Comparison:
        """``a != b``."""
        return _comparison("!=", children)

    def at_most(self, children: Children) -> ast.Comparison:
        """``a <= b``."""
        return _comparison("<=", children)

    def at_least(self, children: Children) -> ast.Comparison:
        """``a >= b``."""
        return _comparison(">=", children)

    def less(self, children: Children) -> ast.Comparison:
        """``a < b``."""
        return _comparison("<", children)

    def greater(self, children: Children) -> ast.Comparison:
        """``a > b``."""
        return _comparison(">", children)

    def equal_within(self, children: Children) -> ast.Comparison:
        """``a = b within e``."""
        left, right, tolerance = _exprs(children)
        return ast.Comparison(_span(children), "=", left, right, tolerance)

    # --- terms ---

    def sum(self, children: Children) -> ast.Sum:
        """``A + B``."""
        left, right = _exprs(children)
        return ast.Sum(_span(children), left, right)

    def product(self, children: Children) -> ast.Product:
        """``A * B``."""
        left, right = _exprs(children)
        return ast.Product(_span(children), left, right)

    def difference(self, children: Children) -> ast.Difference:
        """``A - B``."""
        left, right = _exprs(children)
        return ast.Difference(_span(children), left, right)

    def quotient(self, children: Children) -> ast.Quotient | ast.Decimal:
        """``A / B``; a fraction of integers is a number as written."""
        left, right = _exprs(children)
        if _is_integer(left) and _is_integer(right):
            text = f"{cast(ast.Name, left).text}/{cast(ast.Name, right).text}"
            return ast.Decimal(_span(children), text)
        return ast.Quotient(_span(children), left, right)

    def negative(self, children: Children) -> ast.Negative:
        """``-A``."""
        (body,) = _exprs(children)
        return ast.Negative(_span(children), body)

    def diagrammatic(self, children: Children) -> ast.Compose:
        """``f >> g``."""
        first, second = _exprs(children)
        return ast.Compose(_span(children), first, second)

    def applicative(self, children: Children) -> ast.Compose:
        """``g ∘ f``."""
        second, first = _exprs(children)
        return ast.Compose(_span(children), first, second, applicative=True)

    def power(self, children: Children) -> ast.Power:
        """``f^3``, ``f^-1``."""
        base, _, *exponent = children
        number = int("".join(cast(Word, word).text for word in exponent))
        return ast.Power(_span(children), cast(ast.Expr, base), number)

    def call(self, children: Children) -> ast.Call:
        """``F(X)``, ``representable(T, by: P)``."""
        function, *arguments = _exprs(children)
        positional = tuple(argument for argument in arguments if not isinstance(argument, ast.Keyword))
        keywords = tuple(argument for argument in cast(Children, arguments) if isinstance(argument, ast.Keyword))
        return ast.Call(_span(children), function, positional, keywords)

    def placeholder(self, children: Children) -> ast.Placeholder:
        """``-``."""
        return ast.Placeholder(_span(children))

    def keyword(self, children: Children) -> ast.Keyword:
        """``by: P``."""
        name, value = _exprs(children)
        return ast.Keyword(_span(children), cast(ast.Name, name), value)

    def qualified(self, children: Children) -> ast.Qualified:
        """``Shop::placed_by``."""
        scope, name = _names(children)
        return ast.Qualified(_span(children), scope, name)

    def decimal(self, children: Children) -> ast.Decimal:
        """``0.05``."""
        return ast.Decimal(_span(children), _keyword(children))

    def interval(self, children: Children) -> ast.Interval:
        """``[0, 1/2]``."""
        lower, upper = _exprs(children)
        return ast.Interval(_span(children), lower, upper)

    def the_arrow(self, children: Children) -> ast.TheArrow:
        """``(X -> Y)``."""
        dom, cod = _exprs(children)
        return ast.TheArrow(_span(children), dom, cod)

    def set_literal(self, children: Children) -> ast.SetLiteral:
        """``{a, b}``."""
        return ast.SetLiteral(_span(children), _names(children))

    def map_literal(self, children: Children) -> ast.MapLiteral:
        """``{a |-> b}``."""
        return ast.MapLiteral(_span(children), tuple(child for child in children if type(child) is ast.Maplet))

    def maplet(self, children: Children) -> ast.Maplet:
        """``a |-> b``."""
        source, target = _names(children)
        return ast.Maplet(_span(children), source, target)

    def parenthesised(self, children: Children) -> ast.Expr:
        """The expression itself, its span widened to the parentheses."""
        (body,) = _exprs(children)
        return replace(body, span=_span(children))

    def poset(self, children: Children) -> ast.Poset:
        """``poset(a < b, c)``."""
        return ast.Poset(_span(children), _rows(children, "COMMA"))

    def monoid(self, children: Children) -> ast.Monoid:
        """``monoid { e: e a, a: a e }``."""
        rows = _rows(children, "COMMA")
        return ast.Monoid(_span(children), tuple(row[0] for row in rows), tuple(row[1:] for row in rows))

    # --- names ---

    def name(self, children: Children) -> ast.Name:
        """A name."""
        return ast.Name(_span(children), _keyword(children))

    def in_word(self, children: Children) -> ast.Name:
        """The ``in`` of an argument ``in: K``."""
        return ast.Name(_span(children), "in")

    def integer(self, children: Children) -> ast.Name:
        """An object or element named by a number."""
        return ast.Name(_span(children), _keyword(children))

    def star(self, children: Children) -> ast.Name:
        """``*``."""
        return ast.Name(_span(children), "*")

    def quoted(self, children: Children) -> ast.Name:
        """A quoted label, its escapes read."""
        text = re.sub(r"\\(.)", r"\1", _keyword(children)[1:-1])
        return ast.Name(_span(children), text, quoted=True)
