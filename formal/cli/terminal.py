"""Standard output and error: what they can show, and how to write to them."""

from __future__ import annotations

import os
import shutil
import sys
from typing import TextIO

import click

from formal.report.screen import Screen
from formal.text.escape import terminal_block

_WIDEST = 120
_SAMPLE = "✓│──▶"


def screen_of(stream: TextIO, color: str) -> Screen:
    """What a stream can show.

    Args:
        color: ``always``, ``never``, or ``auto``: on a terminal, unless ``NO_COLOR`` is set or ``TERM`` is ``dumb``;
            ``FORCE_COLOR`` turns it on anywhere.
    Source: no-color.org; force-color.org.
    """
    columns = min(shutil.get_terminal_size((80, 24)).columns, _WIDEST)
    return Screen(columns, _has_color(stream, color), _has_unicode(stream))


def _has_color(stream: TextIO, color: str) -> bool:
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM") != "dumb"


def _has_unicode(stream: TextIO) -> bool:
    try:
        _SAMPLE.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def put(text: str) -> None:
    """Write to standard output at once; when nobody reads it any more, the work goes on in silence.

    Raises:
        click.ClickException: it cannot be written, say because the disk is full.
    """
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except BrokenPipeError:
        _silence()
    except OSError as error:
        _silence()
        raise click.ClickException(f"the report cannot be written: {error.strerror or error}") from None


def _silence() -> None:
    """Let what is still to be written, at the interpreter's end too, go nowhere."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(message: str) -> None:
    """A message for the person at the terminal, on standard error, escaped."""
    sys.stderr.write(f"{terminal_block(message)}\n")
    sys.stderr.flush()
