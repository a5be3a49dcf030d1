"""``formal doctor``: whether everything that `formal` needs is there and works."""

from __future__ import annotations

import platform
import sys
import tempfile
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

import click

from formal import __version__
from formal.cli.terminal import put, screen_of
from formal.text.escape import clip, terminal
from formal.verdict.result import ExitCode

_DEPENDENCIES = ("click", "lark", "numpy", "rich", "safetensors", "scipy", "z3-solver")
_INDENT = 13
_SCRIPT = "category A = chain(2)\nclaim yes: thin(A)\nclaim no: groupoid(A) expect refuted\n"


@dataclass(frozen=True, slots=True)
class Health:
    """One thing that was looked at: its name, whether it works, and what there is to say."""

    name: str
    works: bool
    detail: str


class _Unwell(Exception):
    """What was looked at does not work; the text says why."""


@click.command(short_help="See whether everything formal needs works.")
def doctor() -> int:
    """See whether everything that formal needs is there and works.

    \b
    Exit status: 0 all is well, 4 something does not work.
    """
    screen = screen_of(sys.stdout, "auto")
    good, bad = ("✓", "✗") if screen.unicode else ("+", "x")
    is_well = True
    for name, examine in _EXAMINATIONS:
        health = examined(name, examine)
        is_well &= health.works
        mark = good if health.works else bad
        if screen.color:
            mark = f"\x1b[{32 if health.works else 31}m{mark}\x1b[0m"
        head, *tail = textwrap.wrap(terminal(clip(health.detail)), screen.columns - _INDENT) or [""]
        put(f"{mark} {health.name:<{_INDENT - 3}} {head}\n" + "".join(f"{'':{_INDENT}}{line}\n" for line in tail))
    put("all is well\n" if is_well else "something does not work: see the lines marked above\n")
    return int(ExitCode.AS_EXPECTED if is_well else ExitCode.INTERNAL)


def examined(name: str, examine: Callable[[], str]) -> Health:
    """Look at one thing; whatever goes wrong is a finding."""
    try:
        return Health(name, True, examine())
    except _Unwell as unwell:
        return Health(name, False, str(unwell))
    except Exception as error:
        return Health(name, False, f"{type(error).__name__}: {error}")


def _formal() -> str:
    return f"{__version__} in {Path(__file__).parent.parent}"


def _python() -> str:
    return f"{platform.python_implementation()} {platform.python_version()} on {platform.system()} {platform.machine()}"


def _dependencies() -> str:
    found, missing = [], []
    for name in _DEPENDENCIES:
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        raise _Unwell(f"not installed: {', '.join(missing)}")
    return ", ".join(found)


def _grammar() -> str:
    from formal.syntax.parser import parse
    from formal.text import Source

    script = parse(Source("doctor.cat", _SCRIPT))
    return f"found; a script of {len(script.declarations)} declarations is parsed"


def _solver() -> str:
    return _checked("smt")


def _direct() -> str:
    return _checked("direct")


def _checked(engine: str) -> str:
    """A claim that holds and one that does not, decided by one engine and certified."""
    from formal.verify.options import Options
    from formal.verify.run import check_text

    file = check_text(_SCRIPT, Options(engine=engine, cache=False), name="doctor.cat")
    if file.diagnostics:
        raise _Unwell(file.diagnostics[0].message)
    for claim in file.claims:
        if not claim.as_expected:
            raise _Unwell(f"`{claim.name}` is {claim.outcome}, expected {claim.expected}: {claim.reason}")
    if len(file.claims) != 2:
        raise _Unwell(f"{len(file.claims)} of 2 claims were decided")
    solver = next((claim.solver for claim in file.claims if claim.solver), "")
    return f"{solver + ': ' if solver else ''}proves what holds, refutes what does not"


def _kernel() -> str:
    """The kernel accepts a certificate, and rejects it for another claim."""
    from formal.kernel import Rejected, check
    from formal.verify.options import Options
    from formal.verify.run import check_text

    yes, no = check_text(_SCRIPT, Options(engine="direct", cache=False), name="doctor.cat").claims
    check(yes.claim, yes.certificate)
    try:
        check(no.claim, yes.certificate)
    except Rejected:
        return "accepts a certificate, and rejects it for another claim"
    raise _Unwell("accepts the certificate of another claim")


def _cache() -> str:
    from formal.store.cache import Cache
    from formal.store.location import cache_folder

    with Cache.open(Path.cwd()) as cache:
        if cache.path is None:
            raise _Unwell("cannot be opened")
    folder = cache_folder(Path.cwd())
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryFile(dir=folder):
        return f"can be written, in {folder}"


_EXAMINATIONS: tuple[tuple[str, Callable[[], str]], ...] = (
    ("formal", _formal),
    ("Python", _python),
    ("libraries", _dependencies),
    ("grammar", _grammar),
    ("direct", _direct),
    ("Z3", _solver),
    ("kernel", _kernel),
    ("cache", _cache),
)
