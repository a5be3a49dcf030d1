"""What the experiments are estimated to take on a GPU, from their configurations: ``python -m tests.train.estimate``.

Counted are steps, operations of matrix products and convolutions, kernels, and what the gradient keeps: each stage
takes one step with its model at full size and a part of its batch, on the CPU, and the counts are scaled up. Measured
is what a full batch takes to be drawn here. Assumed is the rest: the constants below, none of them measured on a GPU.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import FlopCounterMode

from formal.train import catalogue
from formal.train.machine import reproducible
from formal.train.trainer import Plan, Run, checkpoints_of

RATE = {True: 2.5e14, False: 3e13}
"""Operations a second: a quarter of what is promised for bfloat16, half of it for float32."""
BANDWIDTH = 2.5e12
"""Bytes a second, of which what the gradient keeps moves ``PASSES`` times."""
PASSES = 6
KERNEL = 3e-6
"""Seconds that a kernel takes at least."""
LAUNCH = {True: 4e-6, False: 1e-5}
"""Seconds of the processor for each operation of a model, compiled or not."""
FUSED = 3
"""So many operations become one kernel when they are compiled."""
STEP = 1.5e-3
"""Seconds of the processor for a step: clipping, the optimiser, the schedule."""
LSTM = 5
"""Kernels of an LSTM for each place of a sequence, there and back."""
COMPILING, PER_KERNEL, AGAIN = 10.0, 0.05, 1 / 3
"""Seconds to compile a model, and more of them for each operation; the share of it if the same was compiled before."""
STARTING = 20.0
"""Seconds of a process before it trains, and when it exports."""
SAVING = 3e8
"""Bytes of a checkpoint a second."""
SEEDS, JOBS = 3, 6
CONTEXT = 1.5e9
"""Bytes of a process on a GPU before anything is put there."""

_GLYPHS = {"tasks": 16, "sequences": 8, "glyphs": 32}
SMALL: dict[str, dict[str, Any]] = {
    "autoregressive-lm": {"history": 3},
    "rotation": {"objects": 5},
    "contrastive": {"objects": 5},
    "masked-lm": {},
    "captions": {"tests": 2},
    "factored": {"tests": 2},
    "gpicl": {"seen": (4, 24)},
    "gpicl-digits": {"exponents": (0,), "sequences": 8},
    "gpicl-state": _GLYPHS,
    "gpicl-interventions": {"tasks": 16, "glyphs": 32},
    "gpicl-transfer": {"exponents": (0,), "sequences": 8, "glyphs": 32},
    "quantised-state": {},
    "mixtures": {},
    "mixtures-sparse": {"functions": 2, "questions": 1, "counts": (1, 2)},
    "mixtures-frequency": {"functions": 2, "questions": 1},
}
"""What is made smaller of each, with no say in what a step costs."""
PART = 32
"""So much smaller is a batch that is counted."""


@dataclass(frozen=True, slots=True)
class Stage:
    """What a step of a stage costs: operations, kernels, bytes that the gradient keeps, seconds to draw its batch."""

    name: str
    plan: Plan
    operations: float
    kernels: float
    kept: float
    weights: int
    drawing: float
    shape: str

    @property
    def processor(self) -> float:
        """Seconds of the processor, a step."""
        saved = 12 * self.weights / SAVING / checkpoints_of(torch.device("cuda"), self.plan)
        return self.drawing + STEP + saved + self.kernels * LAUNCH[self.plan.compiled]

    @property
    def device(self) -> float:
        """Seconds of the GPU, a step; what is compiled moves fewer bytes, too."""
        share = FUSED if self.plan.compiled else 1
        busy: float = self.operations / RATE[self.plan.half] + PASSES / share * self.kept / BANDWIDTH
        return max(busy, (self.kernels / share + 10) * KERNEL)


class _Counter(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts operations that are more than another view."""

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kernels = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        returns = func._schema.returns
        is_view = any(each.alias_info is not None and not each.alias_info.is_write for each in returns)
        self.kernels += not is_view
        return func(*args, **(kwargs or {}))


class _Called(Exception):
    """A model was called: its batch is drawn."""


class _Probe(nn.Module):
    """A model that is only asked whether it is called."""

    def __init__(self, model: nn.Module, then: Callable[[Any], Any]) -> None:
        super().__init__()
        self.model, self.then = model, then

    def __getattr__(self, name: str) -> Any:
        own = self.__dict__.get("_modules", {})
        return own[name] if name in own else getattr(own["model"], name)

    def forward(self, *given: Any) -> Any:
        """Whatever is to happen then."""
        return self.then(given)


def drawing(model: nn.Module, loss: Any, generator: torch.Generator) -> float:
    """Seconds until a model is called."""

    def stop(given: Any) -> Any:
        raise _Called

    probe, times = _Probe(model, stop), []
    for _ in range(7):
        begun = time.thread_time()
        try:
            loss(probe, generator)
        except _Called:
            times.append(time.thread_time() - begun)
    return median(times) if times else 0.0


def counted(model: nn.Module, loss: Any, plan: Plan, generator: torch.Generator) -> tuple[float, int, float, str]:
    """Operations, kernels, bytes kept in float32, and what the model and its inputs look like."""
    seen: list[str] = []
    kept: dict[int, int] = {}
    counter = _Counter()
    drawn = 0

    def call(given: Any) -> Any:
        nonlocal drawn
        drawn = counter.kernels
        seen.append(f"{model}{[tuple(each.shape) for each in given if isinstance(each, Tensor)]}")
        return model(*given)

    def pack(tensor: Tensor) -> Tensor:
        kept[tensor.untyped_storage().data_ptr()] = tensor.untyped_storage().nbytes()
        return tensor

    flops = FlopCounterMode(display=False)
    with flops, counter, torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor):
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=plan.half):
            value = loss(_Probe(model, call), generator)
        value.backward()
    of_weights = sum(each.untyped_storage().nbytes() for each in model.parameters())
    bytes_kept = max(0.0, sum(kept.values()) - of_weights)
    return flops.get_total_flops(), counter.kernels - drawn, bytes_kept, "|".join(seen)


def stages(name: str) -> list[Stage]:
    """The stages of a seed at the scale of a GPU."""
    experiment = catalogue.load(name)
    full = experiment.scales["gpu"]
    times: dict[str, float] = {}
    found: list[Stage] = []

    def measure(run: Run, stage: str, model: Any, loss: Any, plan: Plan) -> Tensor:
        if name.startswith("gpicl-"):
            batch = full.batch * full.sizes.length if hasattr(full, "sizes") else full.batch * full.length
            begun = time.thread_time()
            torch.randint(10, (batch,)), torch.randint(10, (batch,))
            times[stage] = time.thread_time() - begun + 1e-4
        elif name not in ("mixtures-sparse", "mixtures-frequency"):
            times[stage] = drawing(model, loss, run.generator("batches"))
        model.eval()
        run.losses[stage] = (1.0,) * plan.steps
        return torch.ones(plan.steps)

    def count(run: Run, stage: str, model: Any, loss: Any, plan: Plan) -> Tensor:
        model.train()
        operations, kernels, kept, shape = counted(model, loss, plan, run.generator("batches"))
        is_scaled = name != "quantised-state" and (name != "autoregressive-lm" or stage == "pretrain")
        factor = PART if is_scaled else 1
        weights = sum(each.numel() for each in model.parameters())
        recurrent = sum(p.numel() for m in model.modules() if isinstance(m, nn.LSTM) for p in m.parameters())
        if recurrent:
            # On the CPU an LSTM is one operation that is not counted; cuDNN has some kernels for each place.
            operations += 6 * recurrent * full.batch * full.sizes.length / PART
            kernels += LSTM * full.sizes.length
        found.append(
            Stage(stage, plan, factor * operations, kernels, factor * kept, weights, times.get(stage, 0.0), shape)
        )
        model.zero_grad()
        model.eval()
        run.losses[stage] = (1.0,) * plan.steps
        return torch.ones(plan.steps)

    before = Run.fit
    small: dict[str, Any] = SMALL[name]
    try:
        for fit, part in ((measure, 1), (count, PART)):
            changed = dict(small)
            for key in ("batch", "torsor_batch"):
                if hasattr(full, key):
                    changed[key] = max(1, getattr(full, key) // part)
            if name == "mixtures":
                changed["regression"] = tuple(
                    replace(each, batch=each.batch // part, functions=2, questions=1) for each in full.regression
                )
            Run.fit = fit  # type: ignore[method-assign, assignment]
            with reproducible(torch.device("cpu")):
                experiment.run(replace(full, **changed), Run(0, torch.device("cpu")))
    finally:
        Run.fit = before  # type: ignore[method-assign]
    if name == "gpicl":
        return [replace(found[0], name=str(k)) for k in full.seen]
    if name in ("gpicl-digits", "gpicl-transfer"):
        return [replace(found[0], name=str(k)) for k in full.exponents]
    return found


def data(name: str) -> float:
    """Bytes of tasks that lie on the GPU."""
    full: Any = catalogue.load(name).scales["gpu"]
    features = full.sizes.features if hasattr(full, "sizes") else getattr(full, "features", 0)
    tasks = {
        "gpicl-digits": sum(2**k for k in getattr(full, "exponents", ())),
        "gpicl-transfer": 2 ** max(getattr(full, "exponents", (0,))),
    }.get(name, getattr(full, "tasks", 0))
    return float(4 * 64 * tasks * features)


def seconds(found: Sequence[Stage]) -> tuple[float, float]:
    """Of a seed: in all, compiling too, and while the GPU is busy.

    A batch that the processor draws waits on its way to the GPU for what is computed there; one that the GPU draws
    does not.
    """
    compiled: set[str] = set()
    total = STARTING
    for stage in found:
        if stage.plan.compiled:
            total += (COMPILING + PER_KERNEL * stage.kernels) * (AGAIN if stage.shape in compiled else 1)
            compiled.add(stage.shape)
    for stage in found:
        both = stage.processor, stage.device
        total += stage.plan.steps * (sum(both) if stage.drawing else max(both))
    return total, sum(stage.plan.steps * stage.device for stage in found)


def queued(parts: int, total: float, gpu: float) -> float:
    """Seconds of all parts, so many at a time, that wait for the GPU at random.

    Source: Reiser, Lavenberg 1980 (mean value analysis).
    """
    each, apart = gpu / parts, (total - gpu) / parts
    waiting = 0.0
    for jobs in range(1, JOBS + 1):
        there = each * (1 + waiting)
        pace = jobs / (there + apart)
        waiting = pace * there
    return parts / pace


def main(names: Sequence[str]) -> None:
    """Print a line for each experiment, and how long all take."""
    whole = gpu = 0.0
    slowest = 0.0
    memory: list[float] = []
    print("| experiment | steps | operations a step | in all | drawn in | processor | GPU | a seed | three | GiB |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in names:
        found = stages(name)
        steps = sum(stage.plan.steps for stage in found)
        total = sum(stage.plan.steps * stage.operations for stage in found)
        alone, its = seconds(found)
        most = max(stage.kept + 20 * stage.weights for stage in found) + data(name) + CONTEXT
        memory.append(most)
        whole, gpu = whole + SEEDS * alone, gpu + SEEDS * its
        together = max(alone, SEEDS * its + STARTING)
        slowest = max(slowest, alone)
        low, high = (pick(stage.operations for stage in found) for pick in (min, max))
        draw = max(stage.drawing for stage in found)
        print(
            f"| `{name}` | {steps} | {_power(low)} to {_power(high)} | {_power(total)} | {1e3 * draw:.1f} ms"
            f" | {1e3 * sum(each.plan.steps * each.processor for each in found) / steps:.1f} ms"
            f" | {1e3 * its / steps:.1f} ms | {alone:.0f} s | {together:.0f} s | {most / 2**30:.1f} |",
            flush=True,
        )
    wait = queued(SEEDS * len(names), whole, gpu)
    print(f"all, {JOBS} at a time: {max(whole / JOBS, gpu):.0f} s if no part waits for another, {wait:.0f} s at random")
    print(f"the GPU is busy for {gpu:.0f} s of it; the longest part is {slowest:.0f} s")
    print(f"the {JOBS} largest at the same time: {sum(sorted(SEEDS * memory)[-JOBS:]) / 2**30:.0f} GiB")


def _power(value: float) -> str:
    """With one digit, times a power of 10."""
    digits, exponent = f"{value:.0e}".split("e")
    return f"{digits} · 10{exponent.lstrip('+0').translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"


if __name__ == "__main__":
    main(sys.argv[1:] or tuple(catalogue.EXPERIMENTS))
