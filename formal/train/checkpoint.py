"""Checkpoints of a stage: weights, the optimiser's and generator's states and losses, in one safetensors file.

No pickle is written or read. A digest covers every array; a checkpoint of another run, or a damaged one, is refused.

Source: the safetensors format.
"""

from __future__ import annotations

import hashlib
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import load, save
from torch import Tensor, nn

from formal.train.machine import refused

FORMAT, VERSION = "training-checkpoint", 1
_KEY = "checkpoint"


@dataclass(frozen=True, slots=True, eq=False)
class State:
    """All that the next step of a stage depends on.

    Args:
        tensors: by name: ``model.NAME``, ``optimizer.PARAMETER.KEY``, ``generator``, ``losses``.
        numbers: JSON values: the schedule, the groups of the optimiser, and ``step``, how many steps are done.
    """

    tensors: dict[str, Tensor]
    numbers: dict[str, Any]

    @classmethod
    def of(
        cls,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        generator: torch.Generator,
        losses: Tensor,
        step: int,
    ) -> State:
        """The state after some steps."""
        inner = optimizer.state_dict()
        tensors = {f"model.{name}": value for name, value in model.state_dict().items()}
        tensors |= {
            f"optimizer.{parameter}.{key}": value
            for parameter, entries in inner["state"].items()
            for key, value in entries.items()
        }
        tensors |= {"generator": generator.get_state(), "losses": losses}
        numbers = {"step": step, "schedule": schedule.state_dict(), "groups": inner["param_groups"]}
        return cls({name: value.detach().contiguous().cpu().clone() for name, value in tensors.items()}, numbers)

    def restore(
        self,
        model: nn.Module,
        optimizer: torch.optim.Optimizer,
        schedule: torch.optim.lr_scheduler.LRScheduler,
        generator: torch.Generator,
        losses: Tensor,
    ) -> int:
        """Put the state back; gives how many steps are done.

        Raises:
            Rejection: ``cannot-train``: the arrays are not those of this model.
        """
        try:
            model.load_state_dict(self._under("model"))
            inner: dict[int, dict[str, Tensor]] = {}
            for name, value in self._under("optimizer").items():
                parameter, _, key = name.partition(".")
                inner.setdefault(int(parameter), {})[key] = value
            optimizer.load_state_dict({"state": inner, "param_groups": self.numbers["groups"]})
            schedule.load_state_dict(self.numbers["schedule"])
            generator.set_state(self.tensors["generator"])
            losses.copy_(self.tensors["losses"])
            return int(self.numbers["step"])
        except (KeyError, ValueError, RuntimeError, TypeError) as error:
            raise refused("the checkpoint does not fit the model", "remove it to begin anew") from error

    def _under(self, prefix: str) -> dict[str, Tensor]:
        start = f"{prefix}."
        return {name.removeprefix(start): value for name, value in self.tensors.items() if name.startswith(start)}


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A place for the state of a stage.

    Args:
        identity: JSON values: which run it is; a checkpoint of another one is refused.
    """

    path: Path
    identity: dict[str, Any]

    def save(self, state: State) -> None:
        """Write the state, whole or not at all."""
        text = json.dumps(
            {
                "format": FORMAT,
                "version": VERSION,
                "identity": self.identity,
                "numbers": state.numbers,
                "digest": _digest(state.tensors),
            },
            sort_keys=True,
        )
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".partial")
        temporary.write_bytes(save(state.tensors, metadata={_KEY: text}))
        os.replace(temporary, self.path)

    def load(self) -> State | None:
        """The state that was left, its arrays on the CPU; None when there is none.

        Raises:
            Rejection: ``cannot-train``: it cannot be read, is damaged, or belongs to another run.
        """
        if not self.path.is_file():
            return None
        shown, again = f"`{self.path}`", "remove it to begin anew"
        try:
            with safe_open(self.path, framework="pt") as file:
                text = (file.metadata() or {}).get(_KEY, "")
            said = json.loads(text)
            tensors = load(self.path.read_bytes())
            is_ours = (said["format"], said["version"]) == (FORMAT, VERSION)
            identity, numbers, digest = said["identity"], said["numbers"], said["digest"]
        except (SafetensorError, OSError, ValueError, KeyError, TypeError) as error:
            raise refused(f"the checkpoint {shown} cannot be read", again) from error
        if not is_ours:
            raise refused(f"{shown} is no checkpoint of this version", again)
        if digest != _digest(tensors):
            raise refused(f"the checkpoint {shown} is damaged: its arrays do not have the digest that it says", again)
        if identity != json.loads(json.dumps(self.identity)):
            raise refused(f"the checkpoint {shown} is of another run", again)
        return State(tensors, numbers)


def _digest(tensors: dict[str, Tensor]) -> str:
    """The sha256 of names, dtypes, shapes and bytes."""
    sha256 = hashlib.sha256()
    for name, value in sorted(tensors.items()):
        sha256.update(f"{name}|{value.dtype}|{tuple(value.shape)}|".encode())
        sha256.update(value.reshape(-1).contiguous().view(torch.uint8).numpy().tobytes())
    return sha256.hexdigest()
