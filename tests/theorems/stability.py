"""How much the proofs of the library depend on single configurations and on the solver's seed.

Run as ``python -m tests.theorems.stability``. Obligations are drawn evenly from the whole library; each is given to
some configurations of the portfolio alone, with several seeds.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from formal.prove.configuration import PORTFOLIO, Configuration
from formal.prove.first_order import first_order
from formal.prove.prover import Prover, statistics
from formal.prove.result import Sequent
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


def main() -> None:
    """Measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sample", type=int, default=60, help="how many obligations")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--resources", type=int, default=50_000, help="resource units an attempt")
    chosen = parser.parse_args()
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
