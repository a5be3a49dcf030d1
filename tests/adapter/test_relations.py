import itertools
import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stnp

import formal
from formal import Profunctor, Relations
from formal.bundle import matrix, read_bundle, vector
from formal.bundle.kernel import KERNELS, kernel_matrix
from formal.quantale import Quantale
from formal.text import Code, Rejection

POINTS = np.array([[1.0, 0.0, 0.0], [0.0, 2.0, 0.0], [-3.0, 0.0, 0.0], [1.0, 1.0, 0.0]])

clouds = stnp.arrays(
    np.float64,
    st.tuples(st.integers(1, 6), st.integers(1, 4)),
    elements=st.floats(-8, 8, width=32).filter(lambda x: x == 0 or abs(x) > 1e-6),
)
directed = clouds.filter(lambda points: np.abs(points).max(axis=1).all())


def rejected(build, words, code=Code.WRONG_ARGUMENTS):
    with pytest.raises(Rejection) as caught:
        build()
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code is code
    assert words in diagnostic.message, diagnostic.message
    return diagnostic


# --- kernels --------------------------------------------------------------------------------------


def test_kernels_by_hand():
    angular = kernel_matrix(POINTS, POINTS, "angular")
    expected = [[0, 1 / 2, 1, 1 / 4], [1 / 2, 0, 1 / 2, 1 / 4], [1, 1 / 2, 0, 3 / 4], [1 / 4, 1 / 4, 3 / 4, 0]]
    assert np.allclose(angular, np.exp(-np.pi * np.array(expected)), rtol=1e-14)
    cosine = kernel_matrix(POINTS, POINTS, "cosine")
    assert np.allclose(cosine[0], [1, 0, 0, math.sqrt(1 / 2)])
    distance = np.linalg.norm(POINTS[:, None] - POINTS[None], axis=2)
    assert np.allclose(kernel_matrix(POINTS, POINTS, "rbf", 2.0), np.exp(-(distance**2) / 8))
    assert np.allclose(kernel_matrix(POINTS, POINTS, "laplace", 2.0), np.exp(-distance / 2))


def test_small_angles_are_not_lost():
    pair = np.array([[1.0, 0.0], [1.0, 1e-9]])
    assert -math.log(kernel_matrix(pair, pair, "angular")[0, 1]) == pytest.approx(1e-9, rel=1e-6)
    huge = np.array([[1e300, 1e300], [1e-300, 0.0]])
    assert -math.log(kernel_matrix(huge, huge, "angular")[0, 1]) == pytest.approx(math.pi / 4)


@given(directed, st.sampled_from(KERNELS))
def test_kernels_are_symmetric_degrees(points, kernel):
    values = kernel_matrix(points, points, kernel)
    assert (values == values.T).all()
    assert ((values >= 0) & (values <= 1)).all()
    assert (np.diag(values) == 1).all()


@given(directed, st.sampled_from(["angular", "laplace"]))
def test_metric_kernels_are_categories_up_to_rounding(points, kernel):
    relations = Relations.from_embeddings(points, kernel)
    assert relations.defect().value <= Fraction(1, 2**48)


def test_the_cosine_is_no_category():
    angles = np.array([0, np.pi / 4, np.pi / 2])
    points = np.stack([np.cos(angles), np.sin(angles)], axis=1)
    found = Relations.from_embeddings(points, "cosine").defect()
    assert float(found.value) == pytest.approx(0.5)
    assert found.triple in ((0, 1, 2), (2, 1, 0))


@pytest.mark.parametrize(
    ("build", "words"),
    [
        (lambda: Relations.from_embeddings([1.0, 2.0]), "points have the shape (n, d), not (2,)"),
        (lambda: Relations.from_embeddings([[1.0], [np.nan]]), "the point 1 has nan for its coordinate 0"),
        (lambda: Relations.from_embeddings([[0.0, 0.0]]), "the point 0 is zero and has no direction"),
        (lambda: Relations.from_embeddings([["a"]]), "the embeddings cannot be used"),
        (lambda: Relations.from_embeddings(POINTS, "gauss"), "there is no kernel `gauss`"),
        (lambda: Relations.from_embeddings(POINTS, scale=0), "the scale is 0; it has to be positive"),
        (lambda: Relations.from_embeddings(POINTS, lambda a, b: a), "the kernel gives the shape (4, 3), not (4, 4)"),
        (lambda: Relations.from_embeddings(POINTS, lambda a, b: a @ b.T), "entry [0, 2] of the relation is -3.0"),
        (lambda: Relations.from_embeddings(POINTS, labels=["a"]), "there are 1 labels for 4 objects"),
        (lambda: Relations.from_embeddings(POINTS, tasks={"t": [1]}), "the task `t` has the shape (1,)"),
        (lambda: Relations.from_embeddings(POINTS, tasks={"t": [1, 2, 0, 0]}), "entry [1, 0] of the task `t` is 2.0"),
        (lambda: Relations.from_matrix([[1, 0]]), "a row and a column for each object"),
        (lambda: Relations.from_matrix([[1.5]]), "is 1.5, no degree"),
        (lambda: Relations.from_matrix([[np.nan]]), "is nan, no degree"),
        (lambda: Relations.from_matrix([[-1.0]], base="lawvere"), "is -1.0, no distance"),
        (lambda: Relations.from_matrix([[0.5]], base="bool"), "is 0.5, neither 0 nor 1"),
        (lambda: Relations.from_matrix([[0.5]], base="goedel"), "there is no base `goedel`"),
        (lambda: Relations.from_matrix([["x"]]), "is no array of numbers"),
        (lambda: Relations.from_logprobs([[0.5]]), "but probabilities are at most 1"),
        (lambda: Relations.from_logprobs([[0.0, 0.0]]), "a row and a column for each object"),
        (lambda: Relations.from_group_action(POINTS), "have the shape (inputs, moves, d)"),
        (lambda: Relations.from_sentence_transformer(object(), ["a"]), "has no method `encode`"),
    ],
)
def test_what_is_wrong_is_said(build, words):
    rejected(build, words)


def test_labels_are_different():
    rejected(lambda: Relations.from_matrix(np.eye(2), labels=["a", "a"]), "the label `a`", Code.DUPLICATE_NAME)


# --- other ways in --------------------------------------------------------------------------------


def test_log_probabilities():
    p = np.array([[0.25, 0.75], [1.0, 0.0]])
    with np.errstate(divide="ignore"):
        logs = np.log(p)
    assert np.allclose(Relations.from_logprobs(logs).values, p)
    distances = Relations.from_logprobs(logs + 1e-9, base="lawvere")
    assert distances.values[1].tolist() == [0.0, math.inf]
    assert Profunctor.from_logprobs(logs[:1]).values.shape == (1, 2)


def test_groups_act():
    embeddings = np.arange(24, dtype=float).reshape(2, 4, 3) + 1
    relations = Relations.from_group_action(embeddings, labels=["cat", "dog"], tasks={"is_cat": [True, False]})
    assert relations.labels[:5] == ("cat@0", "cat@1", "cat@2", "cat@3", "dog@0")
    assert relations.tasks["is_cat"].table.lower.ravel().tolist() == [1] * 4 + [0] * 4
    assert relations.values[1, 6] == kernel_matrix(embeddings[0, 1:2], embeddings[1, 2:3], "angular")[0, 0]


def test_sentence_transformers_are_anything_that_encodes():
    class Model:
        def encode(self, texts):
            return [[len(text), 1.0] for text in texts]

    relations = Relations.from_sentence_transformer(Model(), ["a", "bb", "ccc"])
    assert relations.labels == ("a", "bb", "ccc")


def test_tensors_are_read():
    class Tensor:
        def __init__(self, values):
            self.values = values

        def detach(self):
            return self

        cpu = detach

        def numpy(self):
            return self.values

    assert (Relations.from_embeddings(Tensor(POINTS)).values == Relations.from_embeddings(POINTS).values).all()


def test_distances_both_ways():
    distances = np.array([[0, 1.5, math.inf], [2, 0, 1], [0, 0, 0]])
    assert (Relations.from_precomputed(distances).distances() == distances).all()
    degrees = Relations.from_embeddings(POINTS, "laplace")
    assert np.allclose(degrees.distances(), np.linalg.norm(POINTS[:, None] - POINTS[None], axis=2))
    assert degrees.distances()[0, 0] == 0
    assert Relations.from_matrix([[1, 0.25], [0, 1]], base="min").distances().tolist() == [[0, 0.75], [1, 0]]
    assert Relations.from_matrix(np.eye(2)).distances()[0, 1] == math.inf
    rejected(Relations.from_precomputed(distances).defect, "infinite distances")


def test_clip():
    images, texts = np.array([[1.0, 0.1], [0.1, 1.0]]), np.array([[1.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    near = Profunctor.from_clip(images, texts, images=["i", "j"], texts=["cat", "dog", "pets"])
    assert (near.rows, near.columns) == (("cat", "dog", "pets"), ("i", "j"))
    assert near.values[:, 0].argmax() == 0
    assert near.on_rows.labels == near.rows
    # Bounded by the triangle inequality: a profunctor over the two relations, up to rounding.
    for a, b, c in itertools.product(range(3), range(3), range(2)):
        assert near.on_rows.values[a, b] * near.values[b, c] <= near.values[a, c] + 1e-15
    read = Profunctor.from_clip(images, texts, "softmax", scale=0.01)
    assert np.allclose(read.values.sum(axis=0), 1)
    assert near.column("i").table.shape == (3, 1)
    with pytest.raises(KeyError):
        near.column("k")
    rejected(lambda: Profunctor.from_clip(images, texts[:, :1]), "2 coordinates")
    rejected(lambda: Profunctor.from_clip(images, texts, "softmax", scale=-1), "positive")


# --- out ------------------------------------------------------------------------------------------


def test_relations_are_exactly_their_floats():
    relations = Relations.from_matrix([[1, 0.1], [0, 1]], labels=["a", "b"])
    assert relations.relation.table.box(0, 1).lower == Fraction(0.1)
    with pytest.raises(ValueError, match="read-only"):
        relations.values[0, 0] = 0


@pytest.mark.parametrize("base", ["product", "min", "lukasiewicz", "bool", "lawvere"])
def test_what_is_saved_is_read(tmp_path, base):
    values = np.array([[0, 1], [1, 0]])
    relations = Relations.from_matrix(values, labels=["a", "b"], base=base, tasks={"t": [True, False]})
    path = tmp_path / "m.safetensors"
    if base == "lawvere":
        assert relations.tasks["t"].table.box(1, 0).lower == math.inf
    digest = relations.save(path, data={"source": "by hand"})
    bundle = read_bundle(path)
    assert bundle.digest == digest
    given_ = matrix(bundle)
    assert (given_.quantale, given_.rows) == (relations.base, ("a", "b"))
    assert (given_.table.lower == relations.relation.table.lower).all()
    assert (vector(bundle, "t").table.lower == relations.tasks["t"].table.lower).all()
    first = path.read_bytes()
    relations.save(path, data={"source": "by hand"})
    assert path.read_bytes() == first


def test_embeddings_and_profunctors_are_saved(tmp_path):
    relations = Relations.from_embeddings(POINTS).with_tasks(first=[1, 0, 0, 0])
    relations.save(tmp_path / "m.safetensors")
    bundle = read_bundle(tmp_path / "m.safetensors")
    assert sorted(bundle.arrays) == ["features", "relation", "task.first"]
    assert bundle.manifest["kernel"] == {"id": "angular", "params": {"scale": "1"}}
    Profunctor.from_clip(POINTS, POINTS[:2]).save(tmp_path / "p.safetensors")
    assert sorted(read_bundle(tmp_path / "p.safetensors").arrays) == ["relation", "relation.columns", "relation.rows"]


def test_scripts_write_every_number_exactly():
    relations = Relations.from_matrix([[1, 0.1], [0, 0.5]], labels=['a "b"', "c\\d"], tasks={"t": [1, 0.25]})
    text = relations.to_script("K")
    assert '"a \\"b\\"" -> "c\\\\d" = 3602879701896397/36028797018963968' in text
    assert text.startswith('relation K on {"a \\"b\\"", "c\\\\d"} over product {')
    assert 'weight t on K { "a \\"b\\"" |-> 1, "c\\\\d" |-> 1/4 }' in text
    assert "infinity" in Relations.from_precomputed([[0, math.inf], [0, 0]]).to_script()
    assert Profunctor.from_matrix([[1, 0.5]]).to_script().startswith('profunctor Phi from {"0"} to {"0", "1"} over')
    rejected(Relations.from_matrix(np.eye(65)).to_script, "4225 entries are too many to write out")
    rejected(Profunctor.from_matrix(np.ones((65, 65))).to_script, "too many")


def test_they_are_names_of_the_package():
    assert formal.Relations is Relations
    assert repr(Relations.from_matrix(np.eye(2))) == "<relations between 2 objects over product>"
    assert len(Relations.from_matrix(np.eye(2), tasks={"a": [1, 0]}).tasks) == 1
    assert Relations.from_matrix(np.eye(2)).base is Quantale.PRODUCT
