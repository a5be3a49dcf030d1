"""Runs in parts, with a command in the place of training: what is finished, what runs again, what a failure leaves."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import pytest

from formal.cli import main
from formal.train import catalogue, part
from formal.train.part import Cost, Part, State, read_record, run_parts, table, write_record

COMMAND = """
import sys
from pathlib import Path
from formal.train.part import Cost, Part, write_record

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
write_record(Part(name, int(seed), device, scale, folder, claims), [bundle], Cost(1.5, 20.0, 2**29))
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


def states(parts: list[Part], command: tuple[str, str], jobs: int = 1) -> list[State]:
    return [each.state for each in run_parts(parts, command, jobs=jobs)]


@pytest.mark.parametrize("jobs", [1, 2])
def test_a_failure_takes_nothing_with_it_and_only_it_runs_again(
    tmp_path: Path, command: tuple[str, str], jobs: int
) -> None:
    parts = made(tmp_path, "first", "broken", "last")
    assert states(parts, command, jobs) == [State.DONE, State.FAILED, State.DONE]
    assert states(parts, command, jobs) == [State.BEFORE, State.FAILED, State.BEFORE]
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


MEETING = """
import sys, time
from pathlib import Path
from formal.train.part import Cost, Part, write_record

name, _, device, _, scale, _, seed, _, folder = sys.argv[1:]
folder = Path(folder)
(folder / f"here-{seed}").touch()
last = time.monotonic() + 30
while len(list(folder.glob("here-*"))) < 2:
    if time.monotonic() > last:
        sys.exit("nobody came")
    time.sleep(0.01)
most = len(list(folder.glob("here-*")))
print(f"{seed} met {most - 1}")
bundle = folder / f"{name}-seed{seed}.safetensors"
bundle.write_text(seed)
if seed == "0":
    while not (folder / "a-seed1.safetensors").exists():
        time.sleep(0.01)
write_record(Part(name, int(seed), device, scale, folder, Path("none")), [bundle], Cost(1.5, 20.0, 2**29))
sys.exit(3 * (seed == "1"))
"""


def test_parts_at_the_same_time_come_out_in_their_order(tmp_path: Path) -> None:
    """Each waits for the other; the first, for the second to have written its bundle, which then fails."""
    script = tmp_path / "meeting.py"
    script.write_text(MEETING)
    parts = [Part("a", seed, "cpu", "cpu", tmp_path, Path("none")) for seed in range(2)]
    found = list(run_parts(parts, (sys.executable, str(script)), jobs=2))
    assert [(each.part.seed, each.state, each.printed) for each in found] == [
        (0, State.DONE, "0 met 1\n"),
        (1, State.FAILED, "1 met 1\n"),
    ]


CROWD = """
import sys, time
from pathlib import Path

folder = Path(sys.argv[-1])
me = folder / f"here-{sys.argv[-3]}"
me.touch()
time.sleep(0.2)
(folder / "counts").open("a").write(f"{len(list(folder.glob('here-*')))}\\n")
me.unlink()
"""


@pytest.mark.parametrize("jobs", [1, 2])
def test_there_are_never_more_at_the_same_time(tmp_path: Path, jobs: int) -> None:
    parts = [Part("a", seed, "cpu", "cpu", tmp_path, Path("none")) for seed in range(4)]
    assert {each.state for each in run_parts(parts, (sys.executable, "-c", CROWD), jobs=jobs)} == {State.FAILED}
    counts = list(map(int, (tmp_path / "counts").read_text().split()))
    assert (len(counts), max(counts) <= jobs) == (4, True)


ENDED = """
import sys
from pathlib import Path
from formal.train.part import Part, ending_parts, run_parts

folder, jobs = Path(sys.argv[1]), int(sys.argv[2])
child = "import os, sys, time; open(f'{sys.argv[-1]}/{os.getpid()}', 'w').close(); time.sleep(60)"
parts = [Part("a", seed, "cpu", "cpu", folder, Path("none")) for seed in range(3)]
with ending_parts():
    list(run_parts(parts, (sys.executable, "-c", child), jobs=jobs))
"""


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("jobs", [1, 2])
def test_a_request_to_end_ends_all_parts_that_run(tmp_path: Path, how: signal.Signals, jobs: int) -> None:
    command = [sys.executable, "-c", ENDED, str(tmp_path), str(jobs)]
    with subprocess.Popen(command, stderr=subprocess.DEVNULL) as running:
        last = time.monotonic() + 30
        while len(list(tmp_path.iterdir())) < jobs and time.monotonic() < last:
            time.sleep(0.02)
        running.send_signal(how)
        status = running.wait(30)
    assert status == (part.TERMINATED if how == signal.SIGTERM else -signal.SIGINT)
    children = [int(path.name) for path in tmp_path.iterdir()]
    assert len(children) == jobs
    for child in children:
        with pytest.raises(ProcessLookupError):
            os.kill(child, 0)


def test_a_part_that_does_not_end_when_it_is_asked_is_killed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(part, "_PATIENCE", 0.1)
    program = (
        "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN);"
        "open(f'{sys.argv[-1]}/{sys.argv[1]}-{os.getpid()}', 'w').close();"
        "time.sleep(60 if sys.argv[1] == 'deaf' else 0)"
    )
    parts = [Part(name, 0, "cpu", "cpu", tmp_path, Path("none")) for name in ("quick", "deaf")]
    running = run_parts(parts, (sys.executable, "-c", program), jobs=2)
    assert next(running).state is State.FAILED
    last = time.monotonic() + 30
    while not list(tmp_path.glob("deaf-*")) and time.monotonic() < last:
        time.sleep(0.02)
    running.close()
    (path,) = tmp_path.glob("deaf-*")
    with pytest.raises(ProcessLookupError):
        os.kill(int(path.name.removeprefix("deaf-")), 0)


@pytest.fixture
def finished(tmp_path: Path) -> Part:
    (tmp_path / "a").mkdir()
    (tmp_path / "claims.cat").write_text("claims")
    (tmp_path / "a" / "a-seed0.safetensors").write_text("bundle")
    (only,) = made(tmp_path, "a")
    write_record(only, [tmp_path / "a" / "a-seed0.safetensors"], Cost(1.0, 2.0, 3))
    assert read_record(only) == (Cost(1.0, 2.0, 3), ("a-seed0.safetensors",))
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


@pytest.mark.parametrize("text", ["[" * 100_000, "Infinity", "1" + "0" * 400, '"x"'])
def test_a_record_that_is_nonsense_is_no_record(finished: Part, text: str) -> None:
    finished.record.write_text(text)
    assert read_record(finished) is None


@pytest.mark.parametrize(("key", "text"), [("memory", "Infinity"), ("memory", "NaN"), ("seconds", "1" + "0" * 400)])
def test_a_cost_that_is_no_number_is_no_record(finished: Part, key: str, text: str) -> None:
    record = json.loads(finished.record.read_text())
    record["cost"][key] = "COST"
    finished.record.write_text(json.dumps(record).replace('"COST"', text))
    assert read_record(finished) is None


def test_another_seed_device_or_scale_is_another_part(finished: Part) -> None:
    keys = {"name": "a", "seed": 0, "device": "cpu", "scale": "cpu"}
    rest = {"folder": finished.folder, "claims": finished.claims}
    for changed in ({"seed": 1}, {"device": "cuda"}, {"scale": "gpu"}, {"name": "b"}):
        assert read_record(Part(**{**keys, **changed, **rest})) is None  # type: ignore[arg-type]


def test_the_table_has_a_line_for_each_part(tmp_path: Path, command: tuple[str, str]) -> None:
    assert table(list(run_parts(made(tmp_path, "first", "broken"), command))).splitlines() == [
        "experiment  seed  scale  state     seconds  steps/s    MiB  bundles",
        "first          0    cpu  done          1.5     20.0    512        1",
        "broken         0    cpu  failed",
        "1 of 2 parts are done; 1.5 s of training",
    ]


TRIAL = """
import sys
from pathlib import Path

options = dict(zip(sys.argv[2::2], sys.argv[3::2]))
print(f"{options['--steps']} steps")
sys.exit(sys.argv[1] == "broken")
"""


def test_what_is_tried_is_tried_again_and_writes_nothing(finished: Part) -> None:
    names = sorted(finished.folder.rglob("*"))
    parts = [replace(finished, steps=7), replace(finished, name="broken", steps=7)]
    for _ in range(2):
        done, broken = run_parts(parts, (sys.executable, "-c", TRIAL), jobs=2)
        assert (done.state, done.bundles, done.printed) == (State.TRIED, (), "7 steps\n")
        assert (broken.state, broken.printed) == (State.FAILED, "7 steps\n")
    assert sorted(finished.folder.rglob("*")) == names
    assert read_record(finished) is not None
    assert [line.split()[:4] for line in table([done, broken]).splitlines()[1:]] == [
        ["a", "0", "cpu", "tried"],
        ["broken", "0", "cpu", "failed"],
        ["1", "of", "2", "parts"],
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
    monkeypatch.setattr(part, "run_parts", lambda parts, jobs: run_parts(parts, command, jobs=jobs))
    assert main(["train", "--all", "--device", "cpu", "--seed", "3", "--seed", "4"]) == 0
    assert [line.split()[:5] for line in capsys.readouterr().out.splitlines()[1:-1]] == [
        [name, seed, "cpu", "done", "1.5"] for name in ("first", "last") for seed in ("3", "4")
    ]
    assert main(["train", "last", "--device", "cpu", "--seed", "3", "--seed", "4", "--jobs", "2", "--out", "o"]) == 0
    assert main(["train", "last", "--device", "cpu", "--seed", "5", "--seed", "5", "--jobs", "2", "--out", "p"]) == 0
    assert Path("p/log").read_text() == "last 5\n"
    assert sorted(path.name for path in (tmp_path / "o").glob("last-*")) == [f"last-seed{n}.safetensors" for n in "34"]
    assert main(["train", "last", "--jobs", "2", "--dry-run"]) == 2
    (tmp_path / "last" / "last-seed4.safetensors").unlink()
    assert main(["train", "first", "last", "--device", "cpu", "--seed", "3", "--seed", "4"]) == 0
    assert (tmp_path / "last" / "log").read_text() == "last 3\nlast 4\nlast 4\n"
    monkeypatch.setattr(
        catalogue, "EXPERIMENTS", dict.fromkeys(("first", "broken"), catalogue.Listed("none", "a stub"))
    )
    assert main(["train", "--all", "--device", "cpu", "--seed", "3"]) == 1
