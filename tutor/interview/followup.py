"""Decides which key point to probe next, from the grades so far. Knows no model and no storage."""

from collections.abc import Mapping, Sequence

from tutor.domain import Entry, FollowUp, Grade, Language, Turn, Verdict

MAX_FOLLOW_UPS = 2
SKIPPED = "skipped"  # the guard of a grade that stands for "the learner passed"

_URGENCY: Mapping[Verdict, int] = {"missed": 0, "contradicted": 0, "partial": 1}
_CREDIT: Mapping[Verdict, int] = {"missed": 0, "contradicted": 0, "partial": 1, "covered": 2}


def next_follow_up(entry: Entry, turns: Sequence[Turn], language: Language) -> FollowUp | None:
    """The follow-up to ask after `turns`: one main question and its follow-ups so far, in order.

    Aims at the heaviest key point that is missed or contradicted, then at the heaviest partial one; among these, points
    not probed yet come first. None when all is covered, two were asked, none is left that was not asked, or the
    learner passed.
    """
    last = turns[-1]
    if last.grade is None or is_skipped(last) or len(turns) > MAX_FOLLOW_UPS:
        return None
    asked = {turn.question for turn in turns}
    probed = {turn.probes for turn in turns}
    verdicts = verdicts_so_far(entry, turns)
    open_points = sorted(
        (point for point in entry.key_points if verdicts.get(point.id, "covered") != "covered"),
        key=lambda point: (_URGENCY[verdicts[point.id]], point.id in probed, -point.weight),
    )
    for point in open_points:
        for follow_up in entry.follow_ups:
            if follow_up.probes == point.id and follow_up.text.in_language(language) not in asked:
                return follow_up
    return None


def verdicts_so_far(entry: Entry, turns: Sequence[Turn]) -> dict[str, Verdict]:
    """Key point id -> verdict after the main question and its follow-ups; a later answer counts unless it is worse."""
    verdicts: dict[str, Verdict] = {}
    for turn in turns:
        if turn.grade is None:
            continue
        found = _by_point(entry, turn.grade) if turn.follow_up_to is None else _probed(turn, turn.grade)
        for point_id, verdict in found.items():
            verdicts[point_id] = better_verdict(verdicts.get(point_id, "missed"), verdict)
    return verdicts


def better_verdict(earlier: Verdict, later: Verdict) -> Verdict:
    """The better of both verdicts, so that a follow-up loses nothing already shown; at equal credit the later, but "missed"
    never replaces "contradicted"."""
    gain = _CREDIT[later] - _CREDIT[earlier]
    return later if gain > 0 or (gain == 0 and later != "missed") else earlier


def is_skipped(turn: Turn) -> bool:
    """Whether the learner passed on the question."""
    return turn.grade is not None and turn.grade.guard == SKIPPED


def _by_point(entry: Entry, grade: Grade) -> dict[str, Verdict]:
    """Key point id -> verdict. A grade of before ids were kept names its key points by their position, if none was added."""
    if all(item.id for item in grade.key_points):
        return {item.id: item.verdict for item in grade.key_points}
    if len(grade.key_points) != len(entry.key_points):
        return {}
    return {point.id: item.verdict for point, item in zip(entry.key_points, grade.key_points, strict=True)}


def _probed(turn: Turn, grade: Grade) -> dict[str, Verdict]:
    return {turn.probes: grade.key_points[0].verdict} if turn.probes and grade.key_points else {}
