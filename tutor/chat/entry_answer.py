"""The answer to a bank question: the entry's own, with its common mistakes and sources. No model is asked."""

from collections.abc import Sequence

from tutor.chat import phrases
from tutor.chat.support import citation
from tutor.domain import Citation, Entry, Hit, Language, Passage, Source
from tutor.text.sentences import split_sentences


def answer_from_entry(
    entry: Entry, language: Language, passages: Sequence[Passage], origins: tuple[str, ...]
) -> tuple[str, tuple[Citation, ...]]:
    """(text with citation marks, citations). Each paragraph cites the entry's passage that holds it."""
    own = [passage for passage in passages if passage.language == language]
    citations: list[Citation] = []
    blocks = [
        _cited(block, [p for p in own if p.part == "answer"], origins, citations)
        for block in entry.answer.in_language(language).split("\n\n")
    ]
    if entry.dated:
        blocks.append(f"{phrases.DATED.in_language(language)}: {entry.dated.in_language(language)}")
    if entry.misconceptions:
        mistakes = _cited(
            _mistakes(entry, language), [p for p in own if p.part == "misconceptions"], origins, citations
        )
        blocks.append(mistakes)
    blocks.append(_sources(entry.sources, language))
    return "\n\n".join(blocks), tuple(citations)


def _cited(block: str, passages: Sequence[Passage], origins: tuple[str, ...], citations: list[Citation]) -> str:
    sentences = split_sentences(block)
    if not sentences or not passages:
        return block
    holder = max(passages, key=lambda passage: sum(sentence in passage.text for sentence in sentences))
    held = [sentence for sentence in sentences if sentence in holder.text]
    known = [item for item in citations if item.passage_id == holder.id]
    if known:
        number = known[0].number
    else:
        number = len(citations) + 1
        hit = Hit(holder, number, 1.0, 1.0, 0.0, origins)
        citations.append(citation(number, hit, held[0] if held else split_sentences(holder.text)[0]))
    mark = f" [{number}]"
    # A mark inside a table, a formula or a code block would break it.
    return f"{block}\n{mark.strip()}" if block.rstrip().endswith(("|", "$$", "```")) else f"{block}{mark}"


def _mistakes(entry: Entry, language: Language) -> str:
    wrong, right = phrases.WRONG.in_language(language), phrases.RIGHT.in_language(language)
    lines = [
        f"- {wrong} {item.claim.in_language(language)}\n  {right} {item.correction.in_language(language)}"
        for item in entry.misconceptions
    ]
    return f"{phrases.MISTAKES.in_language(language)}\n" + "\n".join(lines)


def _sources(sources: Sequence[Source], language: Language) -> str:
    return f"{phrases.SOURCES.in_language(language)}\n" + "\n".join(f"- {render_source(source)}" for source in sources)


def render_source(source: Source) -> str:
    """Authors (year). Title. Link."""
    year = f" ({source.year})" if source.year else ""
    lead = f"{source.authors}{year}. " if source.authors else (f"{year.strip()} " if year else "")
    link = f" [arXiv:{source.arxiv}](https://arxiv.org/abs/{source.arxiv})" if source.arxiv else ""
    if source.url:
        link += f" <{source.url}>"
    return f"{lead}*{source.title}*.{link}"
