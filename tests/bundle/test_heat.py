import base64
import io
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stnp

from formal.bundle.heat import shrunk, svg_heat, text_heat
from formal.text.escape import width

HOSTILE = ["\x1b[31mred", "<script>", "\u202erev", "a\nb", "::error::x", ""]


@given(
    stnp.arrays(np.float64, stnp.array_shapes(min_dims=2, max_dims=2, max_side=90), elements=st.floats(0, 1)),
    st.integers(30, 120),
    st.booleans(),
)
def test_text_keeps_to_its_width(values, wide, unicode):
    rows, columns = ([f"{HOSTILE[i % 6]}{i}" for i in range(n)] for n in values.shape)
    lines = text_heat(values, rows, columns, wide=wide, tall=20, unicode=unicode)
    assert len(lines) <= 21
    assert all(width(line) <= wide for line in lines[:-1])
    assert all("\x1b" not in line and "\n" not in line and "\u202e" not in line for line in lines)
    assert unicode or all(line.isascii() for line in lines)


@given(stnp.arrays(np.float64, st.tuples(st.integers(1, 40), st.integers(1, 40)), elements=st.floats(0, 1)))
def test_blocks_have_their_means(values):
    small = shrunk(values, 7, 5)
    assert small.shape == (min(7, values.shape[0]), min(5, values.shape[1]))
    assert values.min() - 1e-12 <= small.min() <= small.max() <= values.max() + 1e-12
    if values.shape[0] % 7 == 0 and values.shape[1] % 5 == 0:
        assert np.isclose(small.mean(), values.mean())


def test_infinite_entries_are_shown_as_the_greatest():
    assert shrunk(np.array([[np.inf, 2.0], [0.0, 1.0]]), 9, 9).tolist() == [[2.0, 2.0], [0.0, 1.0]]
    assert shrunk(np.array([[np.inf]]), 9, 9).tolist() == [[0.0]]


@pytest.mark.parametrize("shape", [(0, 0), (1, 1), (6, 6), (40, 3), (600, 700)])
def test_pictures_are_whole_and_hold_nothing_foreign(shape):
    values = np.linspace(0, 1, max(1, shape[0] * shape[1]))[: shape[0] * shape[1]].reshape(shape)
    rows, columns = ([f"{HOSTILE[i % 6]}{i}" for i in range(n)] for n in shape)
    text = svg_heat(values, rows, columns, title="<b>&\x1b[0m")
    ElementTree.fromstring(text)
    assert "<script" not in text
    assert "\x1b" not in text
    assert "http" not in text.replace('xmlns="http://www.w3.org/2000/svg"', "")
    for data in re.findall(r"base64,([^\"]+)", text):
        assert base64.b64decode(data).startswith(b"\x89PNG\r\n\x1a\n")


def test_pixels_are_the_entries():
    image = pytest.importorskip("PIL.Image")
    text = svg_heat(np.array([[0.0, 1.0]]), ["a"], ["x", "y"], title="t")
    data = base64.b64decode(re.search(r"base64,([^\"]+)", text)[1])
    pixels = image.open(io.BytesIO(data)).convert("RGB")
    assert pixels.size == (48, 24)
    assert (pixels.getpixel((3, 3)), pixels.getpixel((40, 20))) == ((0x44, 0x01, 0x54), (0xFD, 0xE7, 0x25))
