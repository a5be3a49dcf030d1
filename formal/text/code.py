"""The codes of all diagnostics. Each has an explanation and a failing case."""

from __future__ import annotations

from enum import StrEnum


class Code(StrEnum):
    """Named by the behaviour, never by a number."""

    # reading
    UNREADABLE_FILE = "unreadable-file"
    FILE_TOO_LARGE = "file-too-large"
    FORBIDDEN_CHARACTER = "forbidden-character"
    SYNTAX = "syntax"
    NESTING_TOO_DEEP = "nesting-too-deep"
    NAME_TOO_LONG = "name-too-long"
    CONFUSABLE_NAME = "confusable-name"
    # imports
    IMPORT_NOT_FOUND = "import-not-found"
    IMPORT_CYCLE = "import-cycle"
    IMPORT_OUTSIDE_ROOT = "import-outside-root"
    IMPORT_HAS_ERRORS = "import-has-errors"
    # names and kinds
    UNKNOWN_NAME = "unknown-name"
    DUPLICATE_NAME = "duplicate-name"
    AMBIGUOUS_NAME = "ambiguous-name"
    WRONG_KIND = "wrong-kind"
    WRONG_ARGUMENTS = "wrong-arguments"
    CYCLIC_DEFINITION = "cyclic-definition"
    # arrows
    NOT_COMPOSABLE = "not-composable"
    NOT_PARALLEL = "not-parallel"
    NOT_INVERTIBLE = "not-invertible"
    NO_SUCH_ARROW = "no-such-arrow"
    SEVERAL_ARROWS = "several-arrows"
    # categories
    CYCLIC_ORDER = "cyclic-order"
    NOT_A_MONOID = "not-a-monoid"
    INFINITE_CATEGORY = "infinite-category"
    BUDGET_EXCEEDED = "budget-exceeded"
    # functors and set-valued functors
    MISSING_VALUE = "missing-value"
    WRONG_ENDS = "wrong-ends"
    NOT_FUNCTORIAL = "not-functorial"
    NOT_NATURAL = "not-natural"
    NO_SUCH_ELEMENT = "no-such-element"
    WRONG_VARIANCE = "wrong-variance"
    CATEGORY_MISMATCH = "category-mismatch"
    NO_COLIMIT = "no-colimit"
    # theorems
    NOT_IN_THEOREMS = "not-in-theorems"
    # audits
    VACUOUS = "vacuous"
    REDUNDANT = "redundant"
    TAUTOLOGY = "tautology"
    CIRCULAR = "circular"
    UNUSED = "unused"
    UNUSED_ACCEPT = "unused-accept"
    # relations over a quantale
    NOT_IN_QUANTALE = "not-in-quantale"
    QUANTALE_MISMATCH = "quantale-mismatch"
    WRONG_SHAPE = "wrong-shape"
    MIXED_CLAIM = "mixed-claim"
    NOT_A_CATEGORY = "not-a-category"
    # relation bundles
    BAD_BUNDLE = "bad-bundle"
    NOT_A_PRESHEAF = "not-a-presheaf"
    RELATION_CLOSED = "relation-closed"
    NEWER_THAN_RUN = "newer-than-run"
    # training
    CANNOT_TRAIN = "cannot-train"
