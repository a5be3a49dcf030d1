"""A run over scripts: each file elaborated, each claim decided and re-checked, results in the order of the targets.

With several jobs each file is worked on in a process of its own. A process that dies costs only its own file, whose
result says so: nothing is lost in silence.
"""

from __future__ import annotations

import traceback
from collections.abc import Callable, Generator, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, assert_never

from formal.crosscheck.model import CrossCheck
from formal.elaborate.enriched import RelationClaim
from formal.elaborate.module import Claim, Loader, Script, find_root
from formal.statement.model import Statement
from formal.store.cache import Cache
from formal.store.certificates import write_certificates
from formal.syntax import ast
from formal.text import Code, Diagnostic, Label, Rejection, Severity, Source, Span
from formal.verdict.result import ClaimResult, FileResult, Outcome, Trouble
from formal.verify.decide import decide_claim
from formal.verify.engines import Engines
from formal.verify.options import Options

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.process import BaseProcess

    from formal.verify.theorem import Setting

Results = Generator[tuple[int, tuple[FileResult, ...]], None, None]
"""The number of a job and its results, as they come."""

Item = Claim | RelationClaim | Statement | CrossCheck
"""What a script claims or states."""

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
    with Cache.open(loader.root) if chosen.cache else _NoCache() as cache, Engines() as engines:
        yield _check(script, None, chosen, cache, engines)
        yield from _check_imports(script, set(), chosen, cache, engines)


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

    def __init__(self, named: frozenset[Path], options: Options, engines: Engines) -> None:
        self.options = options
        self.engines = engines
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
            results = [_check(script, job.claims, self.options, cache, self.engines)]
            if job.claims is None:
                results += _check_imports(script, self.done, self.options, cache, self.engines)
        return tuple(results)


def _check_imports(
    script: Script, done: set[Path], options: Options, cache: Cache | None, engines: Engines
) -> Iterator[FileResult]:
    """The results of what a script imports, directly or not, but for the files that are done; adds them there."""
    for imported in _imports(script):
        real = imported.path.resolve() if imported.path is not None else None
        if real is None or real in done:
            continue
        done.add(real)
        file = _check(imported, None, options, cache, engines)
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
    script: Script, names: tuple[str, ...] | None, options: Options, cache: Cache | None, engines: Engines
) -> FileResult:
    file = script.source.name
    statements, wrong = elaborate_theorems(script)
    crosschecks, broken = _crosschecks(script)
    diagnostics = sorted([*script.diagnostics, *wrong, *broken, *_unlicensed(script)], key=_place)
    items: list[Item] = [*script.claims, *script.relation_claims, *statements, *crosschecks]
    items.sort(key=lambda item: _span(item).start)
    if names is not None:
        known = {item.name for item in items}
        items = [item for item in items if item.name in names]
        diagnostics += [
            Diagnostic(Code.UNKNOWN_NAME, f"`{file}` has no claim `{name}`", None)
            for name in names
            if name not in known and not diagnostics
        ]
    results: list[ClaimResult] = []
    findings: list[Diagnostic] = []
    for item in items:
        if options.selects(file, item.name):
            result, found = _decide(item, script, options, cache, engines)
            results.append(result)
            findings += found
            if options.fail_fast and not results[-1].as_expected:
                break
    dropped = script.dropped + len(script.theorems) - len(statements) + len(script.crosschecks) - len(crosschecks)
    return FileResult(file, tuple(diagnostics), tuple(results), findings=tuple(findings), dropped=dropped)


def elaborate_theorems(script: Script) -> tuple[list[Statement], list[Diagnostic]]:
    """The theorem statements of a script, and what is wrong with the others."""
    if not script.theorems:
        return [], []
    from formal.statement.elaborate import elaborate

    statements: list[Statement] = []
    diagnostics: list[Diagnostic] = []
    for node in script.theorems:
        try:
            statements.append(elaborate(node, script.module, script.source.name))
        except Rejection as rejection:
            diagnostics += rejection.diagnostics
        except RecursionError:
            message = "this is nested too deeply, what it is defined by included"
            diagnostics.append(Diagnostic(Code.NESTING_TOO_DEEP, message, Label(node.name.span)))
    return statements, diagnostics


def _crosschecks(script: Script) -> tuple[list[CrossCheck], list[Diagnostic]]:
    """The cross-checks of a script, and what is wrong with the others."""
    if not script.crosschecks:
        return [], []
    from formal.crosscheck.elaborate import elaborate_crosschecks

    return elaborate_crosschecks(script)


def _unlicensed(script: Script) -> Iterator[Diagnostic]:
    """Warnings for what is taken for a category or a presheaf and is none."""
    if script.module.uses:
        from formal.verify.licence import unlicensed

        yield from unlicensed(script.module)


def _place(diagnostic: Diagnostic) -> int:
    return diagnostic.primary.span.start if diagnostic.primary is not None else -1


def _span(item: Item) -> Span:
    return item.node.name.span if isinstance(item, Statement) else item.span


def _decide(
    item: Item, script: Script, options: Options, cache: Cache | None, engines: Engines
) -> tuple[ClaimResult, tuple[Diagnostic, ...]]:
    """The verdict on one claim or theorem, and what its audit finds, if there is one.

    A fault of ours costs this one only, and is never green.
    """
    file = script.source.name
    try:
        match item:
            case Claim():
                result = decide_claim(item, file, options, names=script.names, cache=cache, solver=engines.solver)
                if not options.audit:
                    return result, ()
                from formal.verify.audit import audit_of

                return audit_of(item, result, None, _setting(script, options, cache, engines), script)
            case RelationClaim():
                from formal.verify.enriched import decide_relation_claim

                return decide_relation_claim(item, file, options, cache=cache, solver=engines.solver), ()
            case Statement():
                from formal.verify.theorem import decide_theorem

                setting = _setting(script, options, cache, engines)
                result, refutation = decide_theorem(item, setting)
                if not options.audit:
                    return result, ()
                from formal.verify.audit import audit_of

                return audit_of(item, result, refutation, setting, script)
            case CrossCheck():
                from formal.verify.crosscheck import decide_crosscheck

                return decide_crosscheck(item, file, options, cache=cache, solver=engines.solver), ()
            case _:
                assert_never(item)
    except Exception as error:
        return replace(_undecided(item, file), trouble=Trouble.CRASHED, reason=_traceback(error)), ()


def _setting(script: Script, options: Options, cache: Cache | None, engines: Engines) -> Setting:
    from formal.verify.theorem import Setting

    return Setting(options, engines, check_counter_model, definitions(script), cache)


def definitions(script: Script) -> tuple[ast.Declaration, ...]:
    """All definitions that the statements of a script may use."""
    return tuple(each.node for several in script.module.definitions.values() for each in several)


def _undecided(item: Item, file: str) -> ClaimResult:
    if isinstance(item, CrossCheck):
        from formal.verify.crosscheck import undecided_crosscheck

        return undecided_crosscheck(item, file)
    if not isinstance(item, Statement):
        return ClaimResult(
            item.name, file, item.span, item.doc, item.statement, Outcome(item.expected), Outcome.UNKNOWN
        )
    from formal.verify.theorem import expected

    node = item.node
    return ClaimResult(item.name, file, node.name.span, node.doc, "", expected(item), Outcome.UNKNOWN)


def check_counter_model(script: str) -> FileResult:
    """The verdicts on a script that declares a counter-model: by the direct route, from nothing remembered."""
    return check_text(script, Options(engine="direct", cache=False), name="<counter-model>")


def _traceback(error: Exception) -> str:
    """What went wrong, and where in the package: for a report of the fault."""
    *_, last = traceback.extract_tb(error.__traceback__)
    return f"{type(error).__name__}: {error} ({Path(last.filename).name}:{last.lineno} in {last.name})"


# --- several files --------------------------------------------------------------------------------


def _sequential(jobs: list[_Job], options: Options) -> Results:
    with Engines() as engines:
        worker = _Worker(frozenset(job.path.resolve() for job in jobs), options, engines)
        for index, job in enumerate(jobs):
            yield index, worker.files(job)


def _serve(connection: Connection, jobs: list[_Job], options: Options) -> None:
    """The life of a worker process: job numbers in, results out."""
    with Engines() as engines:
        worker = _Worker(frozenset(job.path.resolve() for job in jobs), options, engines)
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
    from multiprocessing import get_context
    from multiprocessing.connection import Connection, wait

    context = get_context("spawn")
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
