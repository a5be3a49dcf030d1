"""Asking about relations at hand: the same verdicts as scripts that write them out."""

import numpy as np
import pytest

import formal
from formal import Profunctor, Relations, ask
from formal.text import Code, Rejection

RELATIONS = Relations.from_matrix(
    [[1, 0.5, 0.25], [0, 1, 0.5], [0, 0, 1]], labels=["a", "b", "c"], tasks={"up": [0.5, 1, 0], "far": [0, 0, 1]}
)


@pytest.mark.parametrize(
    ("formula", "outcome"),
    [
        ("is_category(K)", "proved"),
        ("representable(up)", "proved"),
        ("representable(far, within: 1/3)", "refuted"),
        ("is_presheaf(far)", "refuted"),
        ("prompt_number(far, within: 1/2) = 1", "proved"),
    ],
)
def test_an_answer_is_that_of_the_script(formula, outcome):
    found = ask(formula, K=RELATIONS, **RELATIONS.tasks)
    assert found.outcome == outcome
    script = f"{RELATIONS.to_script('K')}claim c: {formula} expect {outcome}\n"
    report = formal.check(script)
    assert report.ok, str(report)
    assert report["c"].outcome == outcome


def test_profunctors_and_matrices():
    depicted = Profunctor.from_matrix([[1, 0.25], [0.5, 1]], rows=["cat", "pet"], columns=["i", "j"])
    assert ask("representable(w, in: P)", P=depicted, w=depicted.column("i")).proved
    assert ask("is_category(K, within: 1/2)", K=RELATIONS.relation).proved


def test_a_cosine_is_refuted_with_its_defect():
    found = ask(
        "is_category(K, within: 1/3)", K=Relations.from_embeddings(np.array([[1, 0], [1, 1], [0, 1]]), "cosine")
    )
    assert found.refuted
    assert "0.5" in str(found)


def test_what_cannot_be_asked():
    def code(build):
        with pytest.raises(Rejection) as caught:
            build()
        return caught.value.diagnostics[0].code

    assert code(lambda: ask("is_category(L)", K=RELATIONS)) is Code.UNKNOWN_NAME
    mixed = {"K": RELATIONS, "C": formal.poset([[1]])}
    assert code(lambda: ask("is_category(K)", **mixed)) is Code.WRONG_KIND
    assert code(lambda: ask("is_category(K", K=RELATIONS)) is Code.SYNTAX
