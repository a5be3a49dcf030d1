"""Training by stages, with their checks, beside a plain loop over the same batches."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.train.support import WHY

STEPS = 60


@pytest.mark.benchmark(group="training")
@pytest.mark.parametrize("way", ["plain", "stages", "stages-with-checkpoints"])
def test_steps_of_a_language_model(benchmark: Any, way: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason=WHY)
    pytest.importorskip("sklearn", reason=WHY)
    from formal.train.autoregressive import Configuration, _decoder, _language_loss
    from formal.train.grammar import bounded_dyck
    from formal.train.machine import reproducible
    from formal.train.trainer import Plan, Run

    c, grammar, device = Configuration(), bounded_dyck(2, 2), torch.device("cpu")
    loss = _language_loss(c, grammar)

    def plain() -> float:
        run = Run(0, device)
        model, generator = run.build("model", lambda: _decoder(c, grammar)), run.generator("batches")
        optimizer = torch.optim.AdamW(model.parameters(), lr=c.rate, weight_decay=0.0)
        for _ in range(STEPS):
            optimizer.zero_grad()
            value = loss(model, generator)
            value.backward()
            optimizer.step()
        return float(value.detach())

    def staged() -> float:
        folder = tmp_path if way.endswith("checkpoints") else None
        run = Run(0, device, folder=folder)
        model = run.build("model", lambda: _decoder(c, grammar))
        losses = run.fit("pretrain", model, loss, Plan(STEPS, c.rate, schedule="constant", every=20))
        run.finish()
        return float(losses[-1])

    with reproducible(device):
        found = benchmark.pedantic(plain if way == "plain" else staged, rounds=3, warmup_rounds=1)
    assert 0 < found < 2
    if benchmark.stats is not None:
        benchmark.extra_info["tokens a second"] = round(STEPS * c.batch * c.length / benchmark.stats["mean"])
