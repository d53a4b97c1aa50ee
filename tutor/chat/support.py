"""Ties each sentence of an answer to the passage sentence that supports it, or says that none does.

The model's own citation marks are never read.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from langchain_core.embeddings import Embeddings

from tutor.domain import Citation, Hit, Passage
from tutor.entailment.place import Place, sure_names
from tutor.entailment.support import Checker, SupportModel
from tutor.text.language import detect_language
from tutor.text.markup import map_prose, put_behind
from tutor.text.terms import terms

_BULLET = re.compile(r"^(?:[-*•]\s+)+")  # a sentence that was an item of a list becomes one of this list
_MARKUP = re.compile(r"[\[\]<>*_`|]+")  # headings come from anybody's documents
_NO_SENTENCE = re.compile(r"\s*(?:\||```|~~~|\$\$)")  # a row, code, a formula: words before it would break it
_SHOWN_HEADINGS = 3
_LONGEST_HEADING = 40  # characters
_MARK = re.compile(r"\s*[\[［【]\s*\d+(?:\s*[,，、]\s*\d+)*\s*[\]］】]")


@dataclass(frozen=True)
class Support:
    """A sentence as it is shown, with the passage sentence that carries it (hit is None where nothing does)."""

    sentence: str
    hit: Hit | None
    evidence: str = ""
    is_hopeless: bool = False  # nothing in the passages comes near it


class Supporter:
    """Checks sentences against the passages an answer to `question` was written from."""

    def __init__(self, embeddings: Embeddings, hits: Sequence[Hit], model: SupportModel, question: str = "") -> None:
        self._hits = hits
        places = [Place(hit.passage.headings) for hit in hits]
        self._checker = Checker(embeddings, [hit.passage.text for hit in hits], model, places)
        self._elsewhere = _elsewhere(question, [hit.passage for hit in hits])

    def check(self, sentence: str) -> Support:
        """The best supporting passage sentence of `sentence`, or none."""
        finding = self._checker.check(sentence)
        if finding is None:
            return Support(sentence, None, is_hopeless=True)
        hit = self._hits[finding.source]
        if finding.is_supported:
            return self._support(sentence, finding.source, finding.evidence)
        # What is said in other words in another language cannot be told from what is not said at all.
        is_comparable = hit.passage.language == detect_language(sentence)
        return Support(sentence, None, is_hopeless=is_comparable and finding.is_hopeless)

    def quotes(self, question: str, count: int) -> list[Support]:
        """The passage sentences nearest to the question, word for word; a title only says the question again."""
        found = [
            self._support(_BULLET.sub("", " ".join(text.split())), source, text)
            for source, text in self._checker.closest(question, count + len(self._hits))
            if text.strip() != self._hits[source].passage.title.strip()
        ]
        return found[:count]

    def _support(self, sentence: str, source: int, evidence: str) -> Support:
        """The sentence, led by the headings over its passage where neither it nor the question is about these."""
        lead = self._elsewhere.get(source, "")
        passage = self._hits[source].passage
        said = set(terms(sentence))
        is_said = any(words and words <= said for words in (set(terms(h)) for h in passage.heading_path))
        if lead and not is_said and not _NO_SENTENCE.match(sentence):
            mark = _BULLET.match(sentence)
            start = mark.end() if mark else 0
            colon = "：" if detect_language(sentence) == "zh" else ": "
            sentence = f"{sentence[:start]}{lead}{colon}{sentence[start:]}"
        return Support(sentence, self._hits[source], evidence)


def _elsewhere(question: str, passages: Sequence[Passage]) -> dict[int, str]:
    """By number of the passage: where it stands, for those of a document that miss what the question is about.

    That is: its names, and its words in the headings of documents, as far as they head anything that was found.
    """
    headings = [set(terms(" ".join((passage.title, *passage.heading_path)))) for passage in passages]
    names = {term for name in sure_names(question) for term in terms(name)}
    about: set[str] = set()
    for passage, held in zip(passages, headings, strict=True):
        about |= held & (set(terms(question)) if passage.part == "text" else names)
    return {
        number: _shown_place(passage)
        for number, (passage, held) in enumerate(zip(passages, headings, strict=True))
        if passage.part == "text" and not about <= held | set(terms(passage.text))
    }


def _shown_place(passage: Passage) -> str:
    """The last headings, or the title; without questions and long lines, which lead no sentence."""
    headings = [
        h for h in passage.heading_path or (passage.title,) if len(h) <= _LONGEST_HEADING and h[-1:] not in "?？"
    ]
    return _MARKUP.sub(" ", " › ".join(headings[-_SHOWN_HEADINGS:])).strip()


def strip_marks(text: str) -> str:
    """Text without the citation marks that a model made up; `x[1]` in code and formulas is none."""
    return map_prose(lambda prose: _MARK.sub("", prose), text)


def quote(question: str, supporter: Supporter, count: int = 3) -> tuple[str, tuple[Citation, ...]]:
    """What the passages themselves say nearest to the question, as a list with marks, and what these refer to."""
    supports = supporter.quotes(question, count)
    cited, citations, _ = cite("\n".join(f"- {support.sentence}" for support in supports), supports)
    return cited, citations


def cite(text: str, supports: Sequence[Support]) -> tuple[str, tuple[Citation, ...], tuple[str, ...]]:
    """(text with [n] after each supported sentence, citations in order of first use, unsupported sentences).

    `supports` are those of the sentences of `text`, in order. One number per passage sentence, so that each number
    opens at the sentence that supports it.
    """
    citations: dict[tuple[str, str], Citation] = {}
    pieces: list[str] = []
    done = 0
    for support in supports:
        start = text.index(support.sentence, done)
        pieces.append(text[done:start])
        done = start + len(support.sentence)
        if support.hit is None:
            pieces.append(support.sentence)
            continue
        key = (support.hit.passage.id, support.evidence)
        if key not in citations:
            citations[key] = cite_hit(len(citations) + 1, support.hit, support.evidence)
        pieces.append(put_behind(support.sentence, f"[{citations[key].number}]"))
        if not text[done : done + 1].isspace():
            pieces.append(" ")  # Chinese has no blank between sentences, a mark has
    unsupported = tuple(support.sentence for support in supports if support.hit is None)
    return "".join([*pieces, text[done:]]).rstrip(" "), tuple(citations.values()), unsupported


def cite_hit(number: int, hit: Hit, sentence: str) -> Citation:
    """A citation of a passage that was found, opening at `sentence`, with where it was found and what refutes it."""
    return replace(cite_passage(number, hit.passage, sentence, hit.origins), contradictions=hit.contradictions)


def cite_passage(number: int, passage: Passage, sentence: str, origins: tuple[str, ...]) -> Citation:
    """A citation of a passage, opening at `sentence`."""
    return Citation(
        number=number,
        passage_id=passage.id,
        document=passage.document_id,
        entry_id=passage.entry_id,
        title=passage.title,
        text=passage.text,
        sentence=sentence if sentence in passage.text else "",
        heading_path=passage.heading_path,
        origins=origins,
    )
