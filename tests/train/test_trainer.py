"""Stages of training: the same seed gives the same weights, also across a cut; what cannot go on is refused."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.train.support import WHY

torch = pytest.importorskip("torch", reason=WHY)

from formal.text import Code, Rejection  # noqa: E402
from formal.train import trainer  # noqa: E402
from formal.train.machine import device_of, peak_memory, reproducible, scale_of  # noqa: E402
from formal.train.trainer import Plan, Run, Silent  # noqa: E402

CPU = torch.device("cpu")
PLAN = Plan(steps=7, rate=0.05, every=2)


class CutOff(Exception):
    pass


class Scissors(Silent):
    """Ends a run after some steps, as a kill would."""

    def __init__(self, after: int) -> None:
        self.left = after

    def step(self, loss: float) -> None:
        self.left -= 1
        if self.left == 0:
            raise CutOff


def linear(run: Run, plan: Plan = PLAN, factor: float = 1.0) -> torch.Tensor:
    """Fit a line through noise; gives the weights."""
    model = run.build("line", lambda: torch.nn.Linear(3, 1))

    def loss(model: torch.nn.Module, generator: torch.Generator) -> torch.Tensor:
        points = torch.randn(8, 3, generator=generator)
        return factor * ((model(points) - points.sum(1, keepdim=True)) ** 2).mean()

    run.fit("line", model, loss, plan)
    return model.weight.detach().clone()


@pytest.mark.parametrize("schedule", ["one-cycle", "cosine", "constant"])
def test_a_run_that_is_cut_off_goes_on_to_the_same_weights(tmp_path: Path, schedule: str) -> None:
    plan = Plan(steps=7, rate=0.05, every=2, schedule=schedule)  # type: ignore[arg-type]
    with reproducible(CPU):
        whole = Run(3, CPU)
        wanted = linear(whole, plan)
        with pytest.raises(CutOff):
            linear(Run(3, CPU, monitor=Scissors(5), folder=tmp_path), plan)
        resumed = Run(3, CPU, folder=tmp_path)
        found = linear(resumed, plan)
    assert torch.equal(found, wanted)
    assert resumed.losses == whole.losses
    assert not torch.equal(linear(Run(4, CPU), plan), wanted)


@pytest.mark.slow
def test_a_compiled_run_that_is_cut_off_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    """Also where the stage before, of another shape, is done and no more compiled."""

    def two_stages(run: Run) -> torch.Tensor:
        for width in (3, 5):
            model = run.build("wide", lambda width=width: torch.nn.Linear(width, 64))

            def loss(model: torch.nn.Module, generator: torch.Generator, width: int = width) -> torch.Tensor:
                return (model(torch.randn(8, width, generator=generator)) ** 2).mean()

            run.fit(f"wide{width}", model, loss, Plan(steps=7, rate=0.05, every=2, half=True, compiled=True))
        return model.weight.detach().clone()

    with reproducible(CPU):
        wanted = two_stages(Run(3, CPU))
        with pytest.raises(CutOff):
            two_stages(Run(3, CPU, monitor=Scissors(11), folder=tmp_path))
        assert torch.equal(two_stages(Run(3, CPU, folder=tmp_path)), wanted)


def test_a_finished_stage_is_not_trained_again(tmp_path: Path) -> None:
    linear(Run(0, CPU, folder=tmp_path))
    again = Run(0, CPU, monitor=Scissors(1), folder=tmp_path)
    linear(again)
    assert len(again.losses["line"]) == PLAN.steps
    again.finish()
    assert not tmp_path.exists()


def left(folder: Path) -> Path:
    """The checkpoint of a stage that was cut off."""
    with pytest.raises(CutOff):
        linear(Run(0, CPU, monitor=Scissors(5), folder=folder))
    return next(folder.glob("*.safetensors"))


def refusal(run: Run, factor: float = 1.0) -> str:
    with pytest.raises(Rejection) as caught:
        linear(run, factor=factor)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code is Code.CANNOT_TRAIN
    return diagnostic.message


def test_a_damaged_checkpoint_is_refused(tmp_path: Path) -> None:
    path = left(tmp_path)
    data = bytearray(path.read_bytes())
    data[-3] ^= 1
    path.write_bytes(data)
    assert "is damaged" in refusal(Run(0, CPU, folder=tmp_path))


def test_a_checkpoint_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = left(tmp_path)
    path.write_bytes(path.read_bytes()[:-100])
    assert "cannot be read" in refusal(Run(0, CPU, folder=tmp_path))


def test_a_pickle_is_no_checkpoint(tmp_path: Path) -> None:
    path = left(tmp_path)
    torch.save({"weight": torch.zeros(1)}, path)
    assert "cannot be read" in refusal(Run(0, CPU, folder=tmp_path))


def test_a_checkpoint_of_another_run_is_refused(tmp_path: Path) -> None:
    left(tmp_path)
    other = Run(0, CPU, identity={"experiment": "another"}, folder=tmp_path)
    assert "of another run" in refusal(other)


def test_a_loss_that_is_not_finite_stops() -> None:
    assert refusal(Run(0, CPU), factor=float("inf")) == "the loss of `line` is inf at step 1"


def test_the_peak_of_memory_is_of_this_process() -> None:
    before = peak_memory(CPU)
    assert before > 2**24
    held = torch.ones(2**26)
    assert before + held.nbytes // 4 < peak_memory(CPU) < before + 2 * held.nbytes
    program = "import torch; from formal.train.machine import peak_memory; print(peak_memory(torch.device('cpu')))"
    child = subprocess.run([sys.executable, "-c", program], capture_output=True, check=True, text=True)
    assert int(child.stdout) < peak_memory(CPU)


def test_devices_and_scales() -> None:
    assert device_of("cpu") == CPU
    assert scale_of("auto", CPU) == "cpu"
    for refused in (lambda: device_of("toaster"), lambda: device_of("cuda:99"), lambda: scale_of("gpu", CPU)):
        with pytest.raises(Rejection) as caught:
            refused()
        assert caught.value.diagnostics[0].code is Code.CANNOT_TRAIN


def test_weights_that_one_kernel_updates_go_on_to_the_same(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """As on a GPU: the number of the step is a tensor there, and lies where the weights are."""
    monkeypatch.setattr(trainer, "is_fused", lambda device: True)
    with reproducible(CPU):
        wanted = linear(Run(3, CPU))
        with pytest.raises(CutOff):
            linear(Run(3, CPU, monitor=Scissors(5), folder=tmp_path))
        assert torch.equal(linear(Run(3, CPU, folder=tmp_path)), wanted)


def test_settings_of_a_gpu_are_put_back(monkeypatch: pytest.MonkeyPatch) -> None:
    def found() -> tuple[bool, bool, bool]:
        return (
            torch.are_deterministic_algorithms_enabled(),
            torch.utils.deterministic.fill_uninitialized_memory,
            torch.backends.mha.get_fastpath_enabled(),
        )

    monkeypatch.setenv("CUBLAS_WORKSPACE_CONFIG", ":16:8")
    before = found()
    with reproducible(CPU):
        assert found() == (True, *before[1:])
    with reproducible(torch.device("cuda")):
        assert found() == (True, False, False)
    assert found() == before


@pytest.mark.parametrize("block", [3, 50])
def test_losses_that_are_looked_at_together_are_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    """As on a GPU, where looking at each would wait for it; checkpoints lie within blocks."""
    with reproducible(CPU):
        whole = Run(3, CPU)
        wanted = linear(whole)
        monkeypatch.setattr(trainer, "block_of", lambda device: block)
        with pytest.raises(CutOff):
            linear(Run(3, CPU, monitor=Scissors(5), folder=tmp_path))
        resumed = Run(3, CPU, folder=tmp_path)
        assert torch.equal(linear(resumed), wanted)
    assert resumed.losses == whole.losses


def test_the_first_loss_that_is_not_finite_is_named_and_nothing_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trainer, "block_of", lambda device: 50)
    model = torch.nn.Linear(3, 1)
    factors = iter([1.0, float("inf"), 1.0, 1.0])
    with pytest.raises(Rejection) as caught:
        Run(0, CPU, folder=tmp_path).fit(
            "line", model, lambda m, _: next(factors) * m(torch.ones(1, 3)).square().sum(), Plan(9, 0.05, every=4)
        )
    assert caught.value.diagnostics[0].message == "the loss of `line` is inf at step 2"
    assert not list(tmp_path.iterdir())


def test_a_stage_can_be_cut_short() -> None:
    run = Run(0, CPU, most=2)
    linear(run)
    assert len(run.losses["line"]) == 2


def test_a_gpu_is_waited_for_once_in_many_steps() -> None:
    gpu = torch.device("cuda")
    assert (trainer.block_of(CPU), trainer.block_of(gpu)) == (1, 50)
    assert (trainer.is_fused(CPU), trainer.is_fused(gpu)) == (None, True)
    assert (trainer.checkpoints_of(CPU, PLAN), trainer.checkpoints_of(gpu, PLAN)) == (2, 1000)
