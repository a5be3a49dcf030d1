"""Tasks of pictures are drawn as said; opposed pairs, curves and neighbours are what they are called."""

from __future__ import annotations

import numpy as np
import pytest

from tests.train.support import WHY

torch = pytest.importorskip("torch", reason=WHY)
pytest.importorskip("sklearn", reason=WHY)


def test_a_sequence_shows_the_classes_of_its_task() -> None:
    """Pictures whose pixels are all their class, projected by ones: the token tells the class."""
    from formal.train.projected import Pictures, Sizes, Tasks, sequences

    sizes = Sizes(labels=2, features=1, length=6)
    shown = Pictures(torch.arange(5.0)[:, None, None].expand(5, 3, 4))
    known = Tasks(torch.ones(2, 4, 1) / 4, torch.tensor([[3, 1], [0, 4]]))
    found = sequences(sizes, known, torch.tensor([1, 0, 1]), shown, torch.Generator().manual_seed(0))
    for row, task in zip(range(3), (1, 0, 1), strict=True):
        assert found.tokens[row, :, 0].tolist() == known.classes[task][found.labels[row]].tolist()
    assert (found.tokens[:, 0, 1:] == 0).all()
    assert (found.tokens[:, 1:, 1:].argmax(-1) == found.labels[:, :-1]).all()


def test_where_a_batch_is_biased_classes_come_in_order() -> None:
    from formal.train.projected import Pictures, Sizes, sequences, tasks

    sizes = Sizes(labels=3, features=2, length=8)
    shown = Pictures(torch.arange(3.0)[:, None, None].expand(3, 1, 4))
    known = tasks(sizes, 40, 4, 3, torch.Generator().manual_seed(1))
    known.projections.fill_(0.25)
    found = sequences(sizes, known, torch.arange(40), shown, torch.Generator().manual_seed(2), biased=20)
    in_order = (found.tokens[:, :, 0] == found.labels).all(1)
    assert in_order[:20].all()
    assert not in_order[20:].all()


def test_the_loss_of_a_biased_batch_tells_the_rest_and_learns_from_all() -> None:
    from formal.train.projected import Pictures, Sizes, Variant, prediction, tasks

    sizes = Sizes(labels=2, features=2, length=3)
    shown = Pictures(torch.randn(2, 4, 5, generator=torch.Generator().manual_seed(3)))
    known = tasks(sizes, 4, 5, 2, torch.Generator().manual_seed(4))
    variant = Variant("biased", 4, batch=4, biased=0.5)
    loss = prediction(sizes, variant, known, shown)
    logits = torch.randn(4, 3, 2, generator=torch.Generator().manual_seed(5), requires_grad=True)
    value = loss(lambda tokens: logits, torch.Generator().manual_seed(6))
    value.backward()
    assert logits.grad is not None
    assert (logits.grad.abs().sum((1, 2)) > 0).all()
    changed = torch.cat([torch.full((2, 3, 2), 9.0), logits.detach()[2:]])
    again = loss(lambda tokens: changed, torch.Generator().manual_seed(6))
    assert again.item() == pytest.approx(value.item())


def test_tasks_take_different_classes() -> None:
    from formal.train.projected import Sizes, tasks

    found = tasks(Sizes(labels=3, features=2), 50, 4, 7, torch.Generator().manual_seed(6))
    assert all(len(set(row)) == 3 for row in found.classes.tolist())
    assert set(found.classes.flatten().tolist()) == set(range(7))


def test_glyphs_of_a_class_are_nearer_to_each_other_than_to_those_of_others() -> None:
    from formal.train.glyph import SIDE, copies, prototypes

    generator = torch.Generator().manual_seed(7)
    drawn = copies(prototypes(20, generator), 12, generator)
    assert drawn.shape == (20, 12, SIDE**2)
    assert float(drawn.min()) >= -1
    assert float(drawn.max()) <= 1
    centres = drawn[:, :6].mean(1)
    nearest = torch.cdist(drawn[:, 6:].flatten(0, 1), centres).argmin(1).view(20, 6)
    assert (nearest == torch.arange(20)[:, None]).float().mean() > 0.4


def test_opposed_pairs_have_the_larger_state_second_and_ties_are_halves() -> None:
    from formal.train.gpicl_state import better, opposed

    sizes = np.array([[256, 100], [512, 30], [512, 40], [1024, 200]])
    pairs = opposed(sizes)
    assert pairs == [(0, 1), (0, 2)]
    assert better([5, 7, 5, 1], pairs).tolist() == [2, 1]
    assert better([5, 4, 5, 1], pairs).tolist() == [0, 1]


def test_curves_are_means_in_a_row_and_the_plateau_ends_where_they_fall_below() -> None:
    from formal.train.gpicl_intervention import ends, thinned

    losses = np.array([1.1] * 6 + [0.9] * 3 + [0.5])
    curve = thinned(losses, 5)
    assert curve.tolist() == [11000, 11000, 11000, 9000, 7000]
    assert ends(curve, 1.0, len(losses)) == 6
    assert ends(curve, 0.1, len(losses)) == len(losses)


def test_the_nearest_neighbour_looks_back_only() -> None:
    from formal.train.gpicl_transfer import nearest
    from formal.train.projected import Sequences

    tokens = torch.tensor([[[0.0, 9.0], [5.0, 9.0], [0.1, 9.0], [4.9, 9.0], [5.0, 9.0]]])
    labels = torch.tensor([[2, 1, 0, 2, 1]])
    assert nearest(Sequences(tokens, labels), 1).tolist() == [[0, 2, 2, 1, 1]]
