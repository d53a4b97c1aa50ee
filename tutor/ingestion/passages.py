"""Drafts of passages -> passages with their place and their stable ids. Knows nothing of where the texts come from."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from tutor.domain import Language, Passage, PassagePart


@dataclass(frozen=True)
class Draft:
    """A passage that has no id and no place yet."""

    text: str
    title: str
    language: Language
    heading_path: tuple[str, ...] = ()
    part: PassagePart = "text"


def build_passages(document_id: str, drafts: Iterable[Draft], entry_id: str | None = None) -> list[Passage]:
    """Passages in the order of the drafts.

    An id stands for all that is stored with the text (an index that knows the id need not look again), but not for the
    place: moving a paragraph does not change it. The same draft twice in a document gets two ids.
    """
    seen: Counter[str] = Counter()
    passages: list[Passage] = []
    for ordinal, draft in enumerate(drafts):
        content = [document_id, draft.part, draft.language, draft.title, draft.heading_path, draft.text]
        key = json.dumps(content, ensure_ascii=False)
        seen[key] += 1
        digest = hashlib.sha256(f"{key}#{seen[key]}".encode()).hexdigest()
        passages.append(
            Passage(
                id=digest[:32],
                document_id=document_id,
                text=draft.text,
                ordinal=ordinal,
                title=draft.title,
                language=draft.language,
                heading_path=draft.heading_path,
                entry_id=entry_id,
                part=draft.part,
            )
        )
    return passages
