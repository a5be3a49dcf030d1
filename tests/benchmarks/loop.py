"""The language model of `autoregressive-lm`, trained by stages and by a plain loop over the same batches.

Run as a module with a way, a device and a number of steps, it prints how fast that was, and the peak of memory: of the
GPU, or of a process that does nothing else.
"""

from __future__ import annotations

import json
import sys
import tempfile
import time
from pathlib import Path
from typing import Literal

import torch

from formal.train.autoregressive import SCALES, Configuration, _decoder, _language_loss
from formal.train.grammar import bounded_dyck
from formal.train.machine import peak_memory, reproducible
from formal.train.trainer import Plan, Run

Way = Literal["plain", "stages", "stages-with-checkpoints"]
WAYS: tuple[Way, ...] = ("plain", "stages", "stages-with-checkpoints")


def trained(way: Way, c: Configuration, steps: int, device: torch.device, folder: Path) -> float:
    """Train for some steps at a constant rate; gives the last loss."""
    grammar = bounded_dyck(c.kinds, c.depth)
    loss = _language_loss(c, grammar)
    run = Run(0, device, folder=folder if way == "stages-with-checkpoints" else None)
    model = run.build("model", lambda: _decoder(c, grammar))
    if way != "plain":
        losses = run.fit("pretrain", model, loss, Plan(steps, c.rate, schedule="constant", every=max(1, steps // 3)))
        run.finish()
        return float(losses[-1])
    generator = run.generator("batches")
    optimizer = torch.optim.AdamW(model.parameters(), lr=c.rate, weight_decay=0.0)
    for _ in range(steps):
        optimizer.zero_grad()
        value = loss(model, generator)
        value.backward()
        optimizer.step()
    return float(value.detach())


def measured(way: Way, device: torch.device, steps: int) -> dict[str, float]:
    """The last loss, tokens a second (of processor time on a CPU), and the most bytes, before training and in all."""
    c = SCALES["gpu" if device.type == "cuda" else "cpu"]
    clock = time.perf_counter if device.type == "cuda" else time.process_time
    before = peak_memory(device)
    with tempfile.TemporaryDirectory() as folder, reproducible(device):
        trained(way, c, 3, device, Path(folder))
        begun = clock()
        loss = trained(way, c, steps, device, Path(folder))
        seconds = clock() - begun
    rate = steps * c.batch * c.length / seconds
    return {"loss": loss, "tokens a second": rate, "before": before, "bytes": peak_memory(device)}


if __name__ == "__main__":
    way, device, steps = sys.argv[1:]
    print(json.dumps(measured(way, torch.device(device), int(steps))))  # type: ignore[arg-type]
