"""Stretches of text with formats -> one text with the marks that carry meaning: scripts, formulas, code. For Word and slides."""

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.ingestion.typography import lowered, raised


@dataclass(frozen=True)
class Piece:
    """A stretch of one format."""

    text: str
    kind: str = ""  # "", "raised", "lowered", "code", "math", "display"


@dataclass(frozen=True)
class Words:
    """A paragraph that was read."""

    pieces: tuple[Piece, ...]

    @property
    def text(self) -> str:
        """The text, line breaks as line ends, formulas and inline code in their marks."""
        return _joined(self.pieces)

    @property
    def bare(self) -> str:
        """The text as it stands, without any mark."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def is_code(self) -> bool:
        """Whether all of it is set as code."""
        return {piece.kind for piece in self.pieces if piece.text.strip()} == {"code"}


def words_of(pieces: Sequence[Piece]) -> Words:
    """Pieces with those of one format beside each other joined: programs cut runs anywhere."""
    merged: list[Piece] = []
    for piece in pieces:
        if merged and merged[-1].kind == piece.kind and piece.kind not in {"math", "display"}:
            merged[-1] = Piece(merged[-1].text + piece.text, piece.kind)
        elif piece.text:
            merged.append(piece)
    return Words(tuple(merged))


def _joined(pieces: Sequence[Piece]) -> str:
    """Pieces with their marks; a formula of its own line stays in the line where it is not alone."""
    is_alone = all(piece.kind == "display" or not piece.text.strip() for piece in pieces)
    text = ""
    for place, piece in enumerate(pieces):
        after = pieces[place + 1].text if place + 1 < len(pieces) else ""
        text += _marked(piece, after, is_alone)
    return text.strip("\n") if is_alone else text


def _marked(piece: Piece, after: str, is_alone: bool) -> str:
    if piece.kind in {"math", "display"}:
        if piece.kind == "display" and is_alone:
            return f"\n$$\n{piece.text}\n$$\n" if piece.text else ""
        return f"${piece.text}$" if piece.text else ""
    bare = piece.text.strip()
    if not bare or not piece.kind:
        return piece.text
    head, tail = piece.text[: piece.text.index(bare)], piece.text[piece.text.index(bare) + len(bare) :]
    if piece.kind == "code":
        return piece.text if "`" in bare or "\n" in bare else f"{head}`{bare}`{tail}"
    return head + (raised(bare, tail or after) if piece.kind == "raised" else lowered(bare, tail or after)) + tail
