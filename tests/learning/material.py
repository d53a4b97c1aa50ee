"""What there is to store: an answer, an interview, a grade."""

from tutor.domain import (
    Answer,
    Citation,
    Grade,
    Interview,
    KeyPointGrade,
    Plan,
    RepeatedMisconception,
    Timings,
    Turn,
)

CITATION = Citation(
    number=1,
    passage_id="kv-0",
    document="kv",
    entry_id="kv-cache",
    title="KV cache",
    text="The cache keeps keys and values. It grows with length.",
    sentence="The cache keeps keys and values.",
    heading_path=("Inference", "Memory"),
    origins=("/notes/kv.md",),
)
ANSWER = Answer(
    question="什么是 KV cache？",
    standalone_question="什么是 KV cache？",
    text="它保存键和值 [1]。",
    language="zh",
    refused=False,
    citations=(CITATION,),
    unsupported_sentences=(),
    timings=Timings(evidence_ms=12.5, first_token_ms=None, total_ms=40.0),
    entry_id="kv-cache",
    confidence=0.9,
)
GRADE = Grade(
    score=6.5,
    band=(5.0, 8.0),
    key_points=(KeyPointGrade("Keys and values are kept.", 2.0, 0.9, "covered", "it keeps keys"),),
    misconceptions=(RepeatedMisconception("It speeds up prefill.", "It speeds up decoding.", "prefill is faster"),),
    feedback="Good start.",
    grader_version="1",
)
WAITING = Turn(number=1, entry_id="kv-cache", question="What is a KV cache?", follow_up_to=None, probes=None)


def interview(interview_id: str = "i1", started_at: str = "2026-01-01T09:00:00.000+00:00", *turns: Turn) -> Interview:
    plan = Plan(groups=("inference",), levels=(1, 2), questions=1, language="en", seed=7, entry_ids=("kv-cache",))
    return Interview(interview_id, plan, started_at, turns=turns or (WAITING,))
