"""A masked language model of short bracketed sentences, held against the distribution that it was trained on.

Objects are the sentences with some tokens masked; x goes to y when y says all that x says and perhaps more, and to the
degree p(y | x). In the language these degrees compose: p(z | x) = p(y | x) p(z | y) whenever z says more than y and y
more than x. A masked model tells single tokens only, so p(y | x) is a product along an order of unmasking, here from
the left to the right, and its orders need not agree: composition is a genuine check of it.

Source: Devlin et al. 2019 (masked language models); Wang, Cho 2019 for reading one as a model of sentences; Bradley,
Terilla, Vlassopoulos 2022 for the relation.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import product
from math import lcm
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn import functional

from formal.bundle.write import Content
from formal.train.experiment import Contents, Experiment
from formal.train.trainer import Plan, Run

MASK = "_"
TOKENS = "()[]"
_CLOSES = {")": "(", "]": "["}
_CLEAR = Fraction(1, 10)
"""How far the likeliest token has to be ahead of the next for a gap to be counted."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        length: of the sentences; 4 gives 91 objects.
        width, layers, heads: of the transformer.
        steps, batch, rate: of training.
        half, compiled: bfloat16, and ``torch.compile``.
    """

    length: int = 4
    width: int = 48
    layers: int = 2
    heads: int = 4
    steps: int = 1500
    batch: int = 128
    rate: float = 3e-3
    half: bool = False
    compiled: bool = False


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            width=256, layers=4, heads=8, steps=8_000, batch=4096, rate=1e-3, half=True, compiled=True
        ),
    }
)


@dataclass(frozen=True)
class Sentences:
    """The balanced words of one length in round and square brackets, a round pair twice as likely as a square one.

    Raises:
        ValueError: the length is odd, or not positive.

    >>> four = Sentences(4)
    >>> len(four.words), len(four.objects)
    (8, 91)
    >>> four.chance("(___", "(__)")
    Fraction(1, 1)
    >>> four.chance("____", "()[]")
    Fraction(1, 9)
    """

    length: int

    def __post_init__(self) -> None:
        if self.length < 2 or self.length % 2:
            raise ValueError("balanced words have a positive, even length")

    @cached_property
    def words(self) -> tuple[str, ...]:
        """All of them, in the order of the tokens."""
        return tuple(word for word in map("".join, product(TOKENS, repeat=self.length)) if _is_balanced(word))

    @cached_property
    def objects(self) -> tuple[str, ...]:
        """The words with any of their tokens masked, those that say less first."""
        found = {
            "".join(token if told else MASK for token, told in zip(word, shown, strict=True)): None
            for shown in product((False, True), repeat=self.length)
            for word in self.words
        }
        return tuple(sorted(found, key=lambda text: text.count(MASK), reverse=True))

    def weight(self, text: str) -> int:
        """How likely a masked word is, as a multiple of what all weights sum up to."""
        return self._weights[text]

    @cached_property
    def _weights(self) -> dict[str, int]:
        return {text: sum(2 ** word.count("(") for word in self.words if refines(word, text)) for text in self.objects}

    def chance(self, less: str, more: str) -> Fraction:
        """p(more | less); nought where ``more`` does not say all that ``less`` says."""
        return Fraction(self.weight(more), self.weight(less)) if refines(more, less) else Fraction(0)

    def event(self, holds: Callable[[str], bool]) -> dict[str, Fraction]:
        """How likely each word is, given that something holds of it."""
        chosen = {word: self.weight(word) for word in self.words if holds(word)}
        total = sum(chosen.values())
        return {word: Fraction(chosen.get(word, 0), total) for word in self.words}


def refines(more: str, less: str) -> bool:
    """Whether a masked word says all that another one says."""
    return all(b in (MASK, a) for a, b in zip(more, less, strict=True))


def _is_balanced(word: str) -> bool:
    stack: list[str] = []
    for token in word:
        if token not in _CLOSES:
            stack.append(token)
        elif not stack or stack.pop() != _CLOSES[token]:
            return False
    return not stack


def tasks_of(sentences: Sentences) -> dict[str, dict[str, Fraction]]:
    """Distributions of words to be brought about: what follows from one token, twice, and from no token."""
    last = sentences.length - 1
    return {
        "first_is_round": sentences.event(lambda word: word[0] == "("),
        "last_is_square": sentences.event(lambda word: word[last] == "]"),
        "closed_at_once": sentences.event(lambda word: word[1] in _CLOSES),
        "all_of_one_kind": sentences.event(lambda word: len({_CLOSES.get(token, token) for token in word}) == 1),
    }


class Infiller(nn.Module):
    """Logits of the token at each place of a masked word, seen from all places at once.

    Args:
        length: of the words.
        width, layers, heads: as in a transformer; the inner layer is four times as wide.
    """

    def __init__(self, length: int, *, width: int, layers: int, heads: int) -> None:
        super().__init__()
        self.embedding = nn.Embedding(len(TOKENS) + 1, width)
        self.position = nn.Parameter(torch.randn(length, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout=0.0, activation="gelu", batch_first=True, norm_first=True
        )
        self.layers = nn.TransformerEncoder(layer, layers, norm=nn.LayerNorm(width), enable_nested_tensor=False)
        self.head = nn.Linear(width, len(TOKENS))

    def forward(self, words: Tensor) -> Tensor:
        """Shape (n, length, tokens), for words of shape (n, length), the mask being the last number."""
        found: Tensor = self.head(self.layers(self.embedding(words) + self.position))
        return found


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train the masked model; read p(y | x) off it along two orders, and off one that was not trained."""
    c = configuration
    sentences = Sentences(c.length)
    objects, words = sentences.objects, sentences.words

    def make() -> Infiller:
        return Infiller(c.length, width=c.width, layers=c.layers, heads=c.heads)

    model, control = run.build("model", make), run.build("control", make)
    run.fit("masked", model, _loss(c, sentences), Plan(c.steps, c.rate, half=c.half, compiled=c.compiled))

    told, untrained = token_chances(model, objects), token_chances(control, objects)
    forwards, backwards = range(c.length), range(c.length - 1, -1, -1)
    found = chained(objects, told, forwards)
    back, blank = chained(objects, told, backwards), chained(objects, untrained, forwards)
    ideal = [[sentences.chance(less, more) for more in objects] for less in objects]
    exact, denominator = _integers(ideal)
    ends = [objects.index(word) for word in words]
    gaps, tokens, right = _cloze(sentences, told)
    pair = ("string", "string")
    arrays = {
        "relation": Content(found.astype(np.float32), pair, "relation"),
        "relation.backwards": Content(back.astype(np.float32), pair, "relation"),
        "relation.untrained": Content(blank.astype(np.float32), pair, "relation"),
        "relation.ideal": Content(exact, pair, "ideal", scale=f"q/{denominator}"),
        "relation.sentence": Content(found[:, ends].astype(np.float32), ("string", "sentence"), "relation"),
        "relation.sentence.ideal": Content(exact[:, ends], ("string", "sentence"), "ideal", scale=f"q/{denominator}"),
        "label": Content(right, ("cloze",), "label", names=tuple(TOKENS)),
        "token.pred.likeliest": Content(tokens, ("cloze",), "prediction", truth="label"),
    }
    table: list[tuple[str, float | str]] = []
    for name, task in tasks_of(sentences).items():
        weights, total = _integers([[task[word] for word in words]])
        arrays[f"task.{name}"] = Content(weights[0], ("sentence",), "task", scale=f"q/{total}")
        rows = np.abs(found[:, ends] - weights[0] / total).sum(-1) / 2
        best = np.abs((exact / denominator)[:, ends] - weights[0] / total).sum(-1) / 2
        table.append((f"{name}: gap in the language, of the best hard prompt", f"{best.min():.4f}  {rows.min():.4f}"))
    last = "last_token_is_round"
    readings = [[_reading(sentences, text, c.length - 1, ")") for text in objects]]
    weights, total = _integers(readings)
    arrays[f"task.{last}"] = Content(weights[0], ("string",), "task", scale=f"q/{total}")
    table = [
        ("distance to the language", float(np.abs(found - exact / denominator).max())),
        ("distance of the orders of unmasking", float(np.abs(found - back).max())),
        ("composition fails by at most", _defect(found)),
        ("the same of the model before training", _defect(blank)),
        *table,
        ("likeliest tokens that are right, of all gaps", f"{int((tokens == right).sum())} of {len(gaps)}"),
    ]
    contents = Contents(
        name="masked-lm",
        kind="product",
        reads="probability that a masked word is filled in so",
        axes={"string": objects, "sentence": words, "cloze": gaps},
        axis_names={"string": "masked word", "sentence": "word", "cloze": "gap"},
        arrays=arrays,
        family="bidirectional transformer",
        kernel={"id": "conditional-probability", "params": {"order": "from the left to the right"}},
        data={
            "generator": f"balanced words of length {c.length} in two kinds of brackets, round pairs twice as likely",
            "masks": "any number of places from one on, all numbers equally likely, fresh in every batch",
        },
        found=tuple(table),
    )
    return (contents,)


EXPERIMENT = Experiment(
    name="masked-lm",
    title="a masked language model of short sentences, along different orders of unmasking",
    paper="On the Power of Foundation Models, Theorem 1 and masked language modelling, read over ([0, 1], *)",
    scales=SCALES,
    run=run,
)


def _loss(c: Configuration, sentences: Sentences) -> Any:
    """Cross-entropy of the masked tokens of words drawn by their weights."""
    numbers = _numbers(sentences.words)
    weights = torch.tensor([float(sentences.weight(word)) for word in sentences.words])

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        device = next(model.parameters()).device
        words = numbers[torch.multinomial(weights, c.batch, replacement=True, generator=generator)]
        count = torch.randint(1, c.length + 1, (c.batch, 1), generator=generator)
        rank = torch.rand(c.batch, c.length, generator=generator).argsort(-1).argsort(-1)
        is_masked = (rank < count).to(device)
        words = words.to(device)
        logits = model(words.masked_fill(is_masked, len(TOKENS)))
        each = functional.cross_entropy(logits.float().flatten(0, 1), words.flatten(), reduction="none")
        return (each * is_masked.flatten()).sum() / is_masked.sum()

    return loss


def token_chances(model: nn.Module, objects: Sequence[str]) -> NDArray[np.float64]:
    """What a model says of each place of masked words, shape (objects, length, tokens)."""
    device = next(model.parameters()).device
    with torch.no_grad():
        logits = model(_numbers(objects).to(device))
    return np.asarray(functional.softmax(logits.double(), dim=-1).cpu().numpy())


def chained(objects: Sequence[str], told: NDArray[np.float64], order: Iterable[int]) -> NDArray[np.float64]:
    """p(y | x) as a product of single tokens, unmasked in an order of places.

    Args:
        objects: with all that lies between two of them.
        told: shape (objects, length, tokens), what is said of each place.
        order: of the places.
    Returns:
        shape (objects, objects), nought where y does not refine x.
    """
    number = {text: i for i, text in enumerate(objects)}
    places = tuple(order)
    found = np.zeros((len(objects), len(objects)))
    for x, less in enumerate(objects):
        for y, more in enumerate(objects):
            if not refines(more, less):
                continue
            chance, at = 1.0, less
            for place in places:
                if at[place] != more[place]:
                    chance *= told[number[at], place, TOKENS.index(more[place])]
                    at = at[:place] + more[place] + at[place + 1 :]
            found[x, y] = chance
    return found


def _numbers(words: Sequence[str]) -> Tensor:
    every = TOKENS + MASK
    return torch.tensor([[every.index(token) for token in word] for word in words])


def _integers(rows: Sequence[Sequence[Fraction]]) -> tuple[NDArray[np.int32], int]:
    """Rationals as multiples of one over a common denominator."""
    denominator = lcm(*(value.denominator for row in rows for value in row))
    return np.array([[int(value * denominator) for value in row] for row in rows], dtype=np.int32), denominator


def _reading(sentences: Sentences, text: str, place: int, token: str) -> Fraction:
    """How likely a token is at a place of a masked word."""
    if text[place] != MASK:
        return Fraction(int(text[place] == token))
    filled = text[:place] + token + text[place + 1 :]
    return sentences.chance(text, filled) if filled in sentences.objects else Fraction(0)


def _cloze(sentences: Sentences, told: NDArray[np.float64]) -> tuple[list[str], NDArray[np.int32], NDArray[np.int32]]:
    """The gaps in which one token is clearly ahead: their names, the model's likeliest token, and the right one."""
    names: list[str] = []
    tokens: list[tuple[int, int]] = []
    for x, text in enumerate(sentences.objects):
        for place in range(sentences.length):
            chances = [_reading(sentences, text, place, token) for token in TOKENS]
            first, second = sorted(chances, reverse=True)[:2]
            if text[place] == MASK and first - second > _CLEAR:
                names.append(f"{text} at {place + 1}")
                tokens.append((int(told[x, place].argmax()), chances.index(first)))
    found = np.array(tokens, dtype=np.int32)
    return names, found[:, 0], found[:, 1]


def _defect(relation: NDArray[np.float64]) -> float:
    """The most by which going through an object exceeds going straight."""
    return max(0.0, float(((relation[:, :, None] * relation[None]).max(1) - relation).max()))
