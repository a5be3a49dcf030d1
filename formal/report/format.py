"""The formats of a report, and the report in each of them.

A report is made of a piece for each file and a piece for the end, so that the formats that are lists of lines can be
printed while the run goes on; the others are one document, made at the end.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, assert_never

from formal.report.screen import Screen

if TYPE_CHECKING:
    from formal.verdict.result import FileResult


_PLAIN = Screen()


class Format(StrEnum):
    """How a report is written."""

    FULL = "full"
    CONCISE = "concise"
    JSON = "json"
    JSONL = "jsonl"
    JUNIT = "junit"
    SARIF = "sarif"
    GITHUB = "github"
    MARKDOWN = "markdown"


def report(
    files: Sequence[FileResult],
    format: Format = Format.FULL,  # noqa: A002
    screen: Screen = _PLAIN,
) -> str:
    """The whole report of a run.

    Args:
        files: what the run found.
        screen: what the terminal can show; only the full format looks at it.
    """
    return "".join([*(piece(file, format, screen) for file in files), closing(files, format, screen)])


def piece(
    file: FileResult,
    format: Format,  # noqa: A002
    screen: Screen = _PLAIN,
) -> str:
    """What is printed when a file is done; empty for formats that are one document."""
    match format:
        case Format.FULL:
            from formal.report.full import full_file

            return full_file(file, screen) + "\n"
        case Format.CONCISE:
            from formal.report.concise import concise_file

            return _lines(concise_file(file))
        case Format.JSONL:
            from formal.report.document import record_lines

            return _lines(record_lines(file))
        case Format.GITHUB:
            from formal.report.annotation import annotation_lines

            return _lines(annotation_lines(file))
        case Format.JSON | Format.JUNIT | Format.SARIF | Format.MARKDOWN:
            return ""
        case _:
            assert_never(format)


def closing(
    files: Sequence[FileResult],
    format: Format,  # noqa: A002
    screen: Screen = _PLAIN,
) -> str:
    """What is printed at the end of a run: a summary, or the document."""
    match format:
        case Format.FULL:
            from formal.report.full import full_end

            return full_end(files, screen)
        case Format.CONCISE:
            from formal.report.concise import concise_end

            return _lines(concise_end(files))
        case Format.JSONL:
            from formal.report.document import record_end

            return _lines(record_end(files))
        case Format.GITHUB:
            from formal.report.annotation import annotation_end

            return _lines(annotation_end(files))
        case Format.JSON:
            from formal.report.document import document

            return document(files) + "\n"
        case Format.JUNIT:
            from formal.report.junit import junit

            return junit(files)
        case Format.SARIF:
            from formal.report.sarif import sarif

            return sarif(files) + "\n"
        case Format.MARKDOWN:
            from formal.report.markdown import markdown_page

            return markdown_page(files)
        case _:
            assert_never(format)


def _lines(lines: Iterable[str]) -> str:
    return "".join(f"{line}\n" for line in lines)
