"""Script files as sources, within a limit on their size."""

from __future__ import annotations

from errno import EINVAL
from pathlib import Path

from formal.text.code import Code
from formal.text.diagnostic import Diagnostic, Rejection
from formal.text.source import Source

MOST_BYTES = 4 * 1024 * 1024


def read_source(path: Path, name: str) -> Source:
    """The text of a file, newlines normalised, a byte order mark left out.

    Args:
        name: how reports refer to it.
    Raises:
        Rejection: it is no regular file, has more than ``MOST_BYTES`` bytes, is not UTF-8, or cannot be read.
    """
    try:
        if not path.is_file():
            raise OSError(EINVAL, "it is no regular file" if path.exists() else "it does not exist")
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
        if len(data) > MOST_BYTES:
            raise _rejected(Code.FILE_TOO_LARGE, f"`{name}` is larger than {MOST_BYTES} bytes")
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise _rejected(Code.UNREADABLE_FILE, f"`{name}` is not UTF-8 text") from None
    except OSError as error:
        raise _rejected(Code.UNREADABLE_FILE, f"`{name}` cannot be read: {error.strerror}") from None
    return Source(name, text.replace("\r\n", "\n").replace("\r", "\n"))


def _rejected(code: Code, message: str) -> Rejection:
    return Rejection([Diagnostic(code, message, None)])
