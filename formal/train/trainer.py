"""Stages of training: a model, a loss that draws its own batches, a plan; each can be cut off and gone on with.

Source: Loshchilov, Hutter 2019 (AdamW); Smith, Topin 2018 (the one-cycle schedule); Loshchilov, Hutter 2017 (cosine).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, Protocol, TypeVar

import torch
from torch import Tensor, nn

from formal.train.checkpoint import Checkpoint, State
from formal.train.machine import derived_seed, refused

Model = TypeVar("Model", bound=nn.Module)
Loss = Callable[[Any, torch.Generator], Tensor]
"""Of the model, or what it was compiled to, and a generator on the CPU to draw a batch with; a single number."""


class Monitor(Protocol):
    """Who watches a run."""

    def begin(self, stage: str, steps: int, done: int) -> None:
        """A stage begins, or goes on with some steps done."""

    def step(self, loss: float) -> None:
        """A step is done; on a GPU told for many steps in a row."""


class Silent:
    """Nobody watches."""

    def begin(self, stage: str, steps: int, done: int) -> None:
        """Nothing."""

    def step(self, loss: float) -> None:
        """Nothing."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a stage optimises, by AdamW.

    Args:
        steps: how many batches.
        rate: the greatest learning rate.
        schedule: ``one-cycle``, or ``cosine``, from the rate down to nought, or ``constant``.
        decay: of the weights.
        clip: the greatest norm of a gradient; longer ones are shortened.
        epsilon: of AdamW.
        half: bfloat16 where autocasting allows it.
        compiled: whether ``torch.compile`` is used, for the shapes at hand.
        every: how many steps lie between two checkpoints, at least.
    """

    steps: int
    rate: float
    schedule: Literal["one-cycle", "cosine", "constant"] = "one-cycle"
    decay: float = 0.0
    clip: float = 1.0
    epsilon: float = 1e-8
    half: bool = False
    compiled: bool = False
    every: int = 200


@dataclass(frozen=True, slots=True, eq=False)
class Run:
    """One run of an experiment: its seed and device, who watches, and where checkpoints are put.

    Args:
        identity: what a checkpoint has to agree with to be gone on with: the experiment and its configuration.
        folder: of checkpoints; None for none.
        most: how many steps of a stage at most; None for all of its plan.
        losses: for each stage that is done, its loss at every step; filled by ``fit``.
    """

    seed: int
    device: torch.device
    identity: dict[str, Any] = field(default_factory=dict)
    monitor: Monitor = field(default_factory=Silent)
    folder: Path | None = None
    most: int | None = None
    losses: dict[str, tuple[float, ...]] = field(default_factory=dict)

    def generator(self, *purpose: str) -> torch.Generator:
        """A generator on the CPU for one purpose; the same for the same seed."""
        return torch.Generator().manual_seed(derived_seed(self.seed, *purpose))

    def build(self, purpose: str, make: Callable[[], Model]) -> Model:
        """A model with random weights of its own, on the device."""
        torch.manual_seed(derived_seed(self.seed, purpose, "weights"))
        return make().to(self.device)

    def checkpoint(self, stage: str) -> Checkpoint | None:
        """Where a stage leaves its state."""
        if self.folder is None:
            return None
        identity = {**self.identity, "seed": self.seed, "stage": stage, "device": self.device.type}
        return Checkpoint(self.folder / f"seed{self.seed}-{stage}.safetensors", identity)

    def fit(self, stage: str, model: nn.Module, loss: Loss, plan: Plan) -> Tensor:
        """Train a model; go on from its checkpoint when there is one. Parameters without gradients stay as they are.

        Returns:
            the loss at every step, shape (steps,), float64.
        Raises:
            Rejection: ``cannot-train``: a loss is not finite, or the checkpoint is damaged or of another run.
        """
        if self.most is not None:
            plan = replace(plan, steps=min(plan.steps, self.most))
        generator = self.generator(stage, "batches")
        checkpoint = self.checkpoint(stage)
        parameters = [parameter for parameter in model.parameters() if parameter.requires_grad]
        optimizer = torch.optim.AdamW(
            parameters, lr=plan.rate, eps=plan.epsilon, weight_decay=plan.decay, fused=is_fused(self.device)
        )
        schedule = _schedule(optimizer, plan)
        losses = torch.zeros(plan.steps, dtype=torch.float64)
        done = 0
        if checkpoint is not None and (state := checkpoint.load()) is not None:
            done = state.restore(model, optimizer, schedule, generator, losses)
        self.monitor.begin(stage, plan.steps, done)
        if plan.compiled:
            # What was compiled before would have a say in what is compiled now, and a run that goes on compiled less.
            torch.compiler.reset()
        forward = torch.compile(model, dynamic=False) if plan.compiled else model
        block, every = block_of(self.device), checkpoints_of(self.device, plan)
        recent: list[Tensor] = []
        model.train()
        for step in range(done + 1, plan.steps + 1):
            optimizer.zero_grad(set_to_none=True)
            with torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=plan.half):
                value = loss(forward, generator)
            recent.append(value.detach())
            is_kept = checkpoint is not None and (step % every == 0 or step == plan.steps)
            found = _finite(stage, step, recent) if is_kept or step % block == 0 or step == plan.steps else []
            value.backward()  # type: ignore[no-untyped-call]
            nn.utils.clip_grad_norm_(parameters, plan.clip)
            optimizer.step()
            schedule.step()
            if found:
                losses[step - len(found) : step] = torch.tensor(found, dtype=torch.float64)
                recent.clear()
                for each in found:
                    self.monitor.step(each)
            if checkpoint is not None and is_kept:
                checkpoint.save(State.of(model, optimizer, schedule, generator, losses, step))
        model.eval()
        self.losses[stage] = tuple(losses.tolist())
        return losses

    def finish(self) -> None:
        """Remove the checkpoints of this run: its bundles are written."""
        if self.folder is not None and self.folder.is_dir():
            for path in sorted(self.folder.glob(f"seed{self.seed}-*")):
                path.unlink()
            if not any(self.folder.iterdir()):
                self.folder.rmdir()


def is_fused(device: torch.device) -> bool | None:
    """Whether one kernel updates all weights, on a GPU; None leaves it to PyTorch."""
    return True if device.type == "cuda" else None


def block_of(device: torch.device) -> int:
    """How many steps in a row have their losses looked at together.

    On a GPU whoever looks at a number waits for all that was started there, and then nothing is waiting to be computed.
    """
    return 50 if device.type == "cuda" else 1


def checkpoints_of(device: torch.device, plan: Plan) -> int:
    """How many steps lie between two checkpoints: at least 1000 on a GPU, some seconds there.

    A checkpoint takes as long as many steps, and results do not depend on when it is made.
    """
    return max(plan.every, 1000) if device.type == "cuda" else plan.every


def _finite(stage: str, step: int, recent: list[Tensor]) -> list[float]:
    """The losses of the last steps up to this one, in one copy from where they are.

    Raises:
        Rejection: ``cannot-train``: one of them is not finite; the message says which step was the first.
    """
    found: list[float] = torch.stack(recent).tolist()
    for number, value in enumerate(found, step - len(found) + 1):
        if not math.isfinite(value):
            raise refused(f"the loss of `{stage}` is {value} at step {number}", "a smaller rate may help")
    return found


def _schedule(optimizer: torch.optim.Optimizer, plan: Plan) -> torch.optim.lr_scheduler.LRScheduler:
    # Schedulers are stepped once more than they have learning rates: after the last batch.
    total = plan.steps + 1
    match plan.schedule:
        case "one-cycle":
            return torch.optim.lr_scheduler.OneCycleLR(
                optimizer, max_lr=plan.rate, total_steps=total, cycle_momentum=False
            )
        case "cosine":
            return torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, T_max=total)
        case "constant":
            return torch.optim.lr_scheduler.ConstantLR(optimizer, factor=1.0)
