"""The noun of this folder: a line of text with its place on a page, whoever read it (PDFium or text recognition)."""

from dataclasses import dataclass

RULE = 3.0  # points; a rule that is drawn is thinner


@dataclass(frozen=True)
class Box:
    """A rectangle in points; y grows upwards."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom


@dataclass(frozen=True)
class Line:
    """Text on one baseline without a wide gap in it; scripts are written `10^23`, `d_k`."""

    text: str
    left: float
    right: float
    baseline: float
    size: float  # of the letters, in points
    is_bold: bool = False
    is_code: bool = False  # set in letters of one width
    is_item: bool = False  # a mark that is drawn, not written, stands before it


@dataclass(frozen=True)
class Page:
    """What was found on a page, in the order of its content stream."""

    width: float
    height: float
    lines: tuple[Line, ...]
    shapes: tuple[Box, ...] = ()  # rules, frames, small marks
    pictured: float = 0.0  # share of the page under pictures
