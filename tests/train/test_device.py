"""Experiments on a device other than the CPU: it refuses nothing, as far as one can tell without such a device."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from formal.train import catalogue
from tests.train.support import WHY
from tests.train.test_experiments import TINY

torch = pytest.importorskip("torch", reason=WHY)
pytest.importorskip("sklearn", reason=WHY)

from formal.train.machine import reproducible  # noqa: E402
from formal.train.trainer import Plan, Run  # noqa: E402
from tests.train.elsewhere import Elsewhere, Refused, second_device  # noqa: E402


def test_what_a_second_device_refuses() -> None:
    with second_device() as device:
        there, index = torch.ones(3, device=device), torch.zeros(2, dtype=torch.long)
        pixels, labels = torch.ones(1, 2, 4, 4).to(device), torch.zeros(1, 4, 4, dtype=torch.long).to(device)
        for refused in (
            lambda: there + torch.ones(3),
            lambda: torch.ones(3)[index.to(device)],
            lambda: torch.cat([there, torch.ones(3)]),
            lambda: there.cumsum(0),
            lambda: there.median(0),
            lambda: torch.nn.functional.cross_entropy(pixels, labels),
            lambda: torch.nn.functional.adaptive_avg_pool2d(pixels, 2),
            lambda: torch.randn(3, device=device, generator=torch.Generator()),
            lambda: torch.randn(3, generator=torch.Generator(device)),
            lambda: torch.nn.functional.one_hot(index.to(device), 2).float() @ torch.ones(2),
        ):
            with pytest.raises(Refused):
                refused()
        with pytest.raises(RuntimeError, match="numpy"):
            there.numpy()
        for allowed in (there[index], there * torch.tensor(2.0), there.clone().add_(there), there.long().cumsum(0)):
            assert isinstance(allowed, Elsewhere)
        assert (there.sum().item(), there.cpu().numpy().tolist()) == (3.0, [1.0, 1.0, 1.0])


@pytest.mark.parametrize("name", sorted(TINY))
def test_a_device_refuses_nothing_of_an_experiment(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fit(self: Run, stage: str, model: Any, loss: Any, plan: Plan) -> Any:
        model.train()
        value = loss(model, self.generator(stage, "batches"))
        assert value.device == self.device
        model.eval()
        self.losses[stage] = (float(value),) * plan.steps
        return torch.full((plan.steps,), float(value))

    monkeypatch.setattr(Run, "fit", fit)
    experiment = catalogue.load(name)
    with second_device() as device:
        run = Run(7, device)
        for contents in experiment.run(replace(experiment.scales["cpu"], **TINY[name]), run):
            assert contents.arrays


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(TINY))
def test_an_experiment_can_be_compiled_and_in_bfloat16(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """As it is on a GPU; here on the CPU, for two steps of each stage."""
    fit, stages = Run.fit, []

    def two_steps(self: Run, stage: str, model: Any, loss: Any, plan: Plan) -> Any:
        stages.append(stage)
        return fit(self, stage, model, loss, replace(plan, steps=2, half=True, compiled=True))

    monkeypatch.setattr(Run, "fit", two_steps)
    experiment, device = catalogue.load(name), torch.device("cpu")
    with reproducible(device):
        for contents in experiment.run(replace(experiment.scales["cpu"], **TINY[name]), Run(7, device)):
            assert contents.arrays
    assert stages
