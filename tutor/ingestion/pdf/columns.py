"""The order of reading on a page. Programs mostly write a column after another, and their order is kept; where they go back
and forth between two columns, or up and down, the places decide. Knows boxes, not words.
"""

from collections.abc import Sequence
from itertools import pairwise
from typing import Protocol, TypeVar

_MOST_LINES = 400  # of a page that is looked at for columns
_MIDDLE = (0.22, 0.78)  # of the width of the text: where a gutter may be
_MOST_ACROSS = 0.3  # of the lines may cross it: titles, abstracts, figures
_LEAST_LINES = 3  # beside each other


class Placed(Protocol):
    @property
    def left(self) -> float: ...
    @property
    def right(self) -> float: ...
    @property
    def baseline(self) -> float: ...
    @property
    def size(self) -> float: ...


Piece = TypeVar("Piece", bound=Placed)


def in_reading_order(pieces: Sequence[Piece]) -> list[Piece]:
    """The pieces of one page as they are read."""
    gutter = find_gutter(pieces)
    if gutter is not None and _returns(pieces, gutter) > 1:
        return _by_columns(pieces, gutter)
    if gutter is None and _climbs(pieces) > max(2, 0.15 * len(pieces)):
        return _downwards(pieces)
    return list(pieces)


def find_gutter(pieces: Sequence[Placed]) -> float | None:
    """Where the right one of two columns begins; None without columns."""
    if not 2 * _LEAST_LINES <= len(pieces) <= _MOST_LINES:
        return None
    left, right = min(piece.left for piece in pieces), max(piece.right for piece in pieces)
    first, last = (left + share * (right - left) for share in _MIDDLE)
    best: tuple[float, float] | None = None
    for start in {piece.left for piece in pieces if first <= piece.left <= last}:
        across = sum(piece.left < start - 1 and piece.right > start + 1 for piece in pieces)
        before = [piece for piece in pieces if piece.right <= start]
        behind = [piece for piece in pieces if piece.left >= start - 1]
        beside = min(_beside(before, behind), _beside(behind, before))
        if across <= _MOST_ACROSS * len(pieces) and beside >= _LEAST_LINES:
            best = max(best or (0.0, 0.0), (beside - across, -start))
    return -best[1] if best else None


def _beside(some: Sequence[Placed], others: Sequence[Placed]) -> int:
    """How many of the first stand between the top and the foot of the others."""
    if not others:
        return 0
    low, high = min(piece.baseline for piece in others), max(piece.baseline for piece in others)
    return sum(low - piece.size <= piece.baseline <= high + piece.size for piece in some)


def _side(piece: Placed, gutter: float) -> int:
    return -1 if piece.right <= gutter + 1 else 1 if piece.left >= gutter - 1 else 0


def _returns(pieces: Sequence[Placed], gutter: float) -> int:
    """How often the text goes back from the right column to the left one with nothing across both between."""
    sides = [_side(piece, gutter) for piece in pieces]
    return sum(before == 1 and after == -1 for before, after in pairwise(sides))


def _climbs(pieces: Sequence[Placed]) -> int:
    return sum(after.baseline > before.baseline + 0.5 * before.size for before, after in pairwise(pieces))


def _by_columns(pieces: Sequence[Piece], gutter: float) -> list[Piece]:
    """What stands across parts the page into bands; in each, the left column before the right one."""
    ordered: list[Piece] = []
    band: list[Piece] = []
    for piece in _downwards(pieces):
        if _side(piece, gutter) == 0:
            ordered += _band(band, gutter)
            band = []
            ordered.append(piece)
        else:
            band.append(piece)
    return ordered + _band(band, gutter)


def _band(band: Sequence[Piece], gutter: float) -> list[Piece]:
    return [piece for side in (-1, 1) for piece in band if _side(piece, gutter) == side]


def _downwards(pieces: Sequence[Piece]) -> list[Piece]:
    """From the top to the foot; what stands on one baseline from left to right."""
    return [piece for row in rows_of(pieces) for piece in sorted(row, key=lambda piece: piece.left)]


def rows_of(pieces: Sequence[Piece], nearness: float = 0.3) -> list[list[Piece]]:
    """Pieces by their baselines, from the top; those of a row are at most `nearness` sizes below its first one."""
    rows: list[list[Piece]] = []
    for piece in sorted(pieces, key=lambda piece: -piece.baseline):
        if rows and rows[-1][0].baseline - piece.baseline <= nearness * piece.size:
            rows[-1].append(piece)
        else:
            rows.append([piece])
    return rows
