"""One line on standard error that says how far a run has come; gone when it ends."""

from __future__ import annotations

import shutil
import sys

from formal.text.escape import clip, terminal, width
from formal.verdict.result import FileResult

_BAR = 24


class Progress:
    """Counts files; silent unless standard error is a terminal and there are several files."""

    def __init__(self, total: int) -> None:
        self.total = total
        self.done = 0
        self._is_shown = total > 1 and sys.stderr.isatty()

    def count(self, file: FileResult) -> None:
        """A file is done; imported ones were not asked for and do not count."""
        if not file.claims or not all(claim.imported for claim in file.claims):
            self.done = min(self.done + 1, self.total)

    def show(self, name: str = "") -> None:
        """Draw the bar over the last one."""
        if not self._is_shown or self.done >= self.total:
            return
        columns = shutil.get_terminal_size((80, 24)).columns
        filled = _BAR * self.done // self.total
        line = f"[{'=' * filled}{' ' * (_BAR - filled)}] {self.done}/{self.total} files"
        tail = f"  {terminal(clip(name, 60))}" if name else ""
        if width(line) + width(tail) < columns:
            line += tail
        sys.stderr.write(f"\r\x1b[2K{line}")
        sys.stderr.flush()

    def clear(self) -> None:
        """Erase the bar, before something else is printed."""
        if self._is_shown:
            sys.stderr.write("\r\x1b[2K")
            sys.stderr.flush()
