"""A run over scripts: each file elaborated, each claim decided and re-checked, results in the order of the targets.

With several jobs each file is worked on in a process of its own. A process that dies costs only its own file, whose
result says so: nothing is lost in silence.
"""

from __future__ import annotations

import multiprocessing
import traceback
from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from formal.elaborate.module import Claim, Loader, Script, find_root
from formal.smt.child import Solver
from formal.store.cache import Cache
from formal.store.certificates import write_certificates
from formal.text import Code, Diagnostic, Rejection, Severity, Source
from formal.verdict.result import ClaimResult, FileResult, Outcome, Trouble
from formal.verify.decide import decide_claim
from formal.verify.options import Options

Results = Generator[tuple[int, tuple[FileResult, ...]], None, None]
"""The number of a job and its results, as they come."""

OnFile = Callable[[FileResult], None]


@dataclass(frozen=True, slots=True)
class Target:
    """What to check: a script, or one claim of it."""

    path: Path
    claim: str | None = None


@dataclass(frozen=True, slots=True)
class _Job:
    """One file and the claims of it that are selected; None selects all."""

    path: Path
    claims: tuple[str, ...] | None


def run(targets: Sequence[Target], options: Options, *, on_file: OnFile | None = None) -> tuple[FileResult, ...]:
    """Check scripts.

    Args:
        targets: scripts and claims; a script named twice is checked once.
        on_file: told of each file as soon as it is done.
    Returns:
        one result a file, in the order of the targets; then what the files import and nobody named.
    Raises:
        Rejection: the folder for certificates cannot be written.
    """
    if options.certificates is not None:
        _write_certificates(options.certificates, ())  # a folder that cannot be written is found out at once
    jobs = _jobs(targets)
    results = _parallel(jobs, options) if options.jobs > 1 and len(jobs) > 1 else _sequential(jobs, options)
    found: dict[int, tuple[FileResult, ...]] = {}
    for index, files in results:
        found[index] = files
        for file in files:
            if on_file is not None:
                on_file(file)
        if options.fail_fast and not all(_is_fine(file) for file in files):
            break
    results.close()
    ordered = [file for index in sorted(found) for file in found[index]]
    if options.certificates is not None:
        _write_certificates(options.certificates, [claim for file in ordered for claim in file.claims])
    return tuple(ordered)


def _write_certificates(folder: Path, claims: Sequence[ClaimResult]) -> None:
    try:
        write_certificates(folder, claims)
    except OSError as error:
        message = f"certificates cannot be written to `{folder}`: {error.strerror or error}"
        raise Rejection([Diagnostic(Code.UNREADABLE_FILE, message, None)]) from None


def check_text(
    text: str, options: Options | None = None, *, name: str = "<text>", root: Path | None = None
) -> FileResult:
    """Check a script given as a text; imports are relative to ``root``, and not checked themselves."""
    with closing(_check_text(text, options, name, root)) as results:
        return next(results)


def check_text_and_imports(
    text: str, options: Options | None = None, *, name: str = "<text>", root: Path | None = None
) -> tuple[FileResult, ...]:
    """Check a script given as a text, then all that it imports; imports are relative to ``root``."""
    return tuple(_check_text(text, options, name, root))


def _check_text(text: str, options: Options | None, name: str, root: Path | None) -> Generator[FileResult, None, None]:
    loader = Loader(root or Path.cwd())
    script = loader.elaborate(Source(name, text.replace("\r\n", "\n")))
    chosen = options or Options(cache=False)
    with Cache.open(loader.root) if chosen.cache else _NoCache() as cache, Solver() as solver:
        yield _check(script, None, chosen, cache, solver)
        yield from _check_imports(script, set(), chosen, cache, solver)


def _jobs(targets: Sequence[Target]) -> list[_Job]:
    """One job a file: all of it when it is named without a claim."""
    chosen: dict[Path, list[str] | None] = {}
    for target in targets:
        path = target.path
        if target.claim is None:
            chosen[path] = None
        elif path not in chosen:
            chosen[path] = [target.claim]
        else:
            names = chosen[path]
            if names is not None:
                names.append(target.claim)
    return [_Job(path, None if names is None else tuple(names)) for path, names in chosen.items()]


def _is_fine(file: FileResult) -> bool:
    return (
        not file.crashed
        and all(claim.as_expected for claim in file.claims)
        and not any(diagnostic.severity is Severity.ERROR for diagnostic in file.diagnostics)
    )


# --- one file -------------------------------------------------------------------------------------


class _NoCache:
    """Stands for the cache when there is none."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, *_: object) -> None:
        return None


class _Worker:
    """Checks files one after another, sharing what they import and the cache."""

    def __init__(self, named: frozenset[Path], options: Options, solver: Solver) -> None:
        self.options = options
        self.solver = solver
        self.loaders: dict[Path, Loader] = {}
        self.done = set(named)

    def files(self, job: _Job) -> tuple[FileResult, ...]:
        """The result of a file, then of those that it imports and that are not named themselves."""
        root = find_root(job.path)
        loader = self.loaders.setdefault(root, Loader(root))
        try:
            script = loader.load(job.path)
        except Exception as error:
            return (FileResult(job.path.as_posix(), crashed=_traceback(error)),)
        with Cache.open(root) if self.options.cache else _NoCache() as cache:
            results = [_check(script, job.claims, self.options, cache, self.solver)]
            if job.claims is None:
                results += _check_imports(script, self.done, self.options, cache, self.solver)
        return tuple(results)


def _check_imports(
    script: Script, done: set[Path], options: Options, cache: Cache | None, solver: Solver
) -> Iterator[FileResult]:
    """The results of what a script imports, directly or not, but for the files that are done; adds them there."""
    for imported in _imports(script):
        real = imported.path.resolve() if imported.path is not None else None
        if real is None or real in done:
            continue
        done.add(real)
        file = _check(imported, None, options, cache, solver)
        yield replace(file, claims=tuple(replace(claim, imported=True) for claim in file.claims))


def _imports(script: Script) -> Iterator[Script]:
    """All scripts that a script imports, directly or not, each once."""
    seen: set[int] = set()
    stack = list(reversed(script.imports))
    while stack:
        imported = stack.pop()
        if id(imported) in seen:
            continue
        seen.add(id(imported))
        yield imported
        stack += reversed(imported.imports)


def _check(
    script: Script, names: tuple[str, ...] | None, options: Options, cache: Cache | None, solver: Solver
) -> FileResult:
    file = script.source.name
    diagnostics = list(script.diagnostics)
    claims: list[Claim] = list(script.claims)
    if names is not None:
        known = {claim.name for claim in claims}
        claims = [claim for claim in claims if claim.name in names]
        diagnostics += [
            Diagnostic(Code.UNKNOWN_NAME, f"`{file}` has no claim `{name}`", None)
            for name in names
            if name not in known and not script.diagnostics
        ]
    results: list[ClaimResult] = []
    for claim in claims:
        if options.selects(file, claim.name):
            results.append(_decide(claim, file, options, script.names, cache, solver))
            if options.fail_fast and not results[-1].as_expected:
                break
    return FileResult(file, tuple(diagnostics), tuple(results))


def _decide(
    claim: Claim, file: str, options: Options, names: Mapping[str, str], cache: Cache | None, solver: Solver
) -> ClaimResult:
    """The verdict on a claim; a fault of ours costs this claim only, and is never green."""
    try:
        return decide_claim(claim, file, options, names=names, cache=cache, solver=solver)
    except Exception as error:
        return ClaimResult(
            claim.name,
            file,
            claim.span,
            claim.doc,
            claim.statement,
            Outcome(claim.expected),
            Outcome.UNKNOWN,
            trouble=Trouble.CRASHED,
            reason=_traceback(error),
        )


def _traceback(error: Exception) -> str:
    """What went wrong, and where in the package: for a report of the fault."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno} in {last.name})"


# --- several files --------------------------------------------------------------------------------


def _sequential(jobs: list[_Job], options: Options) -> Results:
    with Solver() as solver:
        worker = _Worker(frozenset(job.path.resolve() for job in jobs), options, solver)
        for index, job in enumerate(jobs):
            yield index, worker.files(job)


def _serve(connection: Connection, jobs: list[_Job], options: Options) -> None:
    """The life of a worker process: job numbers in, results out."""
    with Solver() as solver:
        worker = _Worker(frozenset(job.path.resolve() for job in jobs), options, solver)
        while True:
            try:
                index = connection.recv()
            except EOFError:
                return
            if index is None:
                return
            connection.send(worker.files(jobs[index]))


def _parallel(jobs: list[_Job], options: Options) -> Results:
    """Results as they come; a worker that dies is replaced, and its file says so."""
    context = multiprocessing.get_context("spawn")
    waiting = list(range(len(jobs)))[::-1]
    busy: dict[Connection, tuple[BaseProcess, int]] = {}

    def start() -> None:
        mine, theirs = context.Pipe()
        process = context.Process(target=_serve, args=(theirs, jobs, options), daemon=False)
        process.start()
        theirs.close()
        feed(mine, process)

    def feed(connection: Connection, process: BaseProcess) -> None:
        if waiting:
            index = waiting.pop()
            connection.send(index)
            busy[connection] = process, index
        else:
            connection.send(None)
            process.join()

    try:
        for _ in range(min(options.jobs, len(jobs))):
            start()
        while busy:
            for ready in wait(list(busy)):
                assert isinstance(ready, Connection)
                process, index = busy.pop(ready)
                try:
                    files: tuple[FileResult, ...] = ready.recv()
                except (EOFError, ConnectionError):
                    process.join()
                    yield index, (_crashed(jobs[index], process.exitcode),)
                    if waiting:
                        start()
                    continue
                feed(ready, process)
                yield index, files
    finally:
        for process, _ in busy.values():
            process.terminate()
        for process, _ in busy.values():
            process.join()


def _crashed(job: _Job, exit_code: int | None) -> FileResult:
    """The file whose process died; counted as an internal error, never as checked."""
    return FileResult(job.path.as_posix(), crashed=f"the process that checked this file died (exit status {exit_code})")
