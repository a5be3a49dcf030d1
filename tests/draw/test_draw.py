"""Drawings: complete, escaped for their sink, and laid out without overlaps."""

from __future__ import annotations

import base64
import json
import re
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from formal.construct.group import cyclic, symmetric
from formal.construct.hom import representable
from formal.construct.order import chain, discrete, poset
from formal.construct.product import product
from formal.core.category import Category
from formal.core.functor import Functor, SetFunctor, Transformation
from formal.draw.diagram import Diagram, Drawable, Edge, diagram
from formal.draw.dot import dot
from formal.draw.draw import FORMATS, draw
from formal.draw.failure import Route, draw_failure
from formal.draw.latex import latex, quiver_link, tikz_cd
from formal.draw.layout import grid, is_acyclic, layers
from formal.draw.mermaid import mermaid
from formal.draw.relation import path_text, relations
from formal.draw.svg import svg
from formal.text.escape import visible

HOSTILE = '<script>alert("1")</script> ] --> \\ "] click \n \x1b[31m \u202e $x^2$ %{}#&_~ `|'

SQUARE = poset(("a", "b", "c", "d"), ((0, 1), (1, 3), (0, 2), (2, 3)), name="Square")
LABEL = SetFunctor(
    "Label", SQUARE, True, (("cat", "dog"), ("tom",), ("rex",), ()), ((0,), (1,), (), ())
)  # tom |-> cat, rex |-> dog
CORNER = Functor("Corner", SQUARE, chain(2), (0, 0, 0, 1), (0, 0, 2, 2))
FLIP = Transformation("flip", representable(cyclic(2), 0), representable(cyclic(2), 0), (1, 0))
DRAWN: list[Drawable] = [SQUARE, LABEL, CORNER, symmetric(3), product(chain(3), chain(3)), discrete(()), FLIP]


def hostile() -> Category:
    return discrete([HOSTILE, "plain"])


@pytest.mark.parametrize("format", FORMATS)
@pytest.mark.parametrize("value", DRAWN, ids=lambda value: value.name)
def test_everything_is_drawn_in_every_format(value: Drawable, format: str) -> None:  # noqa: A002
    assert draw(value, format)


def test_another_format_is_refused() -> None:
    with pytest.raises(ValueError, match="no format 'bmp'"):
        draw(SQUARE, "bmp")


def test_a_category_as_text() -> None:
    assert draw(symmetric(3), "text") == (
        "category symmetric(3): 1 object, 6 arrows\n"
        "  objects   o\n"
        "  arrows    s1: o -> o, s2: o -> o\n"
        "  equations s1^2 = id(o), s2^2 = id(o), s2 >> s1 >> s2 = s1 >> s2 >> s1"
    )


def test_a_presheaf_as_text() -> None:
    assert draw(LABEL, "text") == (
        "presheaf Label on Square\n"
        "  a         {cat, dog}\n"
        "  b         {tom}\n"
        "  c         {rex}\n"
        "  d         {}\n"
        "  (a -> b)  tom |-> cat\n"
        "  (a -> c)  rex |-> dog"
    )


@pytest.mark.parametrize("value", [product(chain(4), chain(4)), discrete([f"object{n}" for n in range(200)])])
def test_text_fits_80_columns(value: Category) -> None:
    _, *lines = draw(value, "text").splitlines()
    assert all(len(line) <= 80 for line in lines)
    assert len(lines) < 40


def test_dot_quotes_labels() -> None:
    text = dot(Diagram("title", (HOSTILE,), ()))
    strings = re.findall(r'label="((?:[^"\\]|\\.)*)"', text)
    assert len(strings) == 2
    assert re.sub(r"\\(.)", r"\1", strings[1]) == visible(HOSTILE)
    assert re.sub(r'"(?:[^"\\]|\\.)*"', '""', text).count('"') % 2 == 0
    assert "\x1b" not in text


def test_mermaid_has_no_special_character_in_labels() -> None:
    text = mermaid(Diagram("title", (HOSTILE,), ()))
    (label,) = re.findall(r'\["(.*)"\]', text)
    assert re.fullmatch(r"[\w #;]*", label)
    assert len([line for line in text.splitlines() if line.strip().startswith("n")]) == 1


def test_latex_escapes_every_special_character() -> None:
    escaped = latex(HOSTILE)
    plain = re.sub(r"\$\\[a-z]+\$|\\mathbin\{>\\!>\}|\\[a-zA-Z]+\{\}|\\[{}$&#%_]", "", escaped)
    assert not set(plain) & set('\\{}$&#%_^~<>|"`\x1b')
    assert latex("f >> g -> α") == r"f $\mathbin{>\!>}$ g $\to$ $\alpha$"


@given(st.text(max_size=30))
def test_latex_braces_balance(text: str) -> None:
    bare = latex(text).replace(r"\{", "").replace(r"\}", "")
    assert bare.count("{") == bare.count("}")
    assert bare.replace(r"\$", "").count("$") % 2 == 0


def test_tikz_places_every_object() -> None:
    text = tikz_cd(diagram(SQUARE))
    rows = text[text.index("large]\n") + 7 : text.index("  \\arrow")].strip().split("\\\\\n")
    assert [[cell.strip() for cell in row.split("&")] for row in rows] == [
        ["", r"\text{b}", ""],
        [r"\text{a}", "", r"\text{d}"],
        ["", r"\text{c}", ""],
    ]
    assert text.count("\\arrow[") == 4


def test_parallel_arrows_and_loops_are_bent() -> None:
    drawn = Diagram("", ("x", "y"), (Edge(0, 1, "f"), Edge(0, 1, "g"), Edge(1, 0, "h"), Edge(0, 0, "l")))
    arrows = [line for line in tikz_cd(drawn).splitlines() if "\\arrow" in line]
    bends = [re.search(r"bend (left|right)=(\d+)", line) for line in arrows[:3]]
    # Opposite directions bend to opposite sides of the line when they bend to the same side of the arrow.
    assert len({(m and m[0], "to=1-1" in line) for m, line in zip(bends, arrows[:3], strict=True)}) == 3
    assert "loop" in arrows[3]


def test_a_quiver_link_holds_the_graph() -> None:
    link = quiver_link(diagram(symmetric(3)))
    prefix, _, data = link.partition("#q=")
    assert prefix == "https://q.uiver.app/"
    version, count, vertex, *edges = json.loads(base64.b64decode(data))
    assert (version, count) == (0, 1)
    assert vertex == [0, 0, r"\text{o}"]
    assert [edge[:3] for edge in edges] == [[0, 0, r"\text{s1}"], [0, 0, r"\text{s2}"]]
    assert all(isinstance(x, int) and x >= 0 for x in vertex[:2])


@pytest.mark.parametrize("value", [*DRAWN, hostile()], ids=lambda value: value.name[:10])
def test_an_svg_is_well_formed_and_loads_nothing(value: Drawable) -> None:
    text = draw(value, "svg")
    root = ElementTree.fromstring(text)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "title", "style", "rect", "path", "text"}
    assert not any("href" in attribute or attribute.startswith("on") for e in root.iter() for attribute in e.attrib)
    assert "url(" not in text
    assert "<script" not in text


def test_an_svg_has_every_object_and_arrow() -> None:
    root = ElementTree.fromstring(svg(diagram(symmetric(3))))
    texts = [(element.get("class"), element.text) for element in root.iter("{http://www.w3.org/2000/svg}text")]
    assert ("object", "o") in texts
    assert [text for kind, text in texts if kind == "label"] == ["s1", "s2"]
    assert next(text for kind, text in texts if kind == "caption") == "s1^2 = id(o)"
    assert len([e for e in root.iter("{http://www.w3.org/2000/svg}path") if e.get("class") == "edge"]) == 2


@pytest.mark.parametrize("value", DRAWN, ids=lambda value: value.name)
def test_an_svg_holds_all_that_is_drawn(value: Drawable) -> None:
    root = ElementTree.fromstring(draw(value, "svg"))
    _, _, wide, tall = map(float, str(root.get("viewBox")).split())
    for element in root.iter():
        if element.get("x") is not None:
            assert 0 <= float(str(element.get("x"))) <= wide
            assert 0 <= float(str(element.get("y"))) <= tall
        for x, y in re.findall(r"(-?[\d.]+),(-?[\d.]+)", element.get("d") or ""):
            assert 0 <= float(x) <= wide
            assert 0 <= float(y) <= tall


def test_objects_of_an_svg_do_not_overlap() -> None:
    root = ElementTree.fromstring(draw(product(product(chain(2), chain(2)), chain(2)), "svg"))
    boxes = []
    for element in root.iter("{http://www.w3.org/2000/svg}text"):
        if element.get("class") == "object":
            x, y, text = float(str(element.get("x"))), float(str(element.get("y"))), element.text or ""
            boxes.append((x - 4 * len(text), x + 4 * len(text), y - 9, y + 9))
    for index, (left, right, top, bottom) in enumerate(boxes):
        for other in boxes[:index]:
            assert right <= other[0] or other[1] <= left or bottom <= other[2] or other[3] <= top


def test_large_graphs_are_cut() -> None:
    drawn = diagram(discrete([f"x{n}" for n in range(500)]))
    assert len(drawn.nodes) == 60
    assert drawn.captions[-1] == "not drawn: 440 nodes"


@st.composite
def graphs(draw_from: st.DrawFn) -> Diagram:
    count = draw_from(st.integers(1, 8))
    ends = st.tuples(st.integers(0, count - 1), st.integers(0, count - 1))
    edges = draw_from(st.lists(ends, max_size=14))
    return Diagram("", tuple(f"n{n}" for n in range(count)), tuple(Edge(a, b, "e") for a, b in edges))


@given(graphs())
def test_nodes_have_different_places(drawn: Diagram) -> None:
    places = grid(drawn)
    assert len(set(places)) == len(drawn.nodes)
    assert all(x >= 0 and y >= 0 for x, y in places)


@given(graphs())
def test_edges_of_acyclic_graphs_point_one_way(drawn: Diagram) -> None:
    layered = layers(drawn)
    backwards = [e for e in drawn.edges if e.tail != e.head and layered.layer[e.tail] >= layered.layer[e.head]]
    if is_acyclic(drawn):
        assert not backwards
    for edge, bends in zip(drawn.edges, layered.bends, strict=True):
        if edge.tail != edge.head:
            assert len(bends) == abs(layered.layer[edge.tail] - layered.layer[edge.head]) - 1


@given(graphs())
def test_every_graph_has_an_svg(drawn: Diagram) -> None:
    root = ElementTree.fromstring(svg(drawn))
    paths = [e for e in root.iter("{http://www.w3.org/2000/svg}path") if e.get("class") == "edge"]
    assert len(paths) == len(drawn.edges)


@pytest.mark.parametrize("category", [cyclic(4), symmetric(3), SQUARE, product(chain(2), chain(3))])
def test_relations_hold_and_suffice(category: Category) -> None:
    """Rewriting by the relations, left to right, takes every path to the word of its arrow."""
    rules = [(left.word, right.word) for left, right in relations(category)]
    for left, right in relations(category):
        assert category.trace(left.dom, left.word) == category.trace(right.dom, right.word)
    for f in range(category.arrow_count):
        for generator in category.leaving[category.target(f)]:
            word = (*category.word(f), generator)
            while True:
                hits = [(i, r) for r in rules for i in range(len(word)) if word[i : i + len(r[0])] == r[0]]
                if not hits:
                    break
                position, (left_word, right_word) = hits[0]
                word = word[:position] + right_word + word[position + len(left_word) :]
            assert word == category.word(category.step(f, generator))


def test_paths_use_powers() -> None:
    assert [path_text(cyclic(4), side) for side in relations(cyclic(4))[0]] == ["r^4", "id(o)"]


def test_two_routes_of_two_arrows_are_a_square() -> None:
    left, right = Route("a", (("f", "b"), ("h", "d"))), Route("a", (("g", "c"), ("k", "d")))
    assert draw_failure(left, right).splitlines() == [
        "a ─ f ──▶ b",
        "│    ≠    │",
        "│ g       │ h",
        "▼         ▼",
        "c ─ k ──▶ d",
    ]


def test_routes_of_different_lengths_are_stretched() -> None:
    long, short = Route("x", (("f", "y"), ("g", "z"))), Route("x", (("h", "z"),))
    rows = draw_failure(long, short).splitlines()
    assert rows == ["x ── f ─▶ y ── g ─▶ z", "≠", "x ─────── h ──────▶ z"]


def test_an_identity_is_said_to_be_one() -> None:
    assert draw_failure(Route("x", ()), Route("x", (("r", "x"),))).splitlines()[0] == "x (identity)"


def test_what_is_too_wide_is_left_out() -> None:
    wide = Route("x", (("f" * 90, "y"),))
    assert draw_failure(wide, Route("x", (("g", "y"),))) == ""


def test_labels_of_a_failure_stay_on_their_line() -> None:
    assert draw_failure(Route("x", (("a\nb", "y"),)), Route("x", (("g", "y"),))).count("\n") == 2
