"""A small bank and a grader that follows a script in the attempt itself."""

from collections.abc import Callable, Sequence

from tutor.domain import (
    Bilingual,
    Entry,
    FollowUp,
    Grade,
    KeyPoint,
    KeyPointGrade,
    Misconception,
    RepeatedMisconception,
    Rubric,
    Source,
    Verdict,
)

CREDIT = {"covered": 1.0, "partial": 0.5, "missed": 0.0, "contradicted": 0.0}


def entry(
    name: str,
    *,
    group: str = "inference",
    level: int = 1,
    frequency: str = "medium",
    weights: Sequence[float] = (3, 2, 1),
    probes: Sequence[int] = (0, 1, 2),
    prerequisites: Sequence[str] = (),
    hints: Sequence[str] = (),
) -> Entry:
    """An entry with key points p0, p1, ... of these weights and one follow-up for each number in `probes`."""
    return Entry(
        id=name,
        group=group,
        kind="concept",
        level=level,
        frequency=frequency,  # type: ignore[arg-type]
        question=Bilingual(f"什么是 {name}？", f"What is {name}?"),
        aliases={"zh": (), "en": ()},
        answer=Bilingual(f"{name} 的参考答案。", f"The reference answer of {name}."),
        key_points=tuple(
            KeyPoint(f"p{i}", Bilingual(f"{name} 要点{i}", f"{name} point{i}"), weight)
            for i, weight in enumerate(weights)
        ),
        follow_ups=tuple(
            FollowUp(f"p{i}", Bilingual(f"追问{n}：{name} 要点{i}？", f"Follow-up {n}: {name} point{i}?"))
            for n, i in enumerate(probes)
        ),
        hints=tuple(Bilingual(f"提示：{hint}", f"Hint: {hint}") for hint in hints),
        misconceptions=(
            Misconception(
                f"{name}-wrong", Bilingual(f"{name} 是魔法", f"{name} is magic"), Bilingual("不是", "It is not.")
            ),
        ),
        sources=(Source(title=f"On {name}", authors="A. Author", year=2020, arxiv="2001.00001"),),
        prerequisites=tuple(prerequisites),
    )


class ScriptedGrader:
    """Finds each statement in the attempt word for word: `x` covers it, `half x` partly, `not x` contradicts it."""

    def __init__(self, before: Callable[[Rubric, str], None] | None = None) -> None:
        self.calls: list[tuple[Rubric, str]] = []
        self._before = before

    def __call__(self, rubric: Rubric, attempt: str) -> Grade:
        self.calls.append((rubric, attempt))
        if self._before:
            self._before(rubric, attempt)
        points = []
        for point in rubric.key_points:
            text = point.statement
            verdict = _verdict(text, attempt)
            evidence = text if verdict != "missed" else None
            points.append(KeyPointGrade(text, point.weight, CREDIT[verdict], verdict, evidence, id=point.id))
        total = sum(point.weight for point in points)
        score = 10 * sum(point.weight * CREDIT[point.verdict] for point in points) / total
        repeated = tuple(
            RepeatedMisconception(wrong.claim, wrong.correction, wrong.claim, wrong.id)
            for wrong in rubric.misconceptions
            if wrong.claim in attempt
        )
        band = (max(0.0, score - 1), min(10.0, score + 1))
        return Grade(score, band, tuple(points), repeated, f"feedback {score:.0f}", "scripted-1")


def _verdict(statement: str, attempt: str) -> Verdict:
    if f"not {statement}" in attempt:
        return "contradicted"
    if f"half {statement}" in attempt:
        return "partial"
    return "covered" if statement in attempt else "missed"


def bank(*entries: Entry) -> dict[str, Entry]:
    return {item.id: item for item in entries}
