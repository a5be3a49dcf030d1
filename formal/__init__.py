"""Formal verification for the category theory behind foundation models.

The names of ``formal.api`` are names of the package too. They are loaded when first used, so that ``import formal``
and ``import formal.kernel`` load nothing but the standard library.
"""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from formal.api import (
        Library,
        Options,
        Profunctor,
        Relations,
        Report,
        Result,
        ask,
        capture,
        category,
        check,
        check_file,
        copresheaf,
        load,
        monoid,
        poset,
        presheaf,
        set_functor_from_arrays,
    )

__version__ = "0.1.0"

__all__ = [
    "Library",
    "Options",
    "Profunctor",
    "Relations",
    "Report",
    "Result",
    "__version__",
    "ask",
    "capture",
    "category",
    "check",
    "check_file",
    "copresheaf",
    "load",
    "monoid",
    "poset",
    "presheaf",
    "set_functor_from_arrays",
]


def __getattr__(name: str) -> object:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from formal import api

    return getattr(api, name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
