"""What operations on numbers are counted at: of many numbers, what the heaviest of them is."""

from __future__ import annotations

from fractions import Fraction

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from formal.lawvere import Rejected
from formal.lawvere.number import INFINITY, LARGEST, Number, heaviest, weight

INTEGERS = st.integers() | st.integers(0, 5000).flatmap(lambda bits: st.sampled_from([1 << bits, -(1 << bits)]))
NUMBERS = INTEGERS | st.fractions() | st.sampled_from([INFINITY, -INFINITY])


@given(st.lists(INTEGERS) | st.lists(NUMBERS))
@example([])
@example([INFINITY, 1 << 4000])
@example([Fraction(1, 3), -(1 << 2000)])
@example([-(1 << 256), (1 << 256) - 1])
def test_the_heaviest_number_counts(numbers: list[Number]) -> None:
    assert heaviest(numbers) == max([1, *(weight(number) for number in numbers)])


@pytest.mark.parametrize(
    "huge", [1 << LARGEST, -(1 << LARGEST), Fraction(1, 1 << LARGEST)], ids=["greatest", "least", "narrowest"]
)
def test_a_number_with_too_many_bits_is_rejected_wherever_it_stands(huge: Number) -> None:
    for numbers in ([huge], [0, huge, 0], [INFINITY, huge], [Fraction(1, 2), huge]):
        with pytest.raises(Rejected, match="too many bits"):
            heaviest(numbers)


def test_the_longest_numbers_are_not_rejected() -> None:
    longest = (1 << LARGEST) - 1
    assert heaviest([longest, -longest]) == weight(longest)
