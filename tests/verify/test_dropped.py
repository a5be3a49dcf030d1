"""What errors keep from being decided is counted, and said in the last line."""

from __future__ import annotations

from formal.report.verdict import tally
from formal.verify.options import Options
from formal.verify.run import check_text

SCRIPT = """
category C { objects X arrows e: X -> X equations e^2 = e }
claim right: e >> e = e
claim wrong: nothing(C)
presheaf T on C { X |-> {s}, e |-> {s |-> t} }
claim rests_on_what_is_wrong: representable(T)
theorem wrong_as_well { given category D show nothing(D) }
"""


def test_what_is_dropped_because_of_errors_is_counted() -> None:
    file = check_text(SCRIPT, Options(cache=False))
    assert [claim.name for claim in file.claims] == ["right"]
    assert file.dropped == 3
    assert "3 dropped because of errors" in tally([file]).sentence()


def test_nothing_is_said_where_nothing_is_dropped() -> None:
    file = check_text("category C = chain(2) claim c: thin(C)", Options(cache=False))
    assert file.dropped == 0
    assert "dropped" not in tally([file]).sentence()
