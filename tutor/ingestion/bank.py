"""A bank entry -> one document with passages in both languages. Knows no files.

Questions are passages of their own, short as a learner's question is short: that is what makes them meet. An answer
starts with its question, so that a piece of it is understood alone. A misconception is never told without saying that
it is wrong, because a passage may be read, and quoted, by itself.
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict

from tutor.bank.schema import GROUPS
from tutor.domain import LANGUAGES, Document, Entry, Language, Passage, PassagePart
from tutor.ingestion.pack import pack_lines
from tutor.ingestion.passages import Draft, build_passages
from tutor.text.tokens import estimate_tokens

PASSAGE_TOKENS = 350
_LABELS: dict[Language, dict[str, str]] = {
    "zh": {"points": "要点：", "wrong": "错误说法：", "right": "正确说法：", "dated": "时效："},
    "en": {"points": "Key points:", "wrong": "Wrong: ", "right": "Right: ", "dated": "Dated: "},
}


def entry_passages(entry: Entry, origin: str = "") -> tuple[Document, list[Passage]]:
    """The document `entry:<id>` and its passages: question, aliases, answer, key points, misconceptions; zh, then en."""
    document = Document(
        id=f"entry:{entry.id}",
        title=f"{entry.question.zh} / {entry.question.en}",
        origins=(origin,) if origin else (),
        sha256=entry_sha256(entry),
        entry_id=entry.id,
    )
    drafts = [draft for language in LANGUAGES for draft in _drafts(entry, language)]
    return document, build_passages(document.id, drafts, entry.id)


def entry_sha256(entry: Entry) -> str:
    """Of the canonical form, so that comments and layout of the bank file do not count."""
    canonical = json.dumps(asdict(entry), ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(canonical.encode()).hexdigest()


def _drafts(entry: Entry, language: Language) -> Iterator[Draft]:
    question = entry.question.in_language(language)
    group = GROUPS[entry.group].in_language(language) if entry.group in GROUPS else entry.group
    labels = _LABELS[language]

    def draft(text: str, part: PassagePart) -> Draft:
        return Draft(text, question, language, (group,), part)

    yield draft(question, "question")
    for alias in entry.aliases.get(language, ()):
        yield draft(alias, "question")
    answer = entry.answer.in_language(language)
    if entry.dated:
        answer += f"\n\n{labels['dated']}{entry.dated.in_language(language)}"
    room = PASSAGE_TOKENS - estimate_tokens(question) - 1
    for piece in pack_lines(answer.split("\n"), room):
        yield draft(f"{question}\n{piece}", "answer")
    points = [f"- {point.text.in_language(language)}" for point in entry.key_points]
    for piece in pack_lines(points, room - 5):
        yield draft(f"{question}\n{labels['points']}\n{piece}", "key_points")
    claims = [
        f"{labels['wrong']}{item.claim.in_language(language)}\n{labels['right']}{item.correction.in_language(language)}"
        for item in entry.misconceptions
    ]
    for piece in _together(claims, room):
        yield draft(f"{question}\n{piece}", "misconceptions")


def _together(claims: list[str], most_tokens: int) -> Iterator[str]:
    """Claims with their corrections, as many as fit; never one without the other."""
    held: list[str] = []
    for claim in claims:
        if held and estimate_tokens("\n\n".join([*held, claim])) > most_tokens:
            yield "\n\n".join(held)
            held = []
        held.append(claim)
    if held:
        yield "\n\n".join(held)
