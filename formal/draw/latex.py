"""Graphs as tikz-cd diagrams, and as links to the quiver editor, whose labels are LaTeX too.

Source: A. Jeffrey, tikz-cd: Commutative diagrams with TikZ; N. Arkor, quiver (the format of its links, version 0).
"""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterator

from formal.draw.diagram import Diagram, Edge
from formal.draw.layout import grid
from formal.text.escape import visible

_SPECIAL = {
    "\\": r"\textbackslash{}",
    "{": r"\{",
    "}": r"\}",
    "$": r"\$",
    "&": r"\&",
    "#": r"\#",
    "%": r"\%",
    "_": r"\_",
    "^": r"\textasciicircum{}",
    "~": r"\textasciitilde{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedbl{}",
    "`": r"\textasciigrave{}",
    "→": r"$\to$",
    "⇒": r"$\Rightarrow$",
    "↦": r"$\mapsto$",
    "∈": r"$\in$",
    "…": r"\ldots{}",
    "≠": r"$\neq$",
}
_GREEK = (
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho varsigma sigma tau "
    "upsilon phi chi psi omega"
)
_NO_MACRO = {"omicron": "o"}
_SMALL = {chr(0x3B1 + index): name for index, name in enumerate(_GREEK.split())}
_CAPITAL = {
    chr(0x391 + index): name.capitalize()
    for index, name in enumerate(_GREEK.split())
    if name in ("gamma", "delta", "theta", "lambda", "xi", "pi", "sigma", "upsilon", "phi", "psi", "omega")
}
_WORDS = (("|->", r"$\mapsto$"), ("->", r"$\to$"), (">>", r"$\mathbin{>\!>}$"))
_CURVES = (0, 1, -1, 2, -2, 3, -3)


def latex(text: str) -> str:
    r"""A label for text mode, inside ``\text{…}``: arrows as symbols, every special character escaped.

    Characters that an ordinary LaTeX run has no font for are named by their code.
    """
    result = []
    shown = visible(text)
    position = 0
    while position < len(shown):
        for word, macro in _WORDS:
            if shown.startswith(word, position):
                result.append(macro)
                position += len(word)
                break
        else:
            result.append(_character(shown[position]))
            position += 1
    return "".join(result)


def _character(character: str) -> str:
    if character in _SPECIAL:
        return _SPECIAL[character]
    name = _SMALL.get(character) or _CAPITAL.get(character)
    if name is not None:
        return _NO_MACRO.get(name, f"$\\{name}$")
    if character < "\u0250":
        return character
    return f"U+{ord(character):04X}"


def tikz_cd(diagram: Diagram) -> str:
    """A document with the diagram, which compiles as it is; the environment can be pasted into another.

    Parallel arrows are bent apart, loops stand above their object.
    """
    places = grid(diagram)
    cells: dict[tuple[int, int], str] = {
        place: _label(label) for place, label in zip(places, diagram.nodes, strict=True)
    }
    columns = max((x for x, _ in places), default=0) + 1
    rows = max((y for _, y in places), default=0) + 1
    body = [" & ".join(cells.get((x, y), "") for x in range(columns)).rstrip() for y in range(rows)]
    arrows = [_arrow(edge, places, curve, turn) for edge, curve, turn in _bent(diagram)]
    comments = [f"% {_comment(line)}" for line in (diagram.title, *diagram.captions)]
    lines = [
        r"\documentclass[tikz,border=4pt]{standalone}",
        r"\usepackage[T1]{fontenc}",
        r"\usepackage{amsmath,tikz-cd}",
        r"\begin{document}",
        *comments,
        r"\begin{tikzcd}[column sep=large]",
        " \\\\\n".join(f"  {row}" for row in body),
        *(f"  {arrow}" for arrow in arrows),
        r"\end{tikzcd}",
        r"\end{document}",
    ]
    return "\n".join(lines)


def _bent(diagram: Diagram) -> Iterator[tuple[Edge, int, int]]:
    """Each edge with how far it is bent, 0 for straight, and for loops how many came before on their node."""
    seen: Counter[frozenset[int]] = Counter()
    total = Counter(frozenset((edge.tail, edge.head)) for edge in diagram.edges)
    for edge in diagram.edges:
        ends = frozenset((edge.tail, edge.head))
        number = seen[ends]
        seen[ends] += 1
        steps = _CURVES if total[ends] % 2 else _CURVES[1:]
        curve = steps[number % len(steps)]
        yield edge, curve if edge.tail < edge.head else -curve, number


def _arrow(edge: Edge, places: tuple[tuple[int, int], ...], curve: int, number: int) -> str:
    ends = [f"{places[node][1] + 1}-{places[node][0] + 1}" for node in (edge.tail, edge.head)]
    options = [f'"{{{_label(edge.label)}}}"'] if edge.label else []
    options += [f"from={ends[0]}", f"to={ends[1]}"]
    if edge.tail == edge.head:
        middle = (90, 270, 0, 180)[number % 4]
        options += [
            "loop",
            f"out={(middle + 25) % 360}",
            f"in={(middle - 25) % 360}",
            f"distance={8 + number // 4 * 5}mm",
        ]
    elif curve:
        options.append(f"bend {'left' if curve > 0 else 'right'}={15 * abs(curve)}")
    return f"\\arrow[{', '.join(options)}]"


def _label(text: str) -> str:
    return f"\\text{{{latex(text)}}}"


def _comment(text: str) -> str:
    return visible(text)


def quiver_link(diagram: Diagram) -> str:
    """A link that opens the diagram in the quiver editor.

    The link's fragment is base64 of the JSON array ``[0, number of vertices, vertices…, edges…]``: a vertex is
    ``[column, row, label]``, an edge ``[tail, head, label, 0, options]``.
    """
    cells: list[list[object]] = [
        [x, y, _label(label)] for (x, y), label in zip(grid(diagram), diagram.nodes, strict=True)
    ]
    for edge, curve, number in _bent(diagram):
        cell: list[object] = [edge.tail, edge.head, _label(edge.label) if edge.label else ""]
        if edge.tail == edge.head:
            cell += [0, {"radius": 3, "angle": (0, 180, 90, -90)[number % 4]}]
        elif curve:
            cell += [0, {"curve": -curve}]
        cells.append(cell)
    document = json.dumps([0, len(diagram.nodes), *cells], separators=(",", ":"), ensure_ascii=False)
    return f"https://q.uiver.app/#q={base64.b64encode(document.encode()).decode('ascii')}"
