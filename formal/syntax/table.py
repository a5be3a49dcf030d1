"""The parser's table, made ahead of time: data that Lark would otherwise derive from the grammar at every start.

The table is JSON. It is made by ``make grammar``, and is used only if it was made from this very grammar by this very
version of Lark.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from lark import Lark


def stored_parser(path: Path, grammar: str, transformer: object) -> Lark | None:
    """The parser of a stored table; None if there is no table, or one of another grammar or Lark.

    Args:
        path: the table.
        grammar: the text of the grammar.
        transformer: the methods to call for the grammar's rules.
    """
    from lark import Lark

    try:
        stored = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    if stored.get("made_from") != _origin(grammar):
        return None
    table = stored["parser"]["parser"]["parser"]
    table["states"] = {int(state): actions for state, actions in table["states"].items()}
    memo: Any = {int(number): value for number, value in stored["memo"].items()}
    parser: Lark = Lark._load_from_dict(  # type: ignore[no-untyped-call]
        stored["parser"], memo, transformer=transformer
    )
    return parser


def table_text(parser: Lark, grammar: str) -> str:
    """The table of a parser that has no transformer, as canonical JSON."""
    from lark.grammar import Rule
    from lark.lexer import TerminalDef

    data, memo = parser.memo_serialize([TerminalDef, Rule])
    stored = {"made_from": _origin(grammar), "parser": data, "memo": memo}
    return json.dumps(stored, ensure_ascii=True, sort_keys=True, separators=(",", ":")) + "\n"


def _origin(grammar: str) -> dict[str, str]:
    import lark

    return {"grammar": hashlib.sha256(grammar.encode()).hexdigest(), "lark": lark.__version__}
