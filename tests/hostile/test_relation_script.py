"""Scripts about relations that ask for too much: diagnostics or honest unknowns, in bounded time and memory."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile.command import formal

R = "relation R on {a, b} over product { a -> b = 1/3, b -> a = 1/7, a -> a = 2/3 }\n"
OBJECTS = ", ".join(f"o{i}" for i in range(1000))
LARGE = f"relation L on {{{OBJECTS}}} over product {{ o1 -> o2 = 1/3, o2 -> o3 = 1/2 }}\n"

REFUSED: dict[str, tuple[str, str]] = {
    "power": ("2^1000000000 > 1", "budget-exceeded"),
    "powers": ("((2^4096)^4096)^4096 > 1", "budget-exceeded"),
    "power_of_entries": ("(((R(a, b)^64)^64)^64)^64 >= 0", "budget-exceeded"),
    "sum": (f"{' + '.join(['R(a, b)'] * 11_000)} < 1", "budget-exceeded"),
    "minimum": (f"min({', '.join(['R(a, b)'] * 2000)}) < 1", "wrong-arguments"),
    "digits": (f"{'9' * 100_000} > 1", "name-too-long"),
    "parentheses": (f"{'(' * 100_000}R(a, b){')' * 100_000} < 1", "nesting-too-deep"),
    "root": ("sqrt(-1) > 1", "wrong-arguments"),
    "logarithm": ("log(0) > 1", "wrong-arguments"),
    "division": ("1/(2 - 2) > 1", "wrong-arguments"),
    "objects": ("forall x, y, z in L. L(x, y) <= 1", "budget-exceeded"),
    "nested": (f"{''.join(f'forall x{i} in R. ' for i in range(30))}R(x1, x2) <= 1", "budget-exceeded"),
    "pattern": ('distance(R, R, on: {"' + "*a" * 100 + '*b"}) = 0', "unknown-name"),
}
DECIDED: dict[str, tuple[str, str]] = {
    "tower": ("exp(exp(exp(100))) > 1", "unknown"),
    "roots": (f"{' + '.join(['sqrt(2)'] * 1000)} < 1", "refuted"),
    "chain": (f"({' >> '.join(['R'] * 3000)})(a, b) <= 1/2", "proved"),
    "doubled": ("R60(a, b) <= 1/2", "unknown"),
    "tropical": ("T60(a, b) >= 1/2", "proved"),
    "everywhere": ("forall x in L. L(x, x) = 1", "proved"),
}


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, object]]:
    """What is said of each, by name."""
    folder = tmp_path_factory.mktemp("relations")
    doubled = "".join(f"relation R{i + 1} = R{i} >> R{i}\nrelation T{i + 1} = T{i} >> T{i}\n" for i in range(60))
    first = f"relation R0 = R\nrelation T0 on {{a, b}} over lawvere {{ a -> b = 1/2, b -> a = 1 }}\n{doubled}"
    for name, (formula, _) in (REFUSED | DECIDED).items():
        before = (LARGE if "L" in formula else "") + (first if "60" in formula else "")
        (folder / f"{name}.cat").write_text(f"{R}{before}claim {name}: {formula}\n")
    (folder / "pyproject.toml").touch()
    ended = formal("check", "--no-cache", "-o", "json", ".", folder=folder, mebibytes=3072)
    return {Path(file["file"]).stem: file for file in ended.report["files"]}


@pytest.mark.parametrize("name", REFUSED)
def test_refused(name: str, report: dict[str, dict[str, list[dict[str, str]]]]) -> None:
    assert [d["code"] for d in report[name]["diagnostics"]] == [REFUSED[name][1]]


@pytest.mark.parametrize("name", DECIDED)
def test_decided(name: str, report: dict[str, dict[str, list[dict[str, str]]]]) -> None:
    (claim,) = report[name]["claims"]
    assert (claim["trouble"] or claim["outcome"]) == DECIDED[name][1]
