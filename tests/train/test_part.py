"""Runs in parts, with a command in the place of training: what is finished, what runs again, what a failure leaves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from formal.cli import main
from formal.train import catalogue, part
from formal.train.part import Part, State, read_record, run_parts, table, write_record

COMMAND = """
import sys
from pathlib import Path
from formal.train.part import Part, write_record

name, _, device, _, scale, _, seed, _, folder = sys.argv[1:]
folder = Path(folder)
folder.mkdir(parents=True, exist_ok=True)
with (folder / "log").open("a") as log:
    log.write(f"{name} {seed}\\n")
if name == "broken":
    sys.exit(2)
if name == "silent":
    sys.exit(0)
if name == "interrupted":
    sys.exit(130)
bundle = folder / f"{name}-seed{seed}.safetensors"
bundle.write_text(name + seed)
claims = folder.parent / "claims.cat"
write_record(Part(name, int(seed), device, scale, folder, claims), [bundle], 1.5)
"""


@pytest.fixture
def command(tmp_path: Path) -> tuple[str, str]:
    script = tmp_path / "stub.py"
    script.write_text(COMMAND)
    return sys.executable, str(script)


def made(folder: Path, *names: str, seeds: int = 1) -> list[Part]:
    return [
        Part(name, seed, "cpu", "cpu", folder / name, folder / "claims.cat") for name in names for seed in range(seeds)
    ]


def states(parts: list[Part], command: tuple[str, str]) -> list[State]:
    return [each.state for each in run_parts(parts, command)]


def test_a_failure_takes_nothing_with_it_and_only_it_runs_again(tmp_path: Path, command: tuple[str, str]) -> None:
    parts = made(tmp_path, "first", "broken", "last")
    assert states(parts, command) == [State.DONE, State.FAILED, State.DONE]
    assert states(parts, command) == [State.BEFORE, State.FAILED, State.BEFORE]
    assert (tmp_path / "first" / "log").read_text() == "first 0\n"
    assert (tmp_path / "broken" / "log").read_text() == "broken 0\n" * 2


def test_success_without_bundles_is_a_failure(tmp_path: Path, command: tuple[str, str]) -> None:
    assert states(made(tmp_path, "silent"), command) == [State.FAILED]


def test_an_interruption_ends_all_and_keeps_what_is_finished(tmp_path: Path, command: tuple[str, str]) -> None:
    parts = made(tmp_path, "first", "interrupted", "last")
    running = run_parts(parts, command)
    assert next(running).state is State.DONE
    with pytest.raises(KeyboardInterrupt):
        next(running)
    assert states(parts[:1], command) == [State.BEFORE]
    assert not (tmp_path / "last").exists()


ENDED = """
import sys
from pathlib import Path
from formal.train.part import Part, ending_parts, run_parts

part = Part("a", 0, "cpu", "cpu", Path(sys.argv[1]), Path("none"))
with ending_parts():
    list(run_parts([part], (sys.executable, "-c", "import os, time; print(os.getpid(), flush=True); time.sleep(60)")))
"""


def test_a_request_to_end_ends_the_part_that_runs(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", ENDED, str(tmp_path)], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        child = int(running.stdout.readline())
        running.terminate()
        assert running.wait(20) == part.TERMINATED
    with pytest.raises(ProcessLookupError):
        os.kill(child, 0)


@pytest.fixture
def finished(tmp_path: Path) -> Part:
    (tmp_path / "a").mkdir()
    (tmp_path / "claims.cat").write_text("claims")
    (tmp_path / "a" / "a-seed0.safetensors").write_text("bundle")
    (only,) = made(tmp_path, "a")
    write_record(only, [tmp_path / "a" / "a-seed0.safetensors"], 1)
    assert read_record(only) is not None
    return only


@pytest.mark.parametrize("what", ["bundle", "no bundle", "claims", "code", "record", "no record", "nothing", "list"])
def test_what_changed_is_not_finished(finished: Part, what: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bundle = finished.folder / "a-seed0.safetensors"
    match what:
        case "bundle":
            bundle.write_text("other")
        case "no bundle":
            bundle.unlink()
        case "claims":
            finished.claims.write_text("other claims")
        case "code":
            monkeypatch.setattr(part, "_code", lambda: "other")
        case "record":
            finished.record.write_text(finished.record.read_text()[:-5])
        case "no record":
            finished.record.unlink()
        case "nothing":
            finished.record.write_text(json.dumps(json.loads(finished.record.read_text()) | {"bundles": {}}))
        case _:
            finished.record.write_text("[]")
    assert read_record(finished) is None


def test_another_seed_device_or_scale_is_another_part(finished: Part) -> None:
    keys = {"name": "a", "seed": 0, "device": "cpu", "scale": "cpu"}
    rest = {"folder": finished.folder, "claims": finished.claims}
    for changed in ({"seed": 1}, {"device": "cuda"}, {"scale": "gpu"}, {"name": "b"}):
        assert read_record(Part(**{**keys, **changed, **rest})) is None  # type: ignore[arg-type]


def test_the_table_has_a_line_for_each_part(tmp_path: Path, command: tuple[str, str]) -> None:
    assert table(list(run_parts(made(tmp_path, "first", "broken"), command))).splitlines() == [
        "first   seed 0  cpu  done          1.5 s  1 bundle",
        "broken  seed 0  cpu  failed",
        "1 of 2 parts are done; 1.5 s of training",
    ]


def test_the_command_refuses_before_the_first_part_what_is_wrong_of_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["train", "--all", "rotation"]) == 2
    assert main(["train", "rotation", "contrastive", "--dry-run"]) == 2
    assert main(["train", "rotation", "contrastiv", "--out", str(tmp_path)]) == 2
    assert "did you mean `contrastive`?" in capsys.readouterr().err
    monkeypatch.setattr(catalogue, "find_spec", lambda library: None)
    assert main(["train", "--all", "--out", str(tmp_path)]) == 2
    assert "training needs `torch` and `sklearn`" in capsys.readouterr().err
    assert not list(tmp_path.iterdir())


def test_every_experiment_in_the_order_of_the_catalogue(
    tmp_path: Path, command: tuple[str, str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("torch")
    pytest.importorskip("sklearn")
    from formal.train import export

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(export, "revision", lambda: {"dirty": False})
    monkeypatch.setattr(catalogue, "claims_of", lambda name: "claims.cat")
    stub = catalogue.Listed("none", "a stub")
    monkeypatch.setattr(catalogue, "EXPERIMENTS", dict.fromkeys(("first", "last"), stub))
    monkeypatch.setattr(part, "run_parts", lambda parts: run_parts(parts, command))
    assert main(["train", "--all", "--device", "cpu", "--seed", "3", "--seed", "4"]) == 0
    assert [line.split()[:6] for line in capsys.readouterr().out.splitlines()[:-1]] == [
        [name, "seed", seed, "cpu", "done", "1.5"] for name in ("first", "last") for seed in ("3", "4")
    ]
    (tmp_path / "last" / "last-seed4.safetensors").unlink()
    assert main(["train", "first", "last", "--device", "cpu", "--seed", "3", "--seed", "4"]) == 0
    assert (tmp_path / "last" / "log").read_text() == "last 3\nlast 4\nlast 4\n"
    monkeypatch.setattr(
        catalogue, "EXPERIMENTS", dict.fromkeys(("first", "broken"), catalogue.Listed("none", "a stub"))
    )
    assert main(["train", "--all", "--device", "cpu", "--seed", "3"]) == 1
