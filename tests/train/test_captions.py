"""Shapes with captions: what is drawn, what captions entail, and what depicts an image."""

from __future__ import annotations

from itertools import product

import pytest

from tests.train.support import WHY

np = pytest.importorskip("numpy")
torch = pytest.importorskip("torch", reason=WHY)

from formal.train.captions import NONE, _depicting, _likeliest, _of_its_part, _violation  # noqa: E402
from formal.train.shape import CAPTIONS, COLOURS, FULL, HELD_OUT, SHAPES, entailment, images, words  # noqa: E402

ORDER = entailment()
EVERY = np.ones(len(CAPTIONS), dtype=bool)
KNOWN = np.array([not caption.is_held_out for caption in CAPTIONS])
EXACT = ORDER[:, len(CAPTIONS) - len(FULL) :].astype(float)
"""How far captions are true of images: one image of each combination."""


def test_entailment_is_an_order_with_a_weakest_caption() -> None:
    n = len(CAPTIONS)
    assert all(ORDER[i, i] for i in range(n))
    assert ORDER[0].all()
    for a, b in product(range(n), repeat=2):
        assert not (a != b and ORDER[a, b] and ORDER[b, a])
        if ORDER[a, b]:
            assert (ORDER[b] <= ORDER[a]).all()


def test_each_colour_and_each_shape_is_held_out_once() -> None:
    assert sorted(colour for colour, _ in HELD_OUT) == sorted(COLOURS)
    assert sorted(shape for _, shape in HELD_OUT) == sorted(SHAPES)
    assert sum(caption.is_held_out for caption in CAPTIONS) == 4


def test_images_without_noise_show_their_colour_and_differ_by_shape() -> None:
    generator = torch.Generator().manual_seed(0)
    drawn = images(torch.arange(len(FULL)), 0.0, generator)
    assert drawn.shape == (16, 3, 6, 6)
    for image, caption in zip(drawn, FULL, strict=True):
        lit = {name for name, channel in zip(("red", "green", "blue"), image, strict=True) if channel.max() > 0}
        assert lit == ({"red", "green"} if caption.colour == "yellow" else {caption.colour})
    counts = {str(caption.shape): int((image > 0).any(0).sum()) for image, caption in zip(drawn, FULL, strict=True)}
    assert counts == {"disc": 12, "ring": 12, "cross": 8, "bars": 8}


def test_images_are_drawn_anew_and_the_same_from_one_seed() -> None:
    which = torch.tensor([3, 3])
    one, other = (images(which, 0.1, torch.Generator().manual_seed(seed)) for seed in (1, 1))
    assert torch.equal(one, other)
    assert not torch.equal(one[0], one[1])


def test_captions_are_made_of_a_word_for_colour_and_one_for_shape() -> None:
    numbers = words()
    assert numbers.shape == (25, 2)
    assert len({tuple(row) for row in numbers.tolist()}) == 25


def test_exact_degrees_are_depicted_by_the_caption_of_the_image() -> None:
    labels = np.arange(len(CAPTIONS) - len(FULL), len(CAPTIONS))
    assert (_depicting(EXACT, ORDER, EVERY) == labels).all()
    assert (_likeliest(EXACT) == labels).all()


def test_without_captions_of_its_own_an_unseen_image_is_depicted_by_none() -> None:
    found = _depicting(EXACT, ORDER, KNOWN)
    assert [caption for caption, code in zip(FULL, found, strict=True) if code == NONE] == [
        caption for caption in FULL if caption.is_held_out
    ]


def test_a_degree_at_one_half_depicts_nothing() -> None:
    assert (_depicting(np.full_like(EXACT, 0.5), ORDER, EVERY) == NONE).all()


def test_the_choice_is_among_captions_of_the_same_part() -> None:
    fits = np.zeros((len(CAPTIONS), 2))
    fits[-1] = 1.0
    seen, unseen = _of_its_part(fits, np.array([False, True]))
    assert CAPTIONS[seen] == FULL[-1]
    assert CAPTIONS[unseen].is_held_out


def test_truth_violates_no_entailment_and_a_caption_without_its_words_does() -> None:
    assert _violation(EXACT, ORDER) == 0
    broken = EXACT.copy()
    broken[1] = 0.0
    assert _violation(broken, ORDER) == 1
