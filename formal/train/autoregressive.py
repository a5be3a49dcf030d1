"""A language model of bounded brackets, held against the grammar that it was trained on.

The relation is p(word | history), a profunctor from histories to continuations, and beside it the exact one. A task
is a distribution of continuations that a prompt should bring about: of two states of the grammar, of two mixtures of
states, which are in the hull of the rows but no rows, and of a deeper grammar, outside the hull. Each is tried by the
best hard prompt (a history), by a soft prompt (learnt vectors in the place of the start), and by fine tuning.

Source: RELATIONS.md; Bradley, Terilla, Vlassopoulos 2022 for the relation; Lester et al. 2021 for soft prompts.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import groupby
from math import lcm
from types import MappingProxyType
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from formal.bundle.write import Content
from formal.train.experiment import Contents, Experiment
from formal.train.grammar import END, Grammar, bounded_dyck, parts
from formal.train.trainer import Plan, Run
from formal.train.transformer import Decoder

_CHUNK = 8192
"""Sequences in one pass when probabilities are read off."""


@dataclass(frozen=True, slots=True)
class Configuration:
    """Sizes of a run.

    Args:
        kinds, depth: of the brackets.
        history, each: the longest histories, and how many of one state at most; None for all.
        full, closing: the continuations, as ``Grammar.words`` has them.
        partial: whether the beginnings of continuations are columns too.
        length: of the sequences that are trained on.
        width, layers, heads: of the transformer.
        steps, batch, rate: of pretraining.
        soft_steps, soft_rate: of training a soft prompt.
        tune_steps, tune_rate: of fine tuning.
        half, compiled: bfloat16, and ``torch.compile``, in pretraining.
    """

    kinds: int = 2
    depth: int = 2
    history: int = 7
    each: int | None = None
    full: int = 4
    closing: int = 4
    partial: bool = True
    length: int = 12
    width: int = 48
    layers: int = 2
    heads: int = 4
    steps: int = 900
    batch: int = 128
    rate: float = 3e-3
    soft_steps: int = 300
    soft_rate: float = 1e-2
    tune_steps: int = 100
    tune_rate: float = 1e-3
    half: bool = False
    compiled: bool = False


SCALES = MappingProxyType(
    {
        "cpu": Configuration(),
        "gpu": Configuration(
            kinds=3,
            depth=4,
            history=8,
            each=3,
            full=2,
            closing=4,
            partial=False,
            length=32,
            width=256,
            layers=6,
            heads=8,
            steps=6_000,
            batch=1024,
            rate=1e-3,
            half=True,
            compiled=True,
        ),
    }
)


@dataclass(frozen=True, slots=True, eq=False)
class Task:
    """Weights of columns that sum up to 1 over the complete ones, as multiples of 1/denominator."""

    weights: NDArray[np.int32]
    denominator: int

    @property
    def values(self) -> NDArray[np.float64]:
        """The weights as numbers."""
        return self.weights / self.denominator


def run(configuration: Configuration, run: Run) -> tuple[Contents, ...]:
    """Train the language model, then try each task in three ways."""
    c = configuration
    grammar, deeper = bounded_dyck(c.kinds, c.depth), bounded_dyck(c.kinds, c.depth + 1)
    histories = grammar.histories(c.history, c.each)
    complete = tuple(dict.fromkeys((*grammar.words(c.full, c.closing), *deeper.words(c.full, c.closing))))
    columns = parts(complete) if c.partial else complete
    is_complete = np.array([word in set(complete) for word in columns])
    model = run.build("model", lambda: _decoder(c, grammar))
    run.fit("pretrain", model, _language_loss(c, grammar), _pretraining(c))

    reader = Reader(grammar, columns)
    found = reader.probabilities(model, histories)
    ideal = _tasks([{history: Fraction(1)} for history in histories], grammar, columns)
    tasks = tasks_of(grammar, deeper, columns)
    arrays = {
        "relation": Content(found.astype(np.float32), ("rows", "columns"), "relation"),
        "relation.ideal": Content(ideal.weights, ("rows", "columns"), "ideal", scale=f"q/{ideal.denominator}"),
        "state": Content(
            np.array([grammar.states.index(grammar.state(history)) for history in histories], dtype=np.int32),
            ("rows",),
            "label",
            names=grammar.states,
        ),
        "split": Content(is_complete.astype(np.int32), ("columns",), "split", names=("partial", "complete")),
    }
    distance = _variation(found, ideal.values, is_complete)
    table: list[tuple[str, float | str]] = [("distance to the grammar (total variation)", float(distance.max()))]
    prompts = {}
    for name, task in tasks.items():
        gaps = _variation(found, task.values, is_complete)
        prompts[name] = histories[int(gaps.argmin())]
        predictions = {
            "prompt": found[int(gaps.argmin())],
            "soft": _soft_prompt(c, run, name, model, reader, task, is_complete, prompts[name]),
            "finetune": _fine_tuned(c, run, name, model, reader, task, is_complete),
        }
        exact = float(_variation(ideal.values, task.values, is_complete).min())
        arrays[f"task.{name}"] = Content(task.weights, ("columns",), "task", scale=f"q/{task.denominator}")
        words = [f"{exact:.4f}"]
        for way, prediction in predictions.items():
            stored = prediction.astype(np.float32)
            arrays[f"{way}.pred.{name}"] = Content(stored, ("columns",), "prediction", truth=f"task.{name}")
            words.append(f"{float(_variation(stored[None], task.values, is_complete)[0]):.4f}")
        table.append((f"{name}: gap in the grammar, of the hard prompt, soft prompt, fine tuning", "  ".join(words)))
    contents = Contents(
        name="autoregressive-lm",
        kind="product",
        reads="probability that a history is continued by a word",
        axes={"rows": histories, "columns": columns},
        axis_names={"rows": "history", "columns": "continuation"},
        arrays=arrays,
        family="decoder-only transformer",
        kernel={"id": "conditional-probability", "params": {}},
        data={
            "generator": f"bounded Dyck-{c.kinds}, depth {c.depth}, {len(grammar.states)} states",
            "lowest": [str(p) for p in grammar.lowest],
            "middle": [str(p) for p in grammar.middle],
            "hard prompts": prompts,
        },
        found=tuple(table),
    )
    return (contents,)


EXPERIMENT = Experiment(
    name="autoregressive-lm",
    title="a language model of brackets against the grammar that it is trained on",
    paper="On the Power of Foundation Models, Theorems 1 and 2, read over ([0, 1], *)",
    scales=SCALES,
    run=run,
)


def tasks_of(grammar: Grammar, deeper: Grammar, columns: Sequence[str]) -> dict[str, Task]:
    """The five tasks: two states, two mixtures of them, and what a deeper grammar says where this one has to close."""
    one, other = grammar.pairs[0][0], grammar.pairs[1][0]
    wanted = {
        "after_open_round": (grammar, {one: Fraction(1)}),
        "after_two_square": (grammar, {other * grammar.depth: Fraction(1)}),
        "half_round_half_square": (grammar, {one: Fraction(1, 2), other: Fraction(1, 2)}),
        "mostly_round": (grammar, {one: Fraction(17, 20), other: Fraction(3, 20)}),
        "deeper": (deeper, {one * grammar.depth: Fraction(1)}),
    }
    found = {name: _tasks([mixture], source, columns) for name, (source, mixture) in wanted.items()}
    return {name: Task(task.weights[0], task.denominator) for name, task in found.items()}


def _tasks(mixtures: Sequence[dict[str, Fraction]], grammar: Grammar, columns: Sequence[str]) -> Task:
    """Mixtures of what follows histories, one a row, exactly."""
    rows = []
    for mixture in mixtures:
        row = [Fraction(0)] * len(columns)
        for history, share in mixture.items():
            known = grammar.distribution(grammar.state(history), columns)
            row = [value + share * chance for value, chance in zip(row, known, strict=True)]
        rows.append(row)
    denominator = lcm(*(value.denominator for row in rows for value in row))
    return Task(np.array([[int(value * denominator) for value in row] for row in rows], dtype=np.int32), denominator)


# --- training -------------------------------------------------------------------------------------


def _decoder(c: Configuration, grammar: Grammar) -> Decoder:
    length = max(c.length, c.history + max(c.full, c.closing)) + 1
    return Decoder(len(grammar.tokens), length, width=c.width, layers=c.layers, heads=c.heads)


def _pretraining(c: Configuration) -> Plan:
    return Plan(c.steps, c.rate, half=c.half, compiled=c.compiled)


def _language_loss(c: Configuration, grammar: Grammar) -> Any:
    """Cross-entropy of the next token, on fresh words; what comes after the end is not counted."""
    chances, after = (torch.from_numpy(table) for table in grammar.automaton)
    end = len(grammar.states)

    def loss(model: Any, generator: torch.Generator) -> Tensor:
        device = next(model.parameters()).device
        state = torch.zeros(c.batch, dtype=torch.long)
        tokens = torch.empty(c.batch, c.length, dtype=torch.long)
        counted = torch.empty(c.batch, c.length, dtype=torch.bool)
        for position in range(c.length):
            tokens[:, position] = torch.multinomial(chances[state], 1, generator=generator)[:, 0]
            counted[:, position] = state != end
            state = after[state, tokens[:, position]]
        tokens, counted = tokens.to(device), counted.to(device)
        logits = model(tokens[:, :-1])
        each = functional.cross_entropy(logits.float().flatten(0, 1), tokens.flatten(), reduction="none")
        return (each * counted.flatten()).sum() / counted.sum()

    return loss


def _soft_prompt(
    c: Configuration,
    run: Run,
    name: str,
    model: Decoder,
    reader: Reader,
    task: Task,
    is_complete: NDArray[np.bool_],
    hard: str,
) -> NDArray[np.float64]:
    """Learn vectors in the place of the start and of a hard prompt, beginning at its own; the model stays as it is."""
    frozen = copy.deepcopy(model).requires_grad_(False)
    prompt = run.build(f"soft-{name}", lambda: _Prompt(frozen, reader.numbers(hard)))
    weights = torch.from_numpy(task.values * is_complete).to(run.device)
    run.fit(
        f"soft-{name}",
        prompt,
        lambda m, _: reader.cross_entropy(frozen, weights, m.prefix),
        Plan(c.soft_steps, c.soft_rate, schedule="cosine"),
    )
    return np.asarray(reader.probabilities(frozen, [""], prompt.prefix.detach())[0])


class _Prompt(torch.nn.Module):
    """A soft prompt that begins as a hard one: the start, and the embedded tokens of a history."""

    def __init__(self, model: Decoder, tokens: list[int]) -> None:
        super().__init__()
        embedded = model.embedding.weight[tokens]
        self.prefix = torch.nn.Parameter(torch.cat([model.start, embedded]).detach().clone())


def _fine_tuned(
    c: Configuration, run: Run, name: str, model: Decoder, reader: Reader, task: Task, is_complete: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Train all weights on towards the task, from the empty history."""
    tuned = copy.deepcopy(model)
    weights = torch.from_numpy(task.values * is_complete).to(run.device)
    run.fit(
        f"finetune-{name}",
        tuned,
        lambda m, _: reader.cross_entropy(m, weights, None),
        Plan(c.tune_steps, c.tune_rate, schedule="cosine"),
    )
    return np.asarray(reader.probabilities(tuned, [""])[0])


# --- reading probabilities off --------------------------------------------------------------------


class Reader:
    """The probabilities of words after histories, by a few passes of a model.

    Causality is used: one pass over a sequence gives the next token after each of its beginnings, so only the longest
    proper beginnings of words are passed.
    """

    def __init__(self, grammar: Grammar, words: Sequence[str]) -> None:
        self.number = {token: i for i, token in enumerate(grammar.tokens)}
        longest = max(map(len, words))
        begun = sorted({word[:-1] for word in words}, key=lambda word: (-len(word), word))
        paths: list[str] = []
        for word in begun:
            if not any(path.startswith(word) for path in paths):
                paths.append(word)
        self.paths = torch.tensor([self.numbers(path.ljust(longest - 1, END)) for path in paths], dtype=torch.long)
        of = [next(i for i, path in enumerate(paths) if path.startswith(word[:-1])) for word in words]
        self.path = torch.tensor(of)
        self.tokens = torch.tensor([self.numbers(word.ljust(longest, END)) for word in words])
        self.counted = torch.tensor([[place < len(word) for place in range(longest)] for word in words])

    def numbers(self, text: str) -> list[int]:
        """The tokens of a text by number."""
        return [self.number[token] for token in text]

    def _log_probabilities(self, model: Any, histories: Tensor, prefix: Tensor | None) -> Tensor:
        """Shape (histories, words), float64; histories of one length, shape (n, t)."""
        device = next(model.parameters()).device
        n, t = histories.shape
        m, u = self.paths.shape
        left = histories[:, None].expand(n, m, t).reshape(n * m, t)
        right = self.paths.repeat(n, 1)
        sequences = torch.cat([left, right], dim=1).to(device)
        logits = model(sequences) if prefix is None else model(sequences, prefix)
        logs = functional.log_softmax(logits[:, t:].double(), dim=-1).reshape(n, m, u + 1, -1)
        places = torch.arange(self.tokens.shape[1], device=device)
        path, tokens = self.path.to(device)[:, None], self.tokens.to(device)
        each = logs[:, path, places, tokens]
        return (each * self.counted.to(device)).sum(-1)

    def probabilities(self, model: Any, histories: Sequence[str], prefix: Tensor | None = None) -> NDArray[np.float64]:
        """How likely each word is after each history.

        Args:
            histories: in order of their lengths.
            prefix: of the model, a soft prompt.
        Returns:
            shape (histories, words), float64.
        """
        found: list[Tensor] = []
        with torch.no_grad():
            for length, group in groupby(histories, key=len):
                same = list(group)
                numbers = torch.tensor([self.numbers(h) for h in same], dtype=torch.long).reshape(len(same), length)
                found += [
                    self._log_probabilities(model, chunk, prefix).exp().cpu()
                    for chunk in torch.split(numbers, max(1, _CHUNK // len(self.paths)))
                ]
        return np.asarray(torch.cat(found).numpy())

    def cross_entropy(self, model: Any, weights: Tensor, prefix: Tensor | None) -> Tensor:
        """``- sum of weights * log p(word)`` at the empty history: least where p is the weights. Shape (words,)."""
        logs = self._log_probabilities(model, torch.empty(1, 0, dtype=torch.long), prefix)[0]
        return -(weights * torch.where(weights > 0, logs, torch.zeros_like(logs))).sum()


def _variation(
    found: NDArray[np.floating[Any]], wanted: NDArray[np.float64], is_complete: NDArray[np.bool_]
) -> NDArray[np.float64]:
    """Half of the sum of differences over complete words, for each row."""
    return np.asarray(np.abs(found.astype(np.float64) - wanted)[..., is_complete].sum(-1) / 2)
