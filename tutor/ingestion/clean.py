"""What a reader saved -> what the author wrote: mended, without page chrome, without repeats. Pure text in, pure text out."""

import re

from tutor.ingestion.chrome import without_chrome
from tutor.ingestion.fences import shielded
from tutor.ingestion.repair import normalised, repaired
from tutor.ingestion.repeats import without_repeats


def clean_text(text: str) -> str:
    """Markdown-like text, cleaned. Code blocks and display formulas come through untouched."""
    text, put_back = shielded(text.replace("\r\n", "\n").replace("\r", "\n"))
    text, put_back = shielded(put_back(repaired(normalised(text))))  # mending makes new code blocks
    text = put_back(without_repeats(without_chrome(text)))
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")
