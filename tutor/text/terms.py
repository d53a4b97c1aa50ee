"""Search terms of Chinese, English and mixed text: jieba words plus lower-case ASCII terms, stop words dropped."""

import re
import unicodedata
from functools import lru_cache

import jieba

from tutor.text.spelling import visible

# Letters and digits with the inner marks of names such as "top-k", "gpt-3.5", "c++", "f1".
_ASCII_TERM = re.compile(r"[a-z0-9]+(?:[._+#-][a-z0-9]+)*\+*")
_HAN_RUN = re.compile(r"[\u3400-\u9fff]+")
_GRAM_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]+")
# Overlapping pieces, found by the regex engine: a loop in Python takes seconds for the whole bank.
_LETTER_GRAMS = tuple(re.compile(rf"(?=(\S{{{size}}}))") for size in (3, 4))
_HAN_GRAMS = tuple(re.compile(rf"(?=(\S{{{size}}}))") for size in (1, 2))
_CHUNK = re.compile(rf"{_ASCII_TERM.pattern}|{_HAN_RUN.pattern}")

_STOP_EN = frozenset(
    "a an the of to in on at for by with from as is are was were be been being do does did has have had it its this"
    " that these those and or but if then than so such not no can could should would will may might must i you he she"
    " we they me my your our their what which who how why when where there here about into over more most very just"
    " explain describe tell please me".split()
)
_STOP_ZH = frozenset(
    "这个 那个 的 了 和 是 在 有 与 及 或 吗 呢 啊 吧 把 被 对 从 为 以 于 中 上 下 个 这 那 它 他 她 们 我 你 您 请 什么 怎么 如何 为什么"
    " 哪些 哪个 一下 一个 一种 可以 能 会 要 就 都 也 还 又 而 但 但是 因为 所以 如果 就是 以及 进行 解释 说说 讲讲 介绍 谈谈 怎样"
    " 多少 为啥 咋 到底 究竟 其 之 并 等 让 用 做 到 去 来 说 讲 谈 请问".split()
)


def terms(text: str) -> list[str]:
    """Terms in order of appearance, with repeats.

    Compound ASCII terms also yield their parts ("kv-cache" -> "kv-cache", "kv", "cache"), so that spellings with
    and without hyphen meet.
    """
    found: list[str] = []
    for match in _CHUNK.finditer(unicodedata.normalize("NFKC", visible(text)).lower()):
        chunk = match.group()
        if _HAN_RUN.fullmatch(chunk):
            found.extend(word for word in _cut(chunk) if word not in _STOP_ZH)
        else:
            found.extend(term for term in _ascii_terms(chunk) if term not in _STOP_EN)
    return found


def character_grams(text: str) -> list[str]:
    """Overlapping pieces of the words, so that typos, inflections and other cuts of a Chinese run still meet.

    Letters and digits: three and four characters of each word with its ends marked; Chinese: single characters and pairs.
    """
    runs = _GRAM_RUN.findall(unicodedata.normalize("NFKC", visible(text)).lower())
    letters = " ".join(f"^{run}$" for run in runs if run.isascii())
    characters = " ".join(run for run in runs if not run.isascii())
    return [
        *(gram for pattern in _LETTER_GRAMS for gram in pattern.findall(letters)),
        *(gram for pattern in _HAN_GRAMS for gram in pattern.findall(characters)),
    ]


def _ascii_terms(chunk: str) -> list[str]:
    parts = re.split(r"[._+#-]+", chunk)
    parts = [_singular(part) for part in parts if part]
    return [chunk, *parts] if len(parts) > 1 else [_singular(chunk)]


def _singular(word: str) -> str:
    """English plurals of four letters and more meet their singular; "loss", "bias", "gpus" are safe."""
    if len(word) >= 4 and word.endswith("s") and not word.endswith(("ss", "us", "is", "as")):
        return word[:-1]
    return word


@lru_cache(maxsize=20_000)
def _cut(run: str) -> tuple[str, ...]:
    return tuple(jieba.cut_for_search(run))
