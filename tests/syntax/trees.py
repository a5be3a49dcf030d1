"""Hypothesis strategies for syntax trees, and for the text of scripts that wear any layout.

Trees are those that some text has: the parser never gives a chain of `∘` inside a keyword's name, say.
"""

from __future__ import annotations

import re

from hypothesis import strategies as st

from formal.syntax import ast
from formal.syntax.grammar import vocabulary
from formal.syntax.printer import print_expression
from formal.syntax.word import split
from formal.text import Source, Span

NOWHERE = Span(Source("generated", ""), 0, 0)

_WORDS = """
    X Y f g T phi F_1 x' 2cat α Ω_2 of at by along count terminal products on from expect object arrow element
    functor category claim family model poset monoid objects arrows equations proved true id hom
    theorem given assume let have obtain show accept with along the isomorphism limit left_kan unit cone
    relation profunctor weight coweight parameter over to within is
    crosscheck for by premise ideal own predict measure agrees disagrees not_comparable because
"""
words = st.sampled_from(_WORDS.split()).map(lambda text: ast.Name(NOWHERE, text))
integers = st.integers(0, 99).map(lambda number: ast.Name(NOWHERE, str(number)))
quoted = st.text(st.sampled_from('ab "\\#{}∀é'), max_size=5).map(lambda text: ast.Name(NOWHERE, text, quoted=True))
objects = words | integers | quoted
labels = objects | st.just(ast.Name(NOWHERE, "*"))


def _tuples(
    items: st.SearchStrategy[ast.Name], least: int = 0, most: int = 3
) -> st.SearchStrategy[tuple[ast.Name, ...]]:
    return st.lists(items, min_size=least, max_size=most).map(tuple)


@st.composite
def _monoids(draw: st.DrawFn) -> ast.Monoid:
    elements = draw(_tuples(objects))
    rows = tuple(draw(_tuples(objects, 1)) for _ in elements)
    return ast.Monoid(NOWHERE, elements, rows)


_maplets = st.builds(ast.Maplet, st.just(NOWHERE), labels, labels)
_leaves: st.SearchStrategy[ast.Expr] = st.one_of(
    labels,
    st.builds(ast.Qualified, st.just(NOWHERE), words, objects),
    st.sampled_from(["1/2", "0.05", "12.50"]).map(lambda text: ast.Decimal(NOWHERE, text)),
    st.builds(ast.SetLiteral, st.just(NOWHERE), _tuples(labels)),
    st.builds(ast.MapLiteral, st.just(NOWHERE), st.lists(_maplets, min_size=1, max_size=3).map(tuple)),
    st.builds(ast.Poset, st.just(NOWHERE), st.lists(_tuples(objects, 1), max_size=3).map(tuple)),
    _monoids(),
)


def _larger(part: st.SearchStrategy[ast.Expr]) -> st.SearchStrategy[ast.Expr]:
    here = st.just(NOWHERE)
    argument = part | st.just(ast.Placeholder(NOWHERE))
    keyword = st.builds(ast.Keyword, here, words | st.just(ast.Name(NOWHERE, "in")), part)
    names = _tuples(words, 1)
    binder = st.one_of(
        st.builds(ast.Membership, here, names, part),
        st.builds(ast.Typing, here, st.sampled_from(["arrow", "functor", "transformation"]), names, part, part),
    )
    return st.one_of(
        st.builds(
            ast.Call,
            here,
            part,
            st.lists(argument, max_size=3).map(tuple),
            st.lists(keyword, max_size=2).map(tuple),
        ),
        st.builds(ast.Compose, here, part, part, st.booleans()),
        st.builds(ast.Power, here, part, st.integers(-12, 12)),
        st.builds(ast.TheArrow, here, part, part),
        st.builds(ast.Product, here, part, part),
        st.builds(ast.Sum, here, part, part),
        st.builds(ast.Difference, here, part, part),
        st.builds(ast.Quotient, here, part, part).filter(lambda node: not _is_fraction(node)),
        st.builds(ast.Negative, here, part),
        st.builds(ast.Interval, here, part, part),
        st.builds(ast.Not, here, part),
        st.builds(ast.Connective, here, st.sampled_from(["and", "or", "implies", "iff"]), part, part),
        st.builds(ast.Comparison, here, st.sampled_from(["=", "!=", "<=", ">=", "<", ">"]), part, part),
        st.builds(ast.Comparison, here, st.just("="), part, part, part),
        st.builds(
            ast.Quantified,
            here,
            st.sampled_from(["forall", "exists", "exists!"]),
            st.lists(binder, min_size=1, max_size=2).map(tuple),
            part,
        ),
    )


def _is_fraction(node: ast.Quotient) -> bool:
    """Whether it would be read as one number."""
    return all(isinstance(side, ast.Name) and side.text.isdecimal() for side in (node.left, node.right))


expressions: st.SearchStrategy[ast.Expr] = st.recursive(_leaves, _larger, max_leaves=12)
"""Any expression."""
terms = expressions.map(lambda expr: f"({print_expression(expr)})") | labels.map(print_expression).filter(
    lambda text: text != "monoid"  # the keyword, before a brace
)
formulas = st.builds(lambda expr, unicode: print_expression(expr, unicode=unicode), expressions, st.booleans())


def _listed(items: st.SearchStrategy[str], least: int = 0) -> st.SearchStrategy[str]:
    """Items with commas between them, and perhaps one behind the last."""
    rows = st.lists(items, min_size=least, max_size=4)
    return st.builds(lambda row, comma: ", ".join(row) + "," * (comma and bool(row)), rows, st.booleans())


_name = words.map(print_expression)
_object = objects.map(print_expression)
_entries = _listed(st.builds("{} |-> {}".format, terms, terms)).map("{{ {} }}".format)
_cells = _listed(st.builds("{} -> {} = {}".format, _object, _object, terms))
_clauses = st.one_of(
    _listed(_object, 1).map("objects {}".format),
    _listed(st.builds("{}: {} -> {}".format, _name, _object, _object), 1).map("arrows {}".format),
    _listed(st.builds("{} = {}".format, terms, terms), 1).map("equations {}".format),
)
_parameters = st.one_of(
    st.builds("category {}".format, _name),
    st.builds("{} {} in {}".format, st.sampled_from(["object", "arrow", "element"]), _name, terms),
    st.builds("arrow {}, {}: {} -> {}".format, _name, _name, terms, terms),
    st.builds("presheaf {} on {}".format, _name, terms),
    st.builds("transformation {}: {} => {}".format, _name, terms, terms),
)


def _filled(form: str) -> st.SearchStrategy[str]:
    """The form with an expression or text for each field."""
    parts = {"name": _name, "term": terms, "value": _values(), "rules": _rules(), "formula": formulas, "text": _text}
    fields = re.findall(r"<(\w+)>", form)
    return st.tuples(*(parts[field] for field in fields)).map(re.sub(r"<\w+>", "%s", form).__mod__)


@st.composite
def _values(draw: st.DrawFn) -> str:
    value = draw(terms)
    return draw(
        st.sampled_from([value, f"the {draw(_name)} in {value}. true", f"the {draw(_name)}: {value} -> f. g = f"])
    )


@st.composite
def _rules(draw: st.DrawFn) -> str:
    rules = draw(st.lists(st.tuples(_name, st.sampled_from(["", ": X -> Y", ": f(X) -> {}"]), _values()), min_size=1))
    return ", ".join(f"{name}{ends} |-> {value}" for name, ends, value in rules) + draw(st.sampled_from(["", ","]))


_text = quoted.map(print_expression)
_GIVENS = (
    "category <name>, <name>",
    "object <name>, <name> in <term>, <name> in <term>",
    "copresheaf <name> on <term>, <name> on <term>",
    "arrow <name>: <term> -> <term>, <name>, <name>: <term> -> <term>",
    "family <name>: <term> => <term>, <name>: <term> => <term>",
    "isomorphism <name>: <term> -> <term>",
    "isomorphism <name>: <term> ⇒ <term>",
    "adjunction <term> -| <term> with unit <name>",
    "adjunction <term> ⊣ <term> with transpose <name>, inverse <name>",
    "limit <name> of <term> with cone <name>",
    "colimit <name> of <term> with cocone <name>",
    "pointwise_left_kan <name> of <term> along <term> with unit <name>",
    "right_kan <name> of <term> along <term> with counit <name>",
)
_CLAUSES = (
    "assume <formula>",
    "assume <name>: <formula>",
    "have <formula>",
    "have <name>: <formula>",
    "show <formula>",
    "show <name>: <formula>",
    "let <name> := <value>",
    "let <name>: <term> -> <term> := <value>",
    "let <name>: <term> => <term> := <rules>",
    "let family <name>: <term> => <term> := <value>",
    "let functor <name>: <term> -> <term> := <rules>",
    "obtain <name>, <name> from <term>",
    "accept <name>: <text>",
    "accept <name>(<name>): <text>",
)


@st.composite
def clauses(draw: st.DrawFn) -> str:
    """A clause of a theorem."""
    form = draw(st.sampled_from(["given", *_CLAUSES]))
    if form != "given":
        return draw(_filled(form))
    givens = _parameters | st.sampled_from(_GIVENS).flatmap(_filled)
    return f"given {draw(_listed(givens, 1))}"


_quoted = quoted.map(print_expression)
_variables = st.builds("{} in {{ {} }}".format, _name, _listed(_name, 1))
_checks = st.one_of(
    st.builds("by {}".format, _name | _quoted),
    st.builds("{} {}".format, st.sampled_from(["premise", "ideal", "own", "predict"]), formulas),
    st.builds("premise {}: {}".format, _name, formulas),
    st.builds("predict {} in [{}, {}]".format, terms, terms, terms),
    st.builds("measure {} in {}".format, terms, terms),
    st.builds("measure {}: {} in [{}, {}]".format, _name, terms, terms, terms),
)
_crosschecks = st.builds(
    "crosscheck {} {} {} {{ {} }} {}".format,
    _name,
    st.lists(_variables, min_size=1, max_size=3).map(", ".join).map("for {}".format) | st.just(""),
    _variables.map("over {}".format) | st.just(""),
    st.lists(_checks, max_size=4).map("\n".join),
    st.sampled_from(["", "expect agrees", 'expect not_comparable because "of it"']),
)

declarations: st.SearchStrategy[str] = st.one_of(
    _crosschecks,
    st.builds("category {} {{ {} }}".format, _name, st.lists(_clauses, max_size=4).map(" ".join)),
    st.builds("category {} = {}".format, _name, terms),
    st.builds("functor {}: {} -> {} {}".format, _name, terms, terms, _entries),
    st.builds("presheaf {} on {} {}".format, _name, terms, _entries),
    st.builds("copresheaf {} on {} = {}".format, _name, terms, terms),
    st.builds("family {}: {} => {} {}".format, _name, terms, terms, _entries),
    st.builds("define {}({}) := {}".format, _name, _listed(_parameters), formulas),
    st.builds("claim {}: {}".format, _name, formulas),
    st.builds("claim {}: {} expect refuted".format, _name, formulas),
    st.builds("theorem {} {{ {} }}".format, _name, st.lists(clauses(), max_size=4).map(" ".join)),
    st.builds("theorem {} {{ {} }} expect refuted".format, _name, st.lists(clauses(), max_size=4).map("\n".join)),
    st.builds("model {} from {}".format, _name, quoted.map(print_expression)),
    st.builds("import {}".format, quoted.map(print_expression)),
    st.builds("relation {} on {} over {} {{ {} }}".format, _name, terms, _name, _cells),
    st.builds("relation {} on {} {{ {} }}".format, _name, terms, _cells),
    st.builds("profunctor {} from {} to {} over {} {{ {} }}".format, _name, terms, terms, _name, _cells),
    st.builds("profunctor {} = {}".format, _name, terms),
    st.builds("weight {} on {} {}".format, _name, terms, _entries),
    st.builds("coweight {} on {} = {}".format, _name, terms, terms),
    st.builds("parameter {} in [{}, {}]".format, _name, terms, terms),
)

_blanks = st.sampled_from(
    [" ", "  ", "\n", "\n\n", "\n\n\n\n", " # aside\n", "\n# above\n", "\n\n## told\n", "  ## told\n"]
)


@st.composite
def scripts(draw: st.DrawFn) -> str:
    """A script of a few declarations with blanks and comments anywhere between its words."""
    text = "\n".join(draw(st.lists(declarations, max_size=3)))
    found, _ = split(Source("generated", text), vocabulary())
    changes = draw(st.dictionaries(st.integers(0, len(found)), _blanks, max_size=6))
    pieces: list[str] = []
    end = 0
    for index, word in enumerate(found):
        pieces += [changes.get(index, text[end : word.start]), word.text]
        end = word.end
    return "".join(pieces)
