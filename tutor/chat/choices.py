"""Entries as questions to choose from: what is shown where nothing is certain. Knows no retrieval and no model."""

from collections.abc import Iterable, Sequence

from tutor.bank.load import Bank
from tutor.chat.entry_answer import first_sentence
from tutor.domain import Choice, Hit, Language


def choices_of(bank: Bank, entry_ids: Iterable[str], language: Language) -> tuple[Choice, ...]:
    """The entries' questions, each with the first sentence of its answer."""
    entries = [bank.get(entry_id) for entry_id in entry_ids if entry_id in bank]
    return tuple(
        Choice(entry.id, entry.question.in_language(language), first_sentence(entry, language)) for entry in entries
    )


def nearest_choices(bank: Bank, hits: Sequence[Hit], language: Language, count: int) -> tuple[Choice, ...]:
    """The nearest `count` of the entries among the hits."""
    ids = [hit.passage.entry_id for hit in hits if hit.passage.entry_id]
    return choices_of(bank, list(dict.fromkeys(ids))[:count], language)
