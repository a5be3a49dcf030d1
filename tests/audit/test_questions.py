"""The questions of an audit, one by one; the services are stubs where no solver is needed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from formal.audit.claim import Told, audit_claim
from formal.audit.opposite import NotApplicable, opposite
from formal.audit.result import Answer, Audit, Fails, Question, Row, Settle, Settled, Undecided
from formal.audit.same import conjuncts, key
from formal.audit.theorem import audit
from formal.audit.variant import assumptions, bare, without
from formal.decide.decision import decide
from formal.elaborate.module import Loader
from formal.instance.script import GOAL
from formal.logic.formula import Formula as ClaimFormula
from formal.statement.elaborate import elaborate
from formal.statement.model import Obligation, Statement
from formal.statement.show import show_formula
from formal.syntax import ast
from formal.text import Source
from formal.verdict.result import Outcome
from formal.verify.options import Options
from formal.verify.run import check_text
from tests.audit.services import services


@pytest.fixture(scope="module")
def settle() -> Iterator[Settle]:
    with services() as settle:
        yield settle


def statement(text: str) -> Statement:
    script = Loader(Path()).elaborate(Source("stated.cat", text))
    assert not script.diagnostics
    return elaborate(script.theorems[-1], script.module, "stated.cat")


def read(node: ast.TheoremDecl) -> Statement:
    """Theorems of scripts without declarations."""
    return elaborate(node, Loader(Path()).elaborate(Source("empty.cat", "")).module, "empty.cat")


def answers(rows: tuple[Row, ...], question: Question) -> dict[str, Answer]:
    return {row.subject: row.answer for row in rows if row.question is question}


def gives_up(_: Statement, obligation: Obligation) -> Settled:
    return Undecided("nobody tried")


# --- answers --------------------------------------------------------------------------------------


def test_the_converse_is_asked_of_every_hypothesis(settle: Settle) -> None:
    stated = statement(
        """theorem composite { given category C, object X, Y, Z in C, arrow f: X -> Y, g: Y -> Z
             assume first: mono(f) assume second: mono(g) show mono(f >> g) }"""
    )
    found = audit(stated, settle, read, questions=(Question.CONVERSE,))
    assert answers(found.rows, Question.CONVERSE) == {"first": Answer.YES, "second": Answer.NO, "": Answer.NO}
    assert found.findings == ()


def test_a_goal_is_read_in_the_opposite_categories(settle: Settle) -> None:
    stated = statement(
        """theorem t { given category C, object X, Y in C, arrow f: X -> Y
             assume split_mono(f) show left: mono(f) show right: iso(f) iff iso(f) show presheaf: X = X }"""
    )
    found = audit(stated, settle, read, questions=(Question.OPPOSITE,))
    told = answers(found.rows, Question.OPPOSITE)
    assert told["left"] is Answer.NO
    assert told["right"] is Answer.YES


@pytest.mark.parametrize(
    ("goal", "dual"),
    [
        ("mono(f)", "epi(f)"),
        ("epi(f)", "mono(f)"),
        ("split_mono(f)", "split_epi(f)"),
        ("mono(f >> g)", "epi(f >> g)"),
        ("terminal(X)", "initial(X)"),
        ("has(C, products)", "has(C, coproducts)"),
        ("has(C, equalizers)", "has(C, coequalizers)"),
        ("has(C, pullbacks)", "has(C, pushouts)"),
        ("thin(C)", "thin(C)"),
        ("full(F)", "forall X, Y in C, h: F(Y) -> F(X). exists f: Y -> X. F(f) = h"),
        ("preserves(F, products)", "preserves(F, coproducts)"),
        ("mono(F(f))", "epi(F(f))"),
        ("has_left_adjoint(F)", "has_right_adjoint(F)"),
    ],
)
def test_the_opposite_of_a_predicate_is_its_dual(goal: str, dual: str) -> None:
    stated = statement(
        f"""theorem t {{ given category C, D, functor F: C -> D
              given object X, Y, Z in C, arrow f: X -> Y, g: Y -> Z
              show one: {goal} show other: {dual} }}"""
    )
    one, other = stated.obligations
    assert key(opposite(one.formula)) == key(other.formula), show_formula(opposite(one.formula))


@pytest.mark.parametrize(
    "goal",
    [
        "universal(T, at: u)",
        "T(f)(u) = T(f)(u)",
        "mono(f) and terminal(X)",
        "pullback(f, f, f, f)",
        "mono(k)",
        "iso(t(X))",
    ],
)
def test_what_cannot_be_turned_round_is_let_be(goal: str) -> None:
    stated = statement(
        f"""theorem t {{ given category C, presheaf T on C, object X in C, arrow f: X -> X, element u in T(X)
              given object Y in C, functor G, H: C -> C, family t: G => H, arrow k: X -> Y, l: X -> X
              show {goal} and (mono(k) or epi(l)) }}"""
    )
    with pytest.raises(NotApplicable):
        opposite(stated.obligations[0].formula)


def test_nothing_is_found_where_nothing_is_decided() -> None:
    stated = statement(
        """theorem t { given category C, object X in C, arrow f: X -> X
             assume a: mono(f) assume b: epi(f) show iso(f) accept redundant(a): "perhaps" }"""
    )
    found = audit(stated, gives_up, read)
    assert found.findings == ()
    assert {row.answer for row in found.rows if row.question is not Question.OPPOSITE} == {Answer.UNDECIDED}


def test_a_refuted_theorem_is_asked_less(settle: Settle) -> None:
    stated = statement("theorem t { given category C, object X, Y in C assume h: isomorphic(X, Y) show X = Y }")
    (obligation,) = stated.obligations
    refuted = settle(stated, obligation)
    assert isinstance(refuted, Fails)
    found = audit(stated, settle, read, refutation=refuted.model)
    assert answers(found.rows, Question.SMALLEST) == {"": Answer.YES}
    assert not answers(found.rows, Question.NEEDED)
    assert found.findings == ()


# --- leaving out ----------------------------------------------------------------------------------

CHOSEN = """theorem t { given category C, D, functor F: C -> D, object Y in D
  assume small: thin(C)
  assume dense: forall Z in D. exists X in C, e: F(X) -> Z. iso(e)
  assume large: full(F)
  obtain X, e from dense
  have step: iso(e(Y))
  show isomorphic(F(X(Y)), Y)
}"""


def test_what_rests_on_a_hypothesis_goes_with_it() -> None:
    stated = statement(CHOSEN)
    assert [assumption.subject for assumption in assumptions(stated)] == ["small", "dense", "large"]
    for subject in ("small", "dense", "large"):
        left = {h.name.partition(".")[0] for h in without(stated, {subject}).hypotheses}
        assert left == {"C", "D", "F", "small", "dense", "large"} - {subject}
    assert {h.name.partition(".")[0] for h in bare(stated).hypotheses} == {"C", "D", "F"}


def test_a_goal_about_what_was_chosen_needs_the_choice() -> None:
    found = audit(statement(CHOSEN), gives_up, read, questions=(Question.NEEDED,))
    assert {(row.answer, row.evidence) for row in found.rows} == {
        (Answer.NOT_APPLICABLE, "the theorem is about `X`, which rests on it")
    }


def test_an_isomorphism_can_be_left_out_as_such() -> None:
    stated = statement(
        "theorem t { given category C, presheaf S, T on C given isomorphism phi: S => T show natural(phi) }"
    )
    (assumption,) = assumptions(stated)
    assert assumption.subject == "phi"
    names = {h.name for h in without(stated, assumption.names).hypotheses}
    assert "phi.naturality" in names
    assert not any(name.startswith("phi.inverse") for name in names)


def test_without_an_isomorphism_there_is_no_arrow_back(settle: Settle) -> None:
    stated = statement(
        """theorem t { given category C, object X, Y in C, isomorphism e: X -> Y show exists f: Y -> X. true }"""
    )
    (row,) = audit(stated, settle, read, questions=(Question.NEEDED,)).rows
    assert (row.subject, row.answer) == ("e", Answer.NEEDED)


def test_whether_the_goal_implies_an_isomorphism_is_not_about_what_is_called_its_inverse(settle: Settle) -> None:
    stated = statement(
        """theorem t { given category C, object X, Y in C, isomorphism e: X -> Y show split_mono(e) and epi(e) }"""
    )
    (row,) = audit(stated, settle, read, questions=(Question.CONVERSE,)).rows
    assert (row.subject, row.answer) == ("e", Answer.YES)


@pytest.mark.parametrize("question", [Question.NEEDED, Question.CONVERSE])
def test_what_is_about_an_inverse_cannot_be_asked_without_it(question: Question) -> None:
    stated = statement(
        """theorem t { given category C, object X, Y in C, isomorphism e: X -> Y, arrow f: X -> X
             assume fits: e^-1 >> f = e^-1 show f = id(X) }"""
    )
    found = audit(stated, gives_up, read, questions=(question,))
    told = {row.subject: row for row in found.rows if row.answer is Answer.NOT_APPLICABLE}
    assert list(told) == ["e" if question is Question.NEEDED else "fits"]
    assert all("the inverse of `e`" in row.evidence for row in told.values())


def test_that_there_is_an_arrow_may_be_needed_though_nothing_mentions_it(settle: Settle) -> None:
    given = "given category C, object X, Y in C, arrow f: X -> Y"
    for goal, answer in (("exists g: X -> Y. true", Answer.YES), ("exists Z in C. Z = X", Answer.NO)):
        found = audit(statement(f"theorem t {{ {given} show {goal} }}"), settle, read, questions=(Question.USED,))
        assert answers(found.rows, Question.USED)["f"] is answer


# --- counter-models of variants, as scripts -------------------------------------------------------


def test_every_model_of_an_audit_is_a_script_that_stands_by_itself() -> None:
    text = """theorem t { given category C, object X, Y, Z in C, isomorphism e: X -> Y, arrow f: Y -> Z
      assume first: mono(f) let g := e >> f show mono(g) }"""
    (claim,) = check_text(text, Options(cache=False, audit=True)).claims
    scripts = {(row.question, row.subject): row.script for row in claim.audit if row.script}
    assert set(scripts) == {
        (Question.SATISFIABLE, ""),
        (Question.NEEDED, "e"),
        (Question.NEEDED, "first"),
        (Question.TAUTOLOGY, ""),
        (Question.CONVERSE, "e"),
        (Question.CONVERSE, "first"),
        (Question.OPPOSITE, "show"),
    }
    for script in scripts.values():
        file = check_text(script, Options(cache=False))
        assert not file.diagnostics
        assert [c.name for c in file.claims if c.outcome is Outcome.REFUTED] == [GOAL]
        assert all(c.as_expected and c.certified for c in file.claims)


def test_a_goal_that_has_other_words_in_the_opposite_category_is_spelled_out() -> None:
    text = """theorem t { given category C, object X, T in C assume terminal(T)
      show has(subcategory(C, X, T), terminal) }"""
    (claim,) = check_text(text, Options(cache=False, audit=True)).claims
    assert claim.trouble is None
    (row,) = (row for row in claim.audit if row.question == Question.OPPOSITE)
    assert row.answer == Answer.NO
    assert check_text(row.script, Options(cache=False)).claims[-1].outcome is Outcome.REFUTED


def test_the_conclusion_is_assumed_where_a_hypothesis_is_to_follow() -> None:
    text = "theorem t { given category C, object X, Y in C, arrow f: X -> Y assume iso(f) show mono(f) }"
    (claim,) = check_text(text, Options(cache=False, audit=True)).claims
    (row,) = (row for row in claim.audit if row.question == Question.CONVERSE)
    assert row.script.startswith("# The converse of t: the goal holds here, and what it should imply fails.\n")
    claims = dict(re.findall(r"(?m)^claim (\w+): (.*?)(?: expect refuted)?$", row.script))
    assert claims["conclusion"] == "mono(f)"
    assert claims["goal"] == "iso(f)"


# --- the same formula -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("forall X in C. forall f: X -> X. f = id(X)", "forall Y in C, g: Y -> Y. id(Y) = g", True),
        ("forall X, Y in C. exists f: X -> Y. true", "forall X, Y in C. exists f: Y -> X. true", False),
        ("exists X in C. forall Y in C. X = Y", "forall Y in C. exists X in C. X = Y", False),
        ("exists! X in C. true", "exists X in C. true", False),
        ("thin(C) and groupoid(C)", "(thin(C) and groupoid(C)) and true", True),
        ("thin(C) or groupoid(C)", "groupoid(C) or thin(C)", False),
        ("forall X, Y in C, f: Y -> X. iso(f)", "forall A, B in C, f: A -> B. iso(f)", True),
        (
            "forall X, Y in C, f: X -> X, g: Y -> Y. f = id(X)",
            "forall X, Y in C, f: X -> X, g: Y -> Y. g = id(Y)",
            False,
        ),
        ("forall X, Y in C. terminal(X) and terminal(Y)", "forall X, Y in C. terminal(X) and terminal(X)", False),
        ("forall X in C. terminal(X)", "forall X, W in C. exists! f: W -> X. true", True),
        ("thin(C)", "thin(D)", False),
    ],
)
def test_formulas_are_the_same_up_to_letters(one: str, other: str, same: bool) -> None:
    stated = statement(f"theorem t {{ given category C, D show {one} show {other} }}")
    first, second = (o.formula for o in stated.obligations)
    parts = tuple(map(key, conjuncts(first))), tuple(map(key, conjuncts(second)))
    assert (parts[0] == parts[1]) is same


# --- claims ---------------------------------------------------------------------------------------

STRUCTURES = """
category C { objects X, Y arrows e: X -> X, m: X -> Y equations e^2 = e, e >> m = m }
"""


def of_claim(formula: str) -> Audit | None:
    script = Loader(Path()).elaborate(Source("claims.cat", f"{STRUCTURES}claim c: {formula}"))
    assert not script.diagnostics
    (claim,) = script.claims

    def told(asked: ClaimFormula) -> Told:
        return Told(decide(asked).value, "a reason")

    return audit_claim(claim.name, claim.span, claim.formula, told, is_refuted=not decide(claim.formula).value)


@pytest.mark.parametrize(
    ("formula", "codes"),
    [
        ("thin(C)", None),
        ("forall f: X -> Y. f = m", None),
        ("thin(C) implies skeletal(C)", ["vacuous"]),
        ("skeletal(C) implies thin(C)", []),
        ("skeletal(C) implies e >> e = e", ["redundant"]),
        ("forall A, B in C, f: A -> B. split_mono(f) implies iso(f)", []),
        ("forall A in C, f: A -> A. not f = f implies mono(f)", ["vacuous"]),
        ("forall A in C, f: A -> A. mono(f) implies f >> f = f", ["redundant"]),
        ("forall f: Y -> X. mono(f) implies epi(f)", ["vacuous"]),
    ],
)
def test_claims_with_hypotheses_are_audited(formula: str, codes: list[str] | None) -> None:
    found = of_claim(formula)
    assert (None if found is None else [str(d.code) for d in found.diagnostics]) == codes


def test_a_refuted_claim_is_not_asked_what_it_needs() -> None:
    found = of_claim("skeletal(C) implies thin(C)")
    assert found is not None
    assert [(row.question, row.answer) for row in found.rows] == [(Question.SATISFIABLE, Answer.YES)]


def test_the_rows_of_a_claim_name_witnesses() -> None:
    text = f"{STRUCTURES}claim c: forall A, B in C, f: A -> B. (split_mono(f) and epi(f)) implies iso(f)"
    (claim,) = check_text(text, Options(cache=False, audit=True)).claims
    needed = next(row for row in claim.audit if row.question == Question.NEEDED)
    assert "f = `e: X -> X`" in needed.evidence


def test_a_claim_that_is_not_decided_gives_no_finding() -> None:
    script = Loader(Path()).elaborate(Source("claims.cat", f"{STRUCTURES}claim c: thin(C) implies skeletal(C)"))
    (claim,) = script.claims
    found = audit_claim(claim.name, claim.span, claim.formula, lambda _: None)
    assert found is not None
    assert found.findings == ()
    assert {row.answer for row in found.rows} == {Answer.UNDECIDED}
