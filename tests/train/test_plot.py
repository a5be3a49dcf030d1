"""The pictures of the READMEs are what the bundles give; a chart shows all its points, inside."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

import formal
from formal.train.chart import Panel, Series, numbers, svg_chart, words
from formal.train.plot import FILE, PLOTS, main

MODELS = Path(formal.__file__).parent.parent / "proofs" / "models"
DRAWN = sorted(path.parent.name for path in MODELS.glob(f"*/{FILE}"))
LARGEST = 60_000


def test_there_are_pictures_of_what_can_be_drawn() -> None:
    assert {"autoregressive-lm", "contrastive", "rotation"} <= set(DRAWN) <= set(PLOTS)


@pytest.mark.parametrize("name", DRAWN)
def test_a_picture_is_what_the_bundles_give(name: str) -> None:
    found = (MODELS / name / FILE).read_text(encoding="utf-8")
    assert PLOTS[name](MODELS / name) == found, "`python -m formal.train.plot proofs/models` draws it again"
    assert len(found.encode()) <= LARGEST
    ElementTree.fromstring(found)
    assert f"]({FILE})" in (MODELS / name / "README.md").read_text(encoding="utf-8")


def test_a_folder_without_bundles_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "rotation").mkdir()
    assert main([str(tmp_path)]) == 0
    assert not list((tmp_path / "rotation").iterdir())


def panel(*series: Series) -> Panel:
    return Panel("a <title>", "across & on", "up", words("one\nline", "two"), numbers(0, 0.5, 1), series)


def test_a_chart_is_escaped_and_has_a_mark_for_each_point_and_a_stroke_for_each_part_of_a_line() -> None:
    series = Series("<a>", ((0, 0), (1, 1), (0.5, 0.5)), ((0, 0), (0.5, 0.5), (1, 0)))
    root = ElementTree.fromstring(svg_chart("<&>", [panel(series)]))
    space = "{http://www.w3.org/2000/svg}"
    assert len(root.findall(f"{space}circle")) == 3 + 1
    assert sum("stroke" in each.attrib for each in root.findall(f"{space}line")) == 2
    assert {each.text for each in root.findall(f"{space}text")} >= {"<a>", "a <title>", "one", "line", "0.5"}


def test_a_series_of_one_name_has_one_colour_in_all_panels() -> None:
    left, right = panel(Series("a", ((0, 0),)), Series("b", ((0, 1),))), panel(Series("b", ((0, 1),)))
    text = svg_chart("two", [left, right])
    assert text.count("#d55e00") == 3
    assert text.count("#0072b2") == 2


@pytest.mark.parametrize("point", [(0, 1.01), (0, -0.01), (-0.6, 0), (1.6, 0), (0, float("nan"))])
def test_a_point_beyond_the_axes_is_refused(point: tuple[float, float]) -> None:
    with pytest.raises(ValueError, match="lies beyond the axes"):
        svg_chart("no", [panel(Series("a", (point,)))])
