"""A bar on standard error while something large is computed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from formal.bulk.work import OnProgress


@contextmanager
def bar(label: str, *, shown: bool) -> Iterator[OnProgress | None]:
    """What to tell how many rows are done, of how many; None when no bar is wanted.

    The bar is drawn on a terminal only, and gone when the work ends or is interrupted.
    """
    if not shown:
        yield None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)
