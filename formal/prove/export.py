"""Obligations for other provers, as TPTP and as SMT-LIB: to be read by people, and solved by whatever they trust.

Names are kept where the language allows it. What is said is the plain form of ``formal.prove.plain``.

Source: Sutcliffe, The TPTP problem library and associated infrastructure (2017), for FOF; Barrett, Fontaine, Tinelli,
The SMT-LIB Standard, version 2.6.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from formal.herbrand.problem import Term
from formal.prove.plain import Plain, PlainFormula, plain


def to_tptp(claim: bytes) -> str:
    """An obligation in first-order form (FOF), its goal as the conjecture.

    Raises:
        formal.herbrand.Rejected: the claim is not well-formed.
    """
    obligation = plain(claim)
    names = _Names(_tptp_symbol)
    axioms = (("Types", obligation.typing), ("Laws and hypotheses", obligation.axioms))
    lines = [f"% {line}" for line in _title(obligation)]
    for heading, formulas in axioms:
        lines += ["", f"% {heading}"]
        lines += [f"fof({_quoted(name)}, axiom, {_tptp(formula, names)})." for name, formula in formulas]
    lines += ["", "% Goal", f"fof(goal, conjecture, {_tptp(obligation.goal, names)}).", ""]
    return "\n".join(lines)


def to_smtlib(claim: bytes) -> str:
    """An obligation as assertions with its goal negated: it holds if they are unsatisfiable.

    Raises:
        formal.herbrand.Rejected: the claim is not well-formed.
    """
    obligation = plain(claim)
    names = _Names(_smtlib_symbol, dict.fromkeys(_RESERVED, ""))
    lines = [f"; {line}" for line in _title(obligation)]
    lines += ["(set-logic UF)", "", *(f"(declare-sort {names.of('sort', sort)} 0)" for sort in obligation.sorts), ""]
    for name, domain in obligation.predicates:
        lines.append(f"(declare-fun {names.of('predicate', name)} {_domain(domain, names)} Bool)")
    for name, domain, sort in obligation.functions:
        lines.append(f"(declare-fun {names.of('function', name)} {_domain(domain, names)} {names.of('sort', sort)})")
    for heading, formulas in (("Types", obligation.typing), ("Laws and hypotheses", obligation.axioms)):
        lines += ["", f"; {heading}"]
        lines += [_assertion(name, _smtlib(formula, names), names) for name, formula in formulas]
    goal = _assertion("negated goal", f"(not {_smtlib(obligation.goal, names)})", names)
    return "\n".join([*lines, "", "; Goal", goal, "(check-sat)", ""])


def _title(obligation: Plain) -> Iterator[str]:
    yield f"Theorem {obligation.theorem}, obligation {obligation.obligation}."
    yield "ob.C(x): x is an object of C; hom.C(x, y, f): f is an arrow x -> y; el.T(x, t): t is an element of T over x."
    yield "There need not be any. Where arguments do not fit, functions have some value, no matter which."


@dataclass(slots=True)
class _Names:
    """What things are called in a text: different things differently.

    Args:
        write: a name that may stand in the text, from a number of candidates (the first has number 1).
    """

    write: Callable[[str, int], str]
    taken: dict[str, str] = field(default_factory=dict)
    found: dict[tuple[str, str], str] = field(default_factory=dict)

    def of(self, kind: str, name: str) -> str:
        """The name of something of some kind."""
        if (kind, name) not in self.found:
            number = 1
            while (text := self.write(name, number)) in self.taken:
                number += 1
            self.taken[text] = ""
            self.found[kind, name] = text
        return self.found[kind, name]


def _term(variables: _Names, functions: _Names, apply: Callable[[str, Iterable[str]], str], term: Term) -> str:
    """A term by its names, as ``apply`` writes applications."""
    if isinstance(term, str):
        return variables.of("variable", term)
    head, *arguments = term
    written = (_term(variables, functions, apply, argument) for argument in arguments)  # type: ignore[arg-type]
    return apply(functions.of("function", str(head)), written)


def _ascii(name: str) -> str:
    """A name with ``u1234`` for what is not ASCII."""
    return "".join(letter if " " <= letter <= "~" else f"u{ord(letter):04x}" for letter in name)


def _numbered(name: str, number: int) -> str:
    return name if number == 1 else f"{name}_{number}"


# --- TPTP ------------------------------------------------------------------------------------------


def _quoted(name: str) -> str:
    """A TPTP atom."""
    text = _ascii(name)
    if re.fullmatch("[a-z][A-Za-z0-9_]*", text):
        return text
    return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'"


def _tptp_symbol(name: str, number: int) -> str:
    return _quoted(_numbered(name, number))


def _tptp_variable(name: str, number: int) -> str:
    text = re.sub("[^A-Za-z0-9_]", "", name.replace("\0", "_2"))
    return _numbered(text[0].upper() + text[1:] if text[:1].isalpha() else f"V{text}", number)


def _tptp(formula: PlainFormula, names: _Names) -> str:
    return _tptp_part(formula, names, _Names(_tptp_variable))


def _tptp_part(formula: PlainFormula, names: _Names, variables: _Names) -> str:
    """A formula as one that needs no brackets around it; the stack is as deep as the claim's brackets."""
    term = partial(_term, variables, names, _call)
    kind, *parts = formula
    match kind:
        case "forall" | "exists":
            telescope, body = parts
            mark, bound = "!" if kind == "forall" else "?", ",".join(term(name) for name, _ in telescope)
            return f"{mark}[{bound}]: {_tptp_part(body, names, variables)}"
        case "=":
            return f"{term(parts[0])} = {term(parts[1])}"
        case "holds":
            return _call(names.of("predicate", parts[0]), map(term, parts[1:]))
        case "not":
            if parts[0][0] == "=":
                return f"{term(parts[0][1])} != {term(parts[0][2])}"
            return f"~ {_tptp_part(parts[0], names, variables)}"
        case "and" | "or" if len(parts) < 2:
            truth = "$true" if kind == "and" else "$false"
            return _tptp_part(parts[0], names, variables) if parts else truth
    joint = {"and": " & ", "or": " | ", "implies": " => ", "iff": " <=> "}[kind]
    return f"({joint.join(_tptp_part(part, names, variables) for part in parts)})"


def _call(head: str, arguments: Iterable[str]) -> str:
    listed = ",".join(arguments)
    return f"{head}({listed})" if listed else head


# --- SMT-LIB ---------------------------------------------------------------------------------------

_RESERVED = (
    *("true", "false", "not", "and", "or", "xor", "=>", "=", "distinct", "ite", "let", "forall", "exists", "match"),
    *("par", "!", "_", "as", "Bool", "is"),
)
_SIMPLE = re.compile(r"[A-Za-z~!@$%^&*_+=<>.?/-][A-Za-z0-9~!@$%^&*_+=<>.?/-]*")


def _smtlib_symbol(name: str, number: int) -> str:
    text = _numbered(_ascii(name.replace("\0", "_2")).replace("|", "u007c").replace("\\", "u005c"), number)
    return text if _SIMPLE.fullmatch(text) and text[0] not in "@." else f"|{text}|"


def _domain(sorts: tuple[str, ...], names: _Names) -> str:
    return f"({' '.join(names.of('sort', sort) for sort in sorts)})"


def _assertion(name: str, text: str, names: _Names) -> str:
    return f"(assert (! {text} :named {names.of('assertion', name)}))"


def _smtlib(formula: PlainFormula, names: _Names) -> str:
    """A formula. Variables are called like nothing else in the text."""
    term = partial(_term, names, names, _listed)
    kind, *parts = formula
    match kind:
        case "forall" | "exists":
            telescope, body = parts
            bound = " ".join(f"({term(name)} {names.of('sort', sort)})" for name, sort in telescope)
            return f"({kind} ({bound}) {_smtlib(body, names)})"
        case "=":
            return f"(= {term(parts[0])} {term(parts[1])})"
        case "holds":
            return _listed(names.of("predicate", parts[0]), map(term, parts[1:]))
        case "and" | "or" if len(parts) < 2:
            truth = "true" if kind == "and" else "false"
            return _smtlib(parts[0], names) if parts else truth
    head = {"implies": "=>", "iff": "="}.get(str(kind), str(kind))
    return _listed(head, (_smtlib(part, names) for part in parts))


def _listed(head: str, arguments: Iterable[str]) -> str:
    listed = " ".join(arguments)
    return f"({head} {listed})" if listed else head
