"""Source text, places in it, and what there is to say about them."""

from formal.text.code import Code
from formal.text.diagnostic import Bug, Diagnostic, Label, Rejection, Severity
from formal.text.source import Source, Span

__all__ = ["Bug", "Code", "Diagnostic", "Label", "Rejection", "Severity", "Source", "Span"]
