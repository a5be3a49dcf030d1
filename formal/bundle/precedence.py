"""Which claims were there before a run: the manifest of a trained bundle carries a digest of each claim that judges it.

A claim that the manifest does not carry, or carries with another digest, is newer than the run. It may have been
thought of with the results in view, so it does not judge them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from formal.bundle.model import Bundle


@dataclass(frozen=True, slots=True)
class Precedence:
    """The claims of a script against those that a manifest carries, by name, each list in the order of its source.

    Args:
        older: the script states them as the manifest carries them.
        changed: the manifest carries them, and they say something else now.
        new: the manifest does not carry them.
        dropped: the manifest carries them, and the script does not state them.
    """

    older: tuple[str, ...]
    changed: tuple[str, ...]
    new: tuple[str, ...]
    dropped: tuple[str, ...]


def carried(bundle: Bundle) -> Mapping[str, str]:
    """The digests of the claims from before the run; none of a bundle that carries names only, or nothing."""
    stated = bundle.manifest.get("claims")
    return {name: str(digest) for name, digest in stated.items()} if isinstance(stated, Mapping) else {}


def precedence(bundle: Bundle, stated: Mapping[str, str]) -> Precedence:
    """What a script states against what a bundle carries.

    Args:
        stated: for each claim of the script the digest of what it says (``formal.syntax.wording``).
    """
    known = carried(bundle)
    return Precedence(
        tuple(name for name, digest in stated.items() if known.get(name) == digest),
        tuple(name for name, digest in stated.items() if name in known and known[name] != digest),
        tuple(name for name in stated if name not in known),
        tuple(name for name in known if name not in stated),
    )
