"""The pictures of the READMEs are of the bundles beside them: by their digests where matplotlib is not installed."""

from __future__ import annotations

import shutil
import sys
from itertools import combinations
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import formal
from formal.train.plot import style
from formal.train.plot.__main__ import main
from formal.train.plot.catalogue import PICTURES
from formal.train.plot.gpicl_digit import phases
from formal.train.plot.measure import clusters, composition_failure
from formal.train.plot.picture import Picture, digest, stamp
from formal.train.plot.write import outdated, stamp_of, svg

MODELS = Path(formal.__file__).parent.parent / "proofs" / "models"
DRAWN = [picture for picture in PICTURES if picture.is_drawable(MODELS)]
LARGEST = 150_000


def called(picture: Picture) -> str:
    return f"{picture.folder}-{Path(picture.file).stem}"


@pytest.mark.parametrize("picture", DRAWN, ids=called)
def test_a_picture_is_of_the_bundles_beside_it(picture: Picture) -> None:
    path = picture.path(MODELS)
    models = picture.models(MODELS)
    assert stamp_of(path) == stamp(models, picture.numbers(models)), (
        "`python -m formal.train.plot proofs/models` draws it again"
    )
    assert path.stat().st_size <= LARGEST
    root = ElementTree.parse(path).getroot()
    assert root.findtext("{http://www.w3.org/2000/svg}title") == picture.title
    assert f"]({picture.file})" in (path.parent / "README.md").read_text(encoding="utf-8")


def test_every_picture_is_in_the_table_once() -> None:
    known = [picture.path(MODELS) for picture in PICTURES]
    assert len(set(known)) == len(known)
    assert set(MODELS.glob("*/*.svg")) <= set(known)


def test_what_is_drawn_is_computed_without_matplotlib(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [each for each in sys.modules if each.partition(".")[0] == "matplotlib"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    shutil.copytree(MODELS / "masked-lm", tmp_path / "masked-lm")
    assert main([str(tmp_path), "--check"]) == 0
    with pytest.raises(SystemExit, match="1"):
        main([str(tmp_path)])
    assert "matplotlib is not installed" in capsys.readouterr().err


def test_a_picture_that_is_older_than_a_bundle_is_found(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "masked-lm"
    shutil.copytree(MODELS / "masked-lm", folder)
    shutil.copy(folder / "masked-lm-seed1.safetensors", folder / "masked-lm-seed0.safetensors")
    assert set(outdated(PICTURES, tmp_path)) == set(folder.glob("*.svg"))
    assert main([str(tmp_path), "--check"]) == 1
    assert "plot.svg: not of these bundles" in capsys.readouterr().out


def test_a_picture_that_is_missing_is_found(tmp_path: Path) -> None:
    shutil.copytree(MODELS / "masked-lm", tmp_path / "masked-lm")
    (tmp_path / "masked-lm" / "plot.svg").unlink()
    assert list(outdated(PICTURES, tmp_path)) == [tmp_path / "masked-lm" / "plot.svg"]


def test_a_damaged_bundle_and_an_unknown_name_are_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copytree(MODELS / "masked-lm", tmp_path / "masked-lm")
    bundle = tmp_path / "masked-lm" / "masked-lm-seed1.safetensors"
    bundle.write_bytes(bundle.read_bytes()[:-1])
    with pytest.raises(SystemExit, match="1"):
        main([str(tmp_path), "--check"])
    assert "masked-lm-seed1.safetensors" in capsys.readouterr().err
    with pytest.raises(SystemExit, match="2"):
        main([str(tmp_path), "masked"])
    assert "nothing is drawn of masked" in capsys.readouterr().err


def test_a_folder_without_bundles_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "rotation").mkdir()
    assert main([str(tmp_path)]) == 0
    assert main([str(tmp_path), "--check"]) == 0
    assert not list((tmp_path / "rotation").iterdir())


@given(st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=5), st.integers(0, 4), st.floats(1e-6, 1))
def test_a_digest_tells_numbers_that_are_seen_to_differ(values: list[float], place: int, change: float) -> None:
    first, second = np.array(values), np.array(values)
    assert digest({"a": first, "b": second}) == digest({"b": first + 0.0, "a": second})
    second[place % len(values)] += change
    assert digest({"a": first}) != digest({"a": second})


def test_a_digest_tells_names_kinds_and_shapes() -> None:
    kinds = [np.zeros(4), np.zeros(4, dtype=int), np.zeros((2, 2)), np.array(["0", "0"]), np.array(["", "00"])]
    assert len({digest({name: values}) for name in "ab" for values in kinds}) == 2 * len(kinds)


@pytest.mark.parametrize("number", [np.nan, np.inf, -np.inf, 1e10])
def test_what_cannot_be_drawn_has_no_digest(number: float) -> None:
    with pytest.raises(ValueError, match="not finite, or too large"):
        digest({"a": np.array([0, number])})
    with pytest.raises(ValueError, match="entries of type"):
        digest({"a": np.array([None])})


def test_clusters_are_the_classes_of_the_closure() -> None:
    chain = np.zeros((5, 5), dtype=bool)
    for x, y in ((0, 2), (2, 4), (1, 3)):
        chain[x, y] = chain[y, x] = True
    assert clusters(chain).tolist() == [0, 1, 0, 1, 0]


def test_the_failure_of_composition_is_the_greatest() -> None:
    relation = np.array([[1, 0.5, 0.1], [0, 1, 0.5], [0, 0, 1]])
    assert composition_failure(relation) == pytest.approx(0.15)
    assert composition_failure(np.ones((3, 3))) == 0


def test_phases_are_told_by_the_gains() -> None:
    seen = np.array([[0, 0.09, 0.1, 0.5, 0.5, 0.1], [0.05, -0.1, 0.2, 0.5, 0.5, 0.09]])
    unseen = np.array([[0, 0, 0, 0.2, 0.1, 0], [0, 0, 0, 0.2, 0.1, 0]])
    told = ["memorisation"] * 2 + ["identification"] + ["general learning"] * 2 + ["between"]
    assert phases(seen, unseen) == told


@pytest.fixture
def mpl() -> Any:
    return pytest.importorskip("matplotlib")


@pytest.mark.parametrize("picture", DRAWN, ids=called)
def test_what_is_written_can_be_read(picture: Picture, mpl: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Names stand beside each other and within the picture; letters are of a size that is legible at its width."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.text import Text

    drawn: dict[Text, None] = {}
    draw = Text.draw

    def recorded(text: Text, *arguments: Any, **options: Any) -> None:
        draw(text, *arguments, **options)
        if text.get_visible() and text.get_text().strip():
            drawn[text] = None

    monkeypatch.setattr(Text, "draw", recorded)
    with style.in_style():
        figure = picture.draw(picture.numbers(picture.models(MODELS)))
        canvas = FigureCanvasAgg(figure)
        canvas.draw()
        boxes = [(each.get_text(), each.get_window_extent(canvas.get_renderer())) for each in drawn]
    assert min(each.get_fontsize() for each in drawn) >= 8
    page = figure.bbox
    for text, box in boxes:
        beyond = (box.x0 < 0, box.y0 < 0, box.x1 > page.x1, box.y1 > page.y1)
        assert not any(beyond), f"{text!r} leaves the picture"
    for (text, box), (other, beside) in combinations(boxes, 2):
        assert not box.padded(-1).overlaps(beside.padded(-1)), f"{text!r} and {other!r} lie over each other"
    style.refuse_hidden(figure)


def test_the_same_bundles_give_the_same_bytes(mpl: Any) -> None:
    (picture,) = (each for each in DRAWN if called(each) == "gpicl-digits-heatmap")
    models = picture.models(MODELS)
    drawn = svg(picture, models)
    with mpl.rc_context({"font.size": 30, "lines.linewidth": 9, "svg.fonttype": "none"}):
        assert svg(picture, models) == drawn, "whatever the settings of matplotlib are"
        assert mpl.rcParams["font.size"] == 30


def test_pictures_are_drawn_where_they_belong(tmp_path: Path, mpl: Any) -> None:
    folder = tmp_path / "masked-lm"
    shutil.copytree(MODELS / "masked-lm", folder, ignore=shutil.ignore_patterns("*.svg"))
    shutil.copytree(MODELS / "gpicl-digits", tmp_path / "gpicl-digits", ignore=shutil.ignore_patterns("*.svg"))
    assert main([str(tmp_path), "masked-lm"]) == 0
    assert {each.name for each in folder.glob("*.svg")} == {
        each.file for each in PICTURES if each.folder == "masked-lm"
    }
    assert not list((tmp_path / "gpicl-digits").glob("*.svg"))
    assert "matplotlib.pyplot" not in sys.modules


@pytest.mark.parametrize("point", [(1.1, 0.5), (0.5, -0.1), (0.5, float("nan"))])
def test_a_point_beyond_its_axes_is_refused(point: tuple[float, float], mpl: Any) -> None:
    figure, (axes,) = style.panels(2)
    axes.set(xlim=(0, 1), ylim=(0, 1))
    style.seed_points(axes, [0.5], np.array([[0.5]]), style.LOOKS[0])
    style.refuse_hidden(figure)
    style.seed_points(axes, [point[0]], np.array([[point[1]]]), style.LOOKS[0])
    with pytest.raises(ValueError, match="a point lies beyond the axes"):
        style.refuse_hidden(figure)


def test_a_number_beyond_the_scale_of_a_matrix_is_refused(mpl: Any) -> None:
    _, (axes,) = style.panels(2)
    style.heat_map(axes, np.eye(3))
    for number in (1.1, -0.1, np.nan):
        with pytest.raises(ValueError, match="beyond the scale"):
            style.heat_map(axes, np.array([[number]]))


def lightness(colour: str) -> float:
    """CIE L* of a colour, what is left of it in print without colours."""
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    luminance = float(np.dot(linear, (0.2126, 0.7152, 0.0722)))
    return 116 * luminance ** (1 / 3) - 16 if luminance > 0.008856 else 903.3 * luminance


def test_looks_differ_in_print_without_colours() -> None:
    """The first four by lightness alone, each pair by mark or filling too; all are seen on white paper."""
    first = [lightness(each.colour) for each in style.LOOKS[:4]]
    assert min(abs(a - b) for a, b in combinations(first, 2)) >= 15
    assert len({(each.mark, each.is_filled) for each in style.LOOKS}) == len(style.LOOKS)
    assert len({each.dashes for each in style.LOOKS}) == len(style.LOOKS)
    assert max(lightness(each.colour) for each in style.LOOKS) <= 70
