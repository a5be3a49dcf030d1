"""``formal train``: train the models that bundles come from."""

from __future__ import annotations

import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from formal.cli.terminal import put, say

if TYPE_CHECKING:
    from rich.progress import Progress

    from formal.train.experiment import Contents, Experiment

SEEDS = (0, 1, 2)


@click.command(short_help="Train a model and export what it says as a bundle.")
@click.argument("names", nargs=-1, metavar="[NAME]...")
@click.option("--all", "is_all", is_flag=True, help="Run every experiment.")
@click.option("--list", "is_list", is_flag=True, help="List the experiments.")
@click.option("--device", default="auto", show_default=True, metavar="auto|cpu|cuda", help="What to train on.")
@click.option("--scale", type=click.Choice(["auto", "cpu", "gpu"]), default="auto", show_default=True)
@click.option("--seed", "seeds", type=click.IntRange(min=0), multiple=True, help="Again for several.  [default: 0 1 2]")
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    metavar="DIR",
    help="Where bundles and checkpoints are put.  [default: the current folder]",
)
@click.option("--jobs", type=click.IntRange(min=1), default=1, show_default=True, help="Runs at the same time.")
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="Try: so many steps a stage, and write nothing.")
@click.option("--dry-run", is_flag=True, help="Write no bundle, only the table.")
def train(
    names: tuple[str, ...],
    is_all: bool,
    is_list: bool,
    device: str,
    scale: str,
    seeds: tuple[int, ...],
    out: Path,
    jobs: int,
    steps: int | None,
    dry_run: bool,
) -> int:
    """Run the experiment called NAME, once for each seed, and write a relation bundle for each.

    A run that was cut off goes on from its last checkpoint. The claims that judge a bundle, in
    proofs/models/NAME/claims.cat, are read before the run and become part of it; changes of code or claims that are
    not committed are refused. Needs the extra `train`.

    With several names, or with --all, each experiment has a folder of its own in DIR, and each seed a process of its
    own: what is finished is not run again, and what fails takes nothing with it, but the exit status is 1. With --jobs
    several seeds, of one experiment too, run at the same time and share the device. With --steps all is tried out, by
    training too short to mean anything; nothing is written, and what is finished is tried too.

    \b
    Examples:
      formal train --list
      formal train autoregressive-lm --out proofs/models/autoregressive-lm
      formal train rotation --device cpu --seed 3 --dry-run
      formal train --all --device cuda --jobs 6 --seed 0 --steps 20
      formal train --all --device cuda --jobs 6 --out proofs/models
    """
    from formal.train.catalogue import EXPERIMENTS, load

    if is_all and names:
        raise click.UsageError("`--all` is every experiment; leave out the names, or `--all`")
    if is_list or not (names or is_all):
        width = max(map(len, EXPERIMENTS))
        put("".join(f"{each:<{width}}  {listed.title}\n" for each, listed in EXPERIMENTS.items()))
        return 0
    seeds = tuple(dict.fromkeys(seeds)) or SEEDS
    if is_all or len(names) > 1 or jobs > 1:
        if dry_run:
            raise click.UsageError("`--dry-run` is for one experiment, without `--jobs`")
        chosen_names = tuple(EXPERIMENTS) if is_all else tuple(dict.fromkeys(names))
        folders = {name: out / name if is_all or len(names) > 1 else out for name in chosen_names}
        return _run_parts(folders, device, scale, seeds, jobs, steps)
    experiment = load(names[0])
    from formal.train.machine import device_of, reproducible, scale_of

    chosen = device_of(device)
    size = scale_of(scale, chosen)
    is_kept = not dry_run and steps is None
    if is_kept:
        _require_committed()
    for seed in seeds:
        with reproducible(chosen):
            _run(experiment, size, chosen, seed, out if is_kept else None, steps)
    return 0


def _require_committed() -> None:
    from formal.train.export import revision

    if revision().get("dirty"):
        raise click.UsageError("there are changes that are not committed; commit them, or try with `--dry-run`")


def _run_parts(
    folders: dict[str, Path], device: str, scale: str, seeds: tuple[int, ...], jobs: int, steps: int | None
) -> int:
    """Each seed of each experiment, by name with its folder; what could be wrong of all is refused before the first."""
    from formal.train.catalogue import claims_of, known, require_libraries
    from formal.train.part import Part, State, ending_parts, run_parts, table

    for name in folders:
        known(name)
    require_libraries()
    from formal.train.machine import device_of, scale_of

    chosen = device_of(device)
    size = scale_of(scale, chosen)
    if steps is None:
        _require_committed()
    parts = [
        Part(name, seed, str(chosen), size, folder, Path(claims_of(name)), steps)
        for name, folder in folders.items()
        for seed in seeds
    ]
    outcomes = []
    with ending_parts(), closing(run_parts(parts, jobs=jobs)) as running:
        for each in running:
            outcomes.append(each)
            if each.printed:
                say(each.printed.rstrip("\n"))
            say(f"{each.part.name}, seed {each.part.seed}: {each.state.value}")
    put(table(outcomes))
    return int(any(each.state is State.FAILED for each in outcomes))


def _run(experiment: Experiment[Any], scale: str, device: Any, seed: int, out: Path | None, steps: int | None) -> None:
    """One seed; written to a folder, unless there is none."""
    from dataclasses import asdict

    from formal.bundle.write import save
    from formal.train.export import bundle_name, exported
    from formal.train.machine import peak_memory
    from formal.train.part import Cost, Part, write_record
    from formal.train.trainer import Run

    configuration = experiment.scales[scale]
    claims = Path(experiment.claims)
    identity = {"experiment": experiment.name, "scale": scale, "configuration": asdict(configuration)}
    begun = time.perf_counter()
    with _Bar() as monitor:
        folder = None if out is None else out / ".formal" / "train" / f"{experiment.name}-{scale}-seed{seed}"
        run = Run(seed, device, identity, monitor, folder, steps)
        results = experiment.run(configuration, run)
    cost = Cost(time.perf_counter() - begun, monitor.pace, peak_memory(device))
    written = []
    for contents in results:
        title = bundle_name(contents, scale, seed)
        put(_table(title, contents))
        if out is not None:
            data = exported(experiment, contents, run, scale, claims if claims.is_file() else None)
            out.mkdir(parents=True, exist_ok=True)
            path = out / f"{title}.safetensors"
            save(path, data)
            written.append(path)
            say(f"written to {path}, {len(data)} bytes")
    if out is not None:
        write_record(Part(experiment.name, seed, str(device), scale, out, claims), written, cost)
    run.finish()
    most = f", at most {cost.memory / 2**20:.0f} MiB" if cost.memory else ""
    put(f"seed {seed}: {cost.seconds:.1f} s, {cost.pace:.1f} steps a second in training{most}\n")


def _table(title: str, contents: Contents) -> str:
    """What was measured, a line each."""
    width = max((len(words) for words, _ in contents.found), default=0)
    lines = [f"{title}\n"]
    for words, value in contents.found:
        shown = value if isinstance(value, str) else f"{value:.4f}"
        lines.append(f"  {words:<{width}}  {shown}\n")
    return "".join(lines)


class _Bar:
    """One line for each stage on standard error, when it is a terminal; counts steps and the time that they take."""

    def __init__(self) -> None:
        self._progress: Progress | None = None
        self._task: Any = None
        self._steps = 0
        self._seconds = 0.0
        self._last = 0.0

    @property
    def pace(self) -> float:
        """Steps a second, in all stages together."""
        return self._steps / self._seconds if self._seconds else 0.0

    def __enter__(self) -> _Bar:
        if sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TimeRemainingColumn(),
                TextColumn("loss {task.fields[loss]:.4f}"),
                console=Console(stderr=True),
            )
            self._progress.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._progress is not None:
            self._progress.stop()

    def begin(self, stage: str, steps: int, done: int) -> None:
        """A stage begins, or goes on with some steps done."""
        self._last = time.perf_counter()
        if self._progress is not None:
            self._task = self._progress.add_task(stage, total=steps, completed=done, loss=float("nan"))

    def step(self, loss: float) -> None:
        """A step is done."""
        now = time.perf_counter()
        self._steps, self._seconds, self._last = self._steps + 1, self._seconds + now - self._last, now
        if self._progress is not None:
            self._progress.update(self._task, advance=1, loss=loss)
