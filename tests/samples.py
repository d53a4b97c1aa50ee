"""Small domain objects for tests."""

from tutor.domain import (
    Answer,
    Bilingual,
    Citation,
    Entry,
    FollowUp,
    Hit,
    KeyPoint,
    Misconception,
    Passage,
    Source,
    Timings,
)

# A document of a learner's own.
NOTES = (
    "Speculative decoding lets a small draft model propose tokens that the large model verifies in one pass. "
    "The output distribution stays that of the large model. Measured speedups are 2.5 times."
)


def answer(question: str, *, refused: bool = False, standalone: str = "", text: str = "An answer.") -> Answer:
    return Answer(
        question=question,
        standalone_question=standalone or question,
        text=text,
        language="zh",
        refused=refused,
        citations=(),
        unsupported_sentences=(),
        timings=Timings(1.0, None, 2.0),
    )


def passage(text: str, *, passage_id: str = "p1", title: str = "Notes", entry_id: str | None = None) -> Passage:
    return Passage(passage_id, "doc", text, 0, title, "en", (), entry_id)


def hit(text: str, rank: int = 1, **kwargs: str) -> Hit:
    return Hit(passage(text, **kwargs), rank, 1.0, 0.9, 1.0, ("notes.md",))


def entry(entry_id: str = "kv-cache", group: str = "inference", level: int = 1) -> Entry:
    return Entry(
        id=entry_id,
        group=group,
        kind="concept",
        level=level,
        frequency="high",
        question=Bilingual("KV Cache 的原理是什么？", "How does a KV cache work?"),
        aliases={"zh": ("KV Cache 为啥能加速？",), "en": ("Why does caching keys help?",)},
        answer=Bilingual(
            "KV Cache 保存历史 token 的键和值，避免重复计算。代价是显存随长度线性增长。",
            "A KV cache keeps the keys and values of earlier tokens, so they are not recomputed. Its price is memory that "
            "grows linearly with length.",
        ),
        key_points=(
            KeyPoint("keep", Bilingual("保存历史 token 的键和值。", "It keeps keys and values of earlier tokens."), 2),
            KeyPoint("memory", Bilingual("显存随序列长度线性增长。", "Memory grows linearly with sequence length."), 1),
            KeyPoint("decode", Bilingual("只在自回归解码时有用。", "It helps only in autoregressive decoding."), 1),
        ),
        follow_ups=(
            FollowUp("memory", Bilingual("代价是什么？", "What does it cost?")),
            FollowUp("decode", Bilingual("编码器需要它吗？", "Does an encoder need it?")),
        ),
        hints=(Bilingual("想想重复计算。", "Think of repeated work."),) * 3,
        misconceptions=(
            Misconception(
                "training",
                Bilingual("KV Cache 能加速训练。", "A KV cache speeds up training."),
                Bilingual(
                    "训练时并行计算所有位置，不需要它。", "Training computes all positions in parallel and needs none."
                ),
            ),
        ),
        sources=(Source("Efficient Memory Management for LLM Serving", "Kwon et al.", 2023, "2309.06180"),),
    )


def citation(number: int, text: str, sentence: str) -> Citation:
    return Citation(number, f"p{number}", "doc", None, "Notes", text, sentence, ("Part",), ("/somewhere/notes.md",))
