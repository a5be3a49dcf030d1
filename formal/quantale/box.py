"""A box: an interval of numbers that a value is known to lie in. A number known exactly is a box of one point."""

from __future__ import annotations

from dataclasses import dataclass

from formal.quantale.quantale import Number


@dataclass(frozen=True, slots=True)
class Box:
    """All numbers from ``lower`` to ``upper``, both included, as numbers: in the quantale of Lawvere too.

    Raises:
        ValueError: the ends are the wrong way round.
    """

    lower: Number
    upper: Number

    def __post_init__(self) -> None:
        if not self.lower <= self.upper:
            raise ValueError(f"no number lies between {self.lower} and {self.upper}")

    @classmethod
    def point(cls, value: Number) -> Box:
        """The box of one number."""
        return cls(value, value)

    @property
    def is_point(self) -> bool:
        """Whether the value is known exactly."""
        return self.lower == self.upper
