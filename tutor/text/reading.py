"""A stretch of text with everything that is compared of its wording, each read once, and not before it is asked for.

Vectors are no part of it: they are compared many at a time (tutor.entailment.likeness).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from tutor.text.numbers import Number
from tutor.text.polarity import clash, mismatch, read_negation, read_poles
from tutor.text.wording import Wording, read_wording


@dataclass(frozen=True)
class Text:
    """A cleaned text, or a stretch of one."""

    text: str

    @cached_property
    def wording(self) -> Wording:
        """Terms, neighbouring pairs of them, and numbers."""
        return read_wording(self.text)

    @property
    def terms(self) -> frozenset[str]:
        return self.wording.terms

    @property
    def numbers(self) -> tuple[Number, ...]:
        return self.wording.numbers

    @cached_property
    def negations(self) -> Mapping[str, bool]:
        """For every term, whether it stands in the scope of a negation."""
        return read_negation(self.text)

    @cached_property
    def poles(self) -> Mapping[int, frozenset[int]]:
        """For every antonym axis that the text touches, the poles it asserts."""
        return read_poles(self.text)

    def negation_mismatch(self, other: "Text") -> float:
        """Share of the shared terms that one text negates and the other does not, 0..1."""
        return mismatch(self.negations, other.negations)

    def antonym_mismatch(self, other: "Text") -> float:
        """Of the axes on which both texts take a clear stand, the share where they stand at different poles, 0..1."""
        return clash(self.poles, other.poles)
