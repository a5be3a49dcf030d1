import json
import pickle
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from formal.bundle import Content, bundle_bytes, read_bundle, write_bundle
from formal.cli import main
from formal.syntax.wording import read_wordings
from formal.text.escape import width

EMBEDDING = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9]])
HOSTILE = ["\x1b[2J", "a\nb", "\u202ex", "##[error]y"]


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "80")
    (tmp_path / "pyproject.toml").touch()
    np.save("x.npy", EMBEDDING)
    np.save("y.npy", np.array([0, 0, 1, 1]))
    return tmp_path


@pytest.fixture
def play(folder, capsys):
    def run(*arguments):
        code = main(["model", *map(str, arguments)])
        printed = capsys.readouterr()
        assert all(width(line) <= 80 for line in printed.out.splitlines() if "{" not in line and '"' not in line)
        return code, printed.out, printed.err

    return run


def relation(values, **sections):
    labels = sections.pop("labels", [f"x{i}" for i in range(len(values))])
    arrays = {"relation": Content(np.array(values, dtype="<f8"), ("objects", "objects"), "relation")}
    arrays |= sections.pop("arrays", {})
    return dict(kind=sections.pop("kind", "product"), axes={"objects": labels}, arrays=arrays, **sections)


# --- inspect --------------------------------------------------------------------------------------


def test_inspect_tells_what_fails(play):
    write_bundle("m.safetensors", "m", **relation([[1, 0.5, 0], [0.25, 1, 0.5], [0, 0, 0.5]]))
    code, out, _ = play("inspect", "m.safetensors", "--threshold", "1/2", "--svg", "m.svg")
    assert code == 0
    assert "over product, 3 objects: fails" in out
    assert "1 of 3 objects lack some, `x2` most: 1/2" in out
    assert "fails for 1 of 27 triples (3.7 %)" in out
    assert "1/4 from `x0` by `x1` to `x2`" in out
    assert "1/2: 5 relations, 0 identities missing, composition violated for 1 of 8" in out.replace(
        "\n" + " " * 16, " "
    )
    assert Path("m.svg").read_text().startswith("<svg")
    code, out, _ = play("inspect", "m.safetensors", "--threshold", "1/2", "-o", "json")
    found = json.loads(out)
    assert found["laws"]["composition_defect"] == "1/4"
    assert found["laws"]["triple"] == ["x0", "x1", "x2"]
    assert (found["thresholded"]["violated"], found["thresholded"]["tested"]) == (1, 8)


def test_inspect_escapes_what_forges(play):
    contents = relation(np.eye(4), labels=HOSTILE, arrays={"task.\x1b]0;": Content([1, 0, 0, 1], ("objects",), "task")})
    sections = {"status": "\x9b31m", "model": {"family": "\u202e"}, "claims": dict.fromkeys(HOSTILE, "0")}
    write_bundle("m.safetensors", "\x1b[31m", **contents, **sections)
    Path("dropped.cat").write_text("")
    for arguments in (
        ["inspect", "m.safetensors"],
        ["verify", "m.safetensors"],
        ["verify", "m.safetensors", "--claims", "dropped.cat"],
        ["diff", "m.safetensors", "n.safetensors"],
    ):
        if "diff" in arguments:
            write_bundle("n.safetensors", "n", **relation(np.ones((4, 4)), labels=HOSTILE))
        _, out, err = play(*arguments)
        for character in ("\x1b", "\x9b", "\u202e", "\r"):
            assert character not in out + err
        assert "##[" not in out + err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--array", "relatoin"], "did you mean `relation`?"),
        (["--move", "1"], "has no moves"),
        (["--threshold", "high"], "no rational number"),
        (["--array", "task.t", "--svg", "t.svg"], "is no matrix"),
        (["--svg", "no/such/folder.svg"], "cannot be written"),
    ],
)
def test_inspect_refuses(play, arguments, words):
    arrays = {"task.t": Content([1], ("objects",), "task")}
    write_bundle("m.safetensors", "m", **relation([[1]], arrays=arrays))
    code, _, err = play("inspect", "m.safetensors", *arguments)
    assert code == 2
    assert words in err


def test_inspect_of_odd_bundles(play):
    write_bundle("none.safetensors", "none", kind="product", axes={}, arrays={})
    assert play("inspect", "none.safetensors")[0] == 0
    empty = Content(np.zeros((0, 0)), ("o", "o"), "relation")
    write_bundle("empty.safetensors", "empty", kind="product", axes={"o": []}, arrays={"relation": empty})
    code, out, _ = play("inspect", "empty.safetensors", "--svg", "e.svg", "--threshold", "1/2")
    assert code == 0
    assert "(no entries)" in out
    wide = Content(np.random.default_rng(0).random((3, 500)), ("r", "c"), "relation")
    axes = {"r": ["a", "b", "c"], "c": [str(i) for i in range(500)]}
    write_bundle("wide.safetensors", "wide", kind="product", axes=axes, arrays={"relation": wide})
    code, out, _ = play("inspect", "wide.safetensors")
    assert (code, "profunctor" in out, "means of blocks" in out) == (0, True, True)


# --- diff -----------------------------------------------------------------------------------------


def test_diff_tells_what_differs(play):
    write_bundle("a.safetensors", "a", **relation([[1, 0.5], [0, 1]], data={"seed": 0}))
    write_bundle("b.safetensors", "b", **relation([[1, 0.75], [0, 1]], data={"seed": 1}))
    assert play("diff", "a.safetensors", "a.safetensors") == (0, "the bundles are the same\n", "")
    code, out, _ = play("diff", "a.safetensors", "b.safetensors")
    assert code == 1
    assert "1 of 4 entries differ, at most by 1/4 at [x0, x1]: 1/2 -> 3/4" in out
    assert "manifest data.seed\n  0 -> 1\n" in out
    code, out, _ = play("diff", "a.safetensors", "b.safetensors", "-o", "json")
    assert Fraction(json.loads(out)["arrays"][0]["greatest"]) == Fraction(1, 4)
    assert play("diff", "a.safetensors", "y.npy")[0] == 2


# --- verify ---------------------------------------------------------------------------------------


def scored(accuracy):
    arrays = {
        "label": Content([0, 1, 1], ("objects",), "label"),
        "icl.pred": Content([0, 1, 0], ("objects",), "prediction"),
    }
    return relation(np.eye(3), arrays=arrays, measurements={"icl.accuracy": accuracy})


def test_verify_recomputes_scores(play):
    write_bundle("m.safetensors", "m", **scored("2/3"))
    code, out, _ = play("verify", "m.safetensors")
    assert code == 0
    assert "icl.pred: 2 of 3 right" in out
    assert "icl.accuracy = 2/3 agrees with 2/3" in out
    code, out, _ = play("verify", "m.safetensors", "-o", "json")
    assert json.loads(out)["measurements"][0]["agreement"] == "agrees"


def test_verify_refuses_scores_that_disagree(play, folder):
    data = bundle_bytes("m", **{**scored("2/3"), "measurements": {}})
    (folder / "m.safetensors").write_bytes(data)
    assert play("verify", "m.safetensors")[0] == 0
    forged = unchecked(scored("1"))
    (folder / "f.safetensors").write_bytes(forged)
    code, _, err = play("verify", "f.safetensors")
    assert code == 2
    assert "`icl.accuracy` is stated as 1, but the raw predictions give 2/3" in err


def unchecked(contents):
    """The bytes of a bundle whose digests are right and whose scores are not."""
    from formal.bundle import bundle_from_bytes
    from formal.bundle.container import pack
    from formal.bundle.manifest import canonical, manifest_digest

    honest = bundle_from_bytes(bundle_bytes("m", **{**contents, "measurements": {}}), "m")
    manifest = {**honest.manifest, "measurements": contents["measurements"]}
    manifest["digest"] = manifest_digest(manifest)
    return pack({name: array.values for name, array in honest.arrays.items()}, canonical(manifest))


@pytest.mark.parametrize(
    ("claim", "code", "words"),
    [
        ("thin(C)", 0, "1 of 1 as expected (1 proved)"),
        ("connected(C)", 1, "c is refuted, which is not as expected"),
        ("connected(D)", 2, "unknown-name"),
    ],
)
def test_verify_checks_the_claims_beside(play, folder, claim, code, words):
    write_bundle("m.safetensors", "m", **relation(np.eye(2)))
    (folder / "claims.cat").write_text(
        f'model m from "m.safetensors"\ncategory C = category_of(m, threshold: 1/2)\nclaim c: {claim}\n'
    )
    found, out, err = play("verify", "m.safetensors")
    assert found == code
    assert words in out + err
    assert play("verify", "m.safetensors", "--no-claims")[0] == 0


JUDGED = """model m from "m.safetensors"
relation R = relation_of(m)
claim first: R(x0, x0) = 1
claim second: R(x0, x1) = 0
"""


@pytest.mark.parametrize(
    ("old", "new", "code", "words"),
    [
        ("", "", 0, "2 of 2 claims from before the run are in claims.cat"),
        ("= 1", "= 1 expect proved", 0, "2 of 2 claims"),
        ("R(x0, x0) = 1", "R(x1, x1) = 1", 2, "say something else than before the run: `first`"),
        ("claim first", "claim renamed", 2, "newer than the run: `renamed`"),
        ("claim second: R(x0, x1) = 0", "", 1, "not stated any more: `second`"),
    ],
)
def test_verify_refuses_claims_that_are_newer_than_the_run(play, folder, old, new, code, words):
    (folder / "claims.cat").write_text(JUDGED)
    before = {each.name.text: each.digest for each in read_wordings(folder / "claims.cat")}
    write_bundle("m.safetensors", "m", **relation(np.eye(2)), claims=before)
    (folder / "claims.cat").write_text(JUDGED.replace(old, new))
    found, out, _ = play("verify", "m.safetensors")
    assert (found, words in " ".join(out.split())) == (code, True), out
    stated = json.loads(play("verify", "m.safetensors", "-o", "json")[1])
    assert (stated["precedence"]["file"], stated["exit"]) == ("claims.cat", code)
    (folder / "claims.cat").rename("elsewhere.cat")
    assert "2 claims from before the run, and no script" in play("verify", "m.safetensors")[1]
    found, out, _ = play("verify", "m.safetensors", "--claims", "elsewhere.cat", "--no-claims")
    assert (found, words.replace("claims.cat", "elsewhere.cat") in " ".join(out.split())) == (code, True), out


def test_what_a_manifest_lists_without_end_is_told_in_short(play):
    sections = {"claims": {f"{n}{'x' * 5000}": "0" for n in range(60)}, "seeds": list(range(50_000))}
    write_bundle("m.safetensors", "m", **relation(np.eye(2)), **sections, model={"family": "long" * 9000})
    Path("claims.cat").write_text("")
    for command in ("inspect", "verify"):
        _, out, _ = play(command, "m.safetensors")
        assert "and 40 more" in " ".join(out.split())
        assert len(out) < 6000


# --- import ---------------------------------------------------------------------------------------


def test_import_of_embeddings(play):
    code, _, err = play("import", "x.npy", "--kernel", "angular", "--classes", "y.npy", "--out", "m.safetensors")
    assert (code, err.startswith("written to m.safetensors")) == (0, True)
    bundle = read_bundle(Path("m.safetensors"))
    assert sorted(bundle.arrays) == ["features", "relation", "task.0", "task.1"]
    assert bundle.arrays["task.1"].values.tolist() == [0, 0, 1, 1]
    assert "holds up to the rounding" in play("inspect", "m.safetensors")[1]


def test_import_of_tables_and_archives(play, folder):
    (folder / "t.csv").write_text(",a,b\na,1,0.5\nb,0.25,1\n")
    assert play("import", "t.csv", "--out", "t.safetensors", "--base", "lukasiewicz")[0] == 0
    bundle = read_bundle(folder / "t.safetensors")
    assert (bundle.kind, bundle.axes["objects"]) == ("lukasiewicz", ("a", "b"))
    np.savez("z.npz", D=np.array([[0.0, 2.0, 1.0]]), E=np.zeros(1))
    (folder / "rows.txt").write_text("r\n")
    assert (
        play("import", "z.npz", "--array", "D", "--base", "lawvere", "--labels", "rows.txt", "--out", "z.safetensors")[
            0
        ]
        == 0
    )
    assert dict(read_bundle(folder / "z.safetensors").axes) == {"rows": ("r",), "columns": ("0", "1", "2")}


def test_import_refuses(play, folder):
    (folder / "m.pt").write_bytes(pickle.dumps(print))
    np.save("o.npy", np.array([print]), allow_pickle=True)
    np.save("three.npy", np.zeros((2, 2, 2)))
    np.save("big.npy", np.full((2, 2), 3.0))
    (folder / "few.txt").write_text("a\n")
    for arguments, words in (
        (["m.pt"], "loading a pickle runs the code in it"),
        (["o.npy"], "stored as a pickle"),
        (["three.npy"], "the array has the shape (2, 2, 2)"),
        (["big.npy"], "4 entries outside [0, 1], the first at [0, 0]"),
        (["x.npy", "--labels", "few.txt"], "has 4 entries along `rows`, which has 1 labels"),
        (["x.npy", "--classes", "few.txt"], "has 1 classes for 4 rows"),
        (["x.npy", "--kernel", "rbf", "--base", "min"], "leave out --base"),
        (["x.npy", "--kernel", "rbf", "--scale", "-1"], "it has to be positive"),
        (["none.npy"], "cannot be read"),
    ):
        code, _, err = play("import", *arguments, "--out", "out.safetensors")
        assert (code, words in err) == (2, True), (arguments, err)
        assert not (folder / "out.safetensors").exists()
