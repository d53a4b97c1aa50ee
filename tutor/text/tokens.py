"""How long a text is for a language model, without loading its tokenizer."""

import re

from tutor.text.language import han_count

_WORD = re.compile(r"[A-Za-z]+|\d|[^\sA-Za-z\d\u3400-\u9fff]")


def estimate_tokens(text: str) -> int:
    """Tokens of `text` for the catalogue's models; on prose of the bank their sum is within 15 % (tested).

    Qwen's vocabulary spends about 0.7 tokens on a Chinese character; English words average 1.3, digits and marks 1.
    """
    words = _WORD.findall(text)
    latin = sum(1 + (len(word) - 1) // 7 for word in words)
    return round(0.7 * han_count(text) + latin)
