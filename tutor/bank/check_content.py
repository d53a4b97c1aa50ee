"""What every entry must be like beyond its form: languages that match, lengths, style of key points, aliases, LaTeX.

Cheap signals that people act on; whether a sentence is true is for people.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence

from tutor.bank.bank_file import PlacedEntry
from tutor.bank.compare import chinese_characters, english_words, unmatched_numbers
from tutor.bank.latex import unclosed_marks
from tutor.bank.problems import Problem
from tutor.domain import LANGUAGES, Bilingual, Entry

_ANSWER_WORDS = (120, 350)  # English
_ANSWER_CHARACTERS = (180, 700)  # Chinese
_KEY_POINT_WORDS = (5, 45)
# Chinese characters per English word of the same answer; the 199 entries of 2026-11-30 lie between 1.22 and 1.92.
_LENGTH_RATIO = (1.0, 2.2)
_HAN_IN_ENGLISH = 0.05  # an English text may quote a Chinese word
_HAN = re.compile(r"[\u4e00-\u9fff]")
_ENDS = {"zh": ("。", "！"), "en": (".", "!")}


def check_entry(placed: PlacedEntry) -> list[Problem]:
    """All content checks that need only the entry itself."""
    checks = (_check_languages, _check_answer, _check_numbers_match, _check_key_points, _check_marks)
    return [problem for check in checks for problem in check(placed)]


def check_aliases(entries: Sequence[PlacedEntry]) -> list[Problem]:
    """An alias that is the question or an alias of another entry, or is said twice in its own."""
    owners: defaultdict[str, set[str]] = defaultdict(set)
    for placed in entries:
        for _, text in _asked(placed.entry):
            owners[_bare(text)].add(placed.entry.id)
    problems: list[Problem] = []
    for placed in entries:
        own: set[str] = set()
        for field, text in _asked(placed.entry):
            others = sorted(owners[_bare(text)] - {placed.entry.id})
            if others:
                told, step = f"`{text}` is also asked by entry `{others[0]}`", "Word it so that it fits one entry only."
                problems.append(placed.problem(field, told, step))
            elif _bare(text) in own:
                step = "Replace it by another way to ask."
                problems.append(placed.problem(field, f"`{text}` is in the entry already", step))
            own.add(_bare(text))
    return problems


def texts_of(entry: Entry) -> Iterator[tuple[str, Bilingual]]:
    """Every bilingual text of an entry with its field, without the language."""
    yield "question", entry.question
    yield "answer", entry.answer
    for number, point in enumerate(entry.key_points):
        yield f"key_points.{number}", point.text
    for number, follow_up in enumerate(entry.follow_ups):
        yield f"follow_ups.{number}", follow_up.text
    for number, hint in enumerate(entry.hints):
        yield f"hints.{number}", hint
    for number, mistake in enumerate(entry.misconceptions):
        yield f"misconceptions.{number}.claim", mistake.claim
        yield f"misconceptions.{number}.correction", mistake.correction
    if entry.dated:
        yield "dated", entry.dated


def _check_languages(placed: PlacedEntry) -> Iterable[Problem]:
    for field, text in texts_of(placed.entry):
        if not _HAN.search(text.zh):
            yield placed.problem(f"{field}.zh", "no Chinese character", "Write it in Chinese.")
        if len(_HAN.findall(text.en)) > _HAN_IN_ENGLISH * len(text.en):
            yield placed.problem(f"{field}.en", "Chinese characters in the English text", "Write it in English.")


def _check_answer(placed: PlacedEntry) -> Iterable[Problem]:
    answer = placed.entry.answer
    words, characters = english_words(answer.en), chinese_characters(answer.zh)
    for field, size, (least, most), unit in (
        ("answer.en", words, _ANSWER_WORDS, "words"),
        ("answer.zh", characters, _ANSWER_CHARACTERS, "characters"),
    ):
        if not least <= size <= most:
            step = "Shorten it." if size > most else "Say more, or merge the entry into another."
            yield placed.problem(field, f"expected {least}-{most} {unit}, found {size}", step)
    ratio = characters / max(1, words)
    if not _LENGTH_RATIO[0] <= ratio <= _LENGTH_RATIO[1]:
        low, high = _LENGTH_RATIO
        told = f"expected {low:g}-{high:g} Chinese characters per English word, found {ratio:.2f}"
        yield placed.problem("answer", told, "Say the same in both languages.")
    for language in LANGUAGES:
        if re.search(r"^ {0,3}#{1,6} ", _without_code(answer.in_language(language)), re.MULTILINE):
            yield placed.problem(f"answer.{language}", "a heading (#)", "Use **bold** words to begin a paragraph.")


def _check_numbers_match(placed: PlacedEntry) -> Iterable[Problem]:
    for field, text in texts_of(placed.entry):
        if field.startswith(("follow_ups", "hints")):
            continue  # written freely: what they say is in the key points
        zh_only, en_only = unmatched_numbers(text)
        for language, numbers in (("zh", zh_only), ("en", en_only)):
            if numbers:
                told = f"{', '.join(numbers)} stands here and not in the other language"
                yield placed.problem(f"{field}.{language}", told, "Give the same numbers in both languages.")


def _check_key_points(placed: PlacedEntry) -> Iterable[Problem]:
    least, most = _KEY_POINT_WORDS
    for number, point in enumerate(placed.entry.key_points):
        for language in LANGUAGES:
            field, text = f"key_points.{number}.{language}", point.text.in_language(language)
            if not text.endswith(_ENDS[language]):
                mark = _ENDS[language][0]
                yield placed.problem(field, f"expected a sentence that ends with {mark}", "State it in one sentence.")
            if re.search(r"^#|\*\*|\n", text):
                yield placed.problem(field, "a heading, bold text or several lines", "State it in one plain sentence.")
        words = english_words(point.text.en)
        if not least <= words <= most:
            told = f"expected {least}-{most} words, found {words}"
            step = "Split it into two points." if words > most else "Say it as a full sentence."
            yield placed.problem(f"key_points.{number}.en", told, step)


def _check_marks(placed: PlacedEntry) -> Iterable[Problem]:
    fields = {
        f"{field}.{language}": text.in_language(language)
        for field, text in texts_of(placed.entry)
        for language in LANGUAGES
    }
    for field, text in (fields | dict(_asked(placed.entry))).items():
        for slip in unclosed_marks(text):
            yield placed.problem(field, slip, "Close it.")


def _asked(entry: Entry) -> Iterator[tuple[str, str]]:
    """Question and aliases with their fields."""
    for language in LANGUAGES:
        yield f"question.{language}", entry.question.in_language(language)
        for number, alias in enumerate(entry.aliases[language]):
            yield f"aliases.{language}.{number}", alias


def _bare(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).casefold()


def _without_code(text: str) -> str:
    return re.sub(r"^ *```.*?^ *```", "", text, flags=re.DOTALL | re.MULTILINE)
