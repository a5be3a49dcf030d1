"""How much the proofs of the library depend on single configurations and on the solver's seed.

- ``python -m tests.theorems.stability``: obligations are drawn evenly from the whole library; each is given to some
  configurations of the portfolio alone, with several seeds.
- ``python -m tests.theorems.stability --portfolio``: every obligation is given to the whole portfolio, as in a run of
  ``formal``, with several seeds; exit code 1 if a verdict depends on the seed. ``--part 1/2`` and ``2/2`` are halves.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from formal.prove.configuration import PORTFOLIO, Configuration
from formal.prove.first_order import first_order
from formal.prove.prover import ProveLimits, Prover, statistics
from formal.prove.result import Proof, Sequent
from tests.theorems.proved_library import true_obligations

CHOSEN = (0, 1, 2, 4, 7, 8)
"""Positions in the portfolio: two without quantifiers, and four encodings with."""


@dataclass(frozen=True, slots=True)
class Trial:
    """What one configuration makes of an obligation.

    Args:
        answers: by seed; without quantifiers there is one answer, for nothing is left to chance.
    """

    obligation: str
    configuration: str
    answers: tuple[str, ...]

    @property
    def is_proved(self) -> bool:
        """Whether it is proved with the first seed."""
        return self.answers[0] == "proved"


def sample(size: int) -> list[Sequent]:
    """Obligations drawn evenly, in order."""
    everything = true_obligations()
    step = max(1, len(everything) // size)
    return [first_order(statement, obligation) for statement, obligation in everything[::step][:size]]


def trials(
    prover: Prover, sequents: Sequence[Sequent], configurations: Sequence[Configuration], seeds: int, resources: int
) -> Iterator[Trial]:
    """Every configuration on every obligation, with every seed that matters to it."""
    for sequent in sequents:
        name = f"{sequent.theorem}, {sequent.obligation}"
        for configuration in configurations:
            chances = seeds if configuration.encoding is not None else 1
            answers = (
                statistics(prover, sequent, configuration.name, seed=seed, resources=resources).answer
                for seed in range(chances)
            )
            yield Trial(name, configuration.name, tuple(answers))


def summary(found: Sequence[Trial]) -> Iterator[str]:
    """How many obligations are proved at all; what each configuration loses alone, and what is lost without it."""
    obligations = dict.fromkeys(trial.obligation for trial in found)
    proved = {trial.obligation for trial in found if trial.is_proved}
    yield f"{len(obligations)} obligations, {len(proved)} proved by some configuration with seed 0"
    for configuration in dict.fromkeys(trial.configuration for trial in found):
        own = [trial for trial in found if trial.configuration == configuration]
        alone = {trial.obligation for trial in own if trial.is_proved}
        others = {t.obligation for t in found if t.is_proved and t.configuration != configuration}
        by_seed = [answers.count("proved") for answers in zip(*(trial.answers for trial in own), strict=True)]
        varying = sum(len({answer == "proved" for answer in trial.answers}) > 1 for trial in own)
        yield (
            f"{configuration}: proves {len(alone)}, loses {len(proved - alone) / max(1, len(proved)):.0%} alone; "
            f"without it {len(proved - others)} are lost; by seed {min(by_seed)} to {max(by_seed)}, "
            f"{varying} obligations vary"
        )
    varying_at_all = [name for name in obligations if len(set(_answers(found, name))) > 1]
    yield f"whether any configuration proves it depends on the seed for {len(varying_at_all)} obligations"


def _answers(found: Sequence[Trial], obligation: str) -> Iterator[bool]:
    """Whether some configuration proves an obligation, by seed."""
    own = [trial for trial in found if trial.obligation == obligation]
    for seed in range(_seeds(own)):
        yield any(trial.answers[min(seed, len(trial.answers) - 1)] == "proved" for trial in own)


def _seeds(found: Sequence[Trial]) -> int:
    return max(len(trial.answers) for trial in found)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the whole portfolio makes of an obligation.

    Args:
        proved_by: by seed, the configuration that proves it; empty where none does.
        seconds: with the first seed.
    """

    obligation: str
    proved_by: tuple[str, ...]
    seconds: float

    @property
    def is_stable(self) -> bool:
        """Whether the verdict is the same with all seeds."""
        return len({bool(name) for name in self.proved_by}) == 1


def verdicts(prover: Prover, sequents: Iterable[Sequent], seeds: int) -> Iterator[Verdict]:
    """The whole portfolio on every obligation, with every seed; once where the proof does not depend on the seed."""
    limits = ProveLimits.within(ProveLimits().total)
    for sequent in sequents:
        started = time.perf_counter()
        found = [_proved_by(prover, sequent, limits)]
        seconds = time.perf_counter() - started
        if not is_found_with_every_seed(found[0]):
            found += [_proved_by(prover, sequent, replace(limits, seed=seed)) for seed in range(1, seeds)]
        yield Verdict(f"{sequent.theorem}, {sequent.obligation}", tuple(found), seconds)


def _proved_by(prover: Prover, sequent: Sequent, limits: ProveLimits) -> str:
    result = prover.prove(sequent, limits)
    return result.configuration if isinstance(result, Proof) else ""


def is_found_with_every_seed(configuration: str) -> bool:
    """Whether what a configuration proves is proved with every seed, by it or by an earlier one.

    Ground ones, also by cases, leave nothing to chance.
    """
    seeded = [chosen.name for chosen in PORTFOLIO if chosen.encoding is not None]
    return bool(configuration) and not any(name in configuration for name in seeded)


def report(found: Sequence[Verdict]) -> Iterator[str]:
    """How many are proved by what, and which verdicts depend on the seed."""
    yield f"{len(found)} obligations, {sum(all(v.proved_by) for v in found)} proved with every seed"
    yield f"{sum(len(verdict.proved_by) == 1 for verdict in found)} by a configuration that leaves nothing to chance"
    others = [verdict for verdict in found if len(set(verdict.proved_by)) > 1]
    yield f"{len(others)} proved by one configuration with one seed and by another with another"
    for name, count in Counter(verdict.proved_by[0] for verdict in found).most_common():
        yield f"with seed 0 by {name or 'none'}: {count}"
    for verdict in found:
        if not all(verdict.proved_by):
            seeds = [str(seed) for seed, name in enumerate(verdict.proved_by) if not name]
            yield f"not proved with seed {', '.join(seeds)}: {verdict.obligation}"
    times = sorted(verdict.seconds for verdict in found)
    yield f"{times[len(times) // 2]:.2f} s in the median, {times[-1]:.1f} s at most"
    yield f"{sum(not verdict.is_stable for verdict in found)} verdicts depend on the seed"


def measure_portfolio(seeds: int, part: int, parts: int) -> bool:
    """Measure, and print; whether no verdict depends on the seed."""
    sequents = (first_order(statement, obligation) for statement, obligation in true_obligations()[part - 1 :: parts])
    with Prover() as prover:
        found = list(verdicts(prover, sequents, seeds))
    for line in report(found):
        print(line)
    return all(verdict.is_stable for verdict in found)


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=60, help="how many obligations")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--resources", type=int, default=50_000, help="resource units an attempt")
    parser.add_argument("--portfolio", action="store_true", help="the whole portfolio on every obligation")
    parser.add_argument("--part", default="1/1", metavar="I/N", help="with --portfolio: the I-th of N parts")
    chosen = parser.parse_args()
    if chosen.portfolio:
        part, parts = map(int, chosen.part.split("/"))
        sys.exit(0 if measure_portfolio(chosen.seeds, part, parts) else 1)
    configurations = [PORTFOLIO[position] for position in CHOSEN]
    found: list[Trial] = []
    with Prover() as prover:
        for trial in trials(prover, sample(chosen.sample), configurations, chosen.seeds, chosen.resources):
            found.append(trial)
            if len({answer == "proved" for answer in trial.answers}) > 1:
                print(f"{trial.obligation}: {trial.configuration}: {', '.join(trial.answers)}", flush=True)
    for line in summary(found):
        print(line)


if __name__ == "__main__":
    main()
