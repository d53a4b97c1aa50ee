"""What the learner is told, written from the finished grade by templates in the rubric's language.

Adds no claim and no number of its own: every fact comes from the rubric or the attempt.
"""

import re
from collections.abc import Sequence

from tutor.domain import Bilingual, KeyPointGrade, Language, RepeatedMisconception, Rubric
from tutor.grading import guards
from tutor.text.language import han_count

_QUOTED = 80  # characters of the attempt that are quoted back
_SHOWN = 3  # key points named one by one; more is a list nobody reads
# What is said in half a minute at an unhurried pace: 150 words, 250 characters of Chinese a minute.
_SPOKEN_WORDS, _SPOKEN_HAN = 75, 125

_GUARDS = {
    guards.EMPTY: Bilingual("还没有作答。哪怕只想到一点，也先用一两句话写下来。", "There is no answer yet. Even if you can think of only one point, write it down in a sentence or two."),
    guards.TOO_SHORT: Bilingual("内容太少，没法评分。先用一句话给出结论，再说明理由。", "That is too little to grade. Give the conclusion in one sentence first, then say why."),
    guards.DONT_KNOW: Bilingual("不知道没关系，这题没有评分，先把它学会。", "Not knowing is fine. There was nothing to grade, so here is what to learn."),
    guards.COPIED_QUESTION: Bilingual("这只是把题目重复了一遍，没有回答。试着直接说结论。", "That repeats the question and does not answer it. Start with the conclusion."),
    guards.INJECTION: Bilingual("这段话是写给评分程序的，不是对题目的回答，所以没有得分。", "That speaks to the grader and does not answer the question, so it earns nothing."),
    guards.LANGUAGE: Bilingual("请用中文或英文作答，其他语言目前无法评分。", "Please answer in Chinese or English; other languages cannot be graded yet."),
    guards.GIBBERISH: Bilingual("看不出这段文字的意思，请用完整的句子作答。", "That cannot be read as an answer. Please write full sentences."),
    guards.CODE_ONLY: Bilingual("这里只有代码。这道题要的是解释，请用文字说明它做了什么、为什么。", "There is only code here. The question asks for an explanation, so say in words what it does and why."),
    guards.FORMULA_ONLY: Bilingual("这里只有公式。请说明每个符号的含义，以及为什么是这样。", "There are only formulas here. Say what the symbols mean and why it is so."),
    guards.KEYWORDS: Bilingual("这里只是罗列术语，没有说明它们之间的关系。请用完整的句子讲清楚。", "That lists terms without saying anything about them. Explain in full sentences how they belong together."),
    guards.TAKEN_BACK: Bilingual("这里说的都被你自己否定了，没有留下可以评分的内容。", "You took back all you said here, so nothing is left to grade."),
    guards.OFF_TOPIC: Bilingual("这段回答和题目关系不大。", "That does not answer this question."),
}  # fmt: skip
_SET_ASIDE = {
    guards.INJECTION: Bilingual("另外，答案里写给评分程序的话没有计入，也不影响得分。", "Note: what you wrote to the grader was left out; it does not change the score."),
    guards.COPIED_QUESTION: Bilingual("重复题目的部分没有计入。", "The parts that repeat the question were left out."),
    guards.KEYWORDS: Bilingual("只罗列术语的部分没有计入。", "The bare lists of terms were left out."),
    guards.TAKEN_BACK: Bilingual("你自己否定或改口的说法没有计入。", "What you took back or corrected yourself was left out."),
    guards.COPIED_REFERENCE: Bilingual("这段回答和参考答案几乎一字不差。面试时请换成自己的话来讲。", "This is nearly the reference answer word for word. In an interview, say it in your own words."),
}  # fmt: skip
_ALL_RIGHT = Bilingual("要点都讲到了，回答得很完整。", "You covered every key point; this is a complete answer.")
_RIGHT = Bilingual("讲对了：{points}", "Right: {points}")
_MORE = Bilingual("；另外还有 {count} 点也讲到了。", "; and {count} more.")
_PARTLY = Bilingual("讲到了一部分，还可以说得更清楚：{point}", "Partly there, make it more explicit: {point}")
_MISSING = Bilingual("最值得补上的一点：{point}", "The most valuable point to add: {point}")
_TAUGHT = Bilingual("这道题要讲的是：{points}", "What an answer says: {points}")
_MUCH_MISSING = Bilingual("可以先从这一点讲起：{point}", "Start from this point: {point}")
_WRONG = Bilingual("这里说错了：“{evidence}”。{correction}", 'This is wrong: "{evidence}". {correction}')
_DOUBT = Bilingual(
    "要点基本都提到了，但有些说法读起来像是说反了或说错了，分数因此偏低。请逐句对照要点，确认没有说反。",
    "You touch these points, but some sentences read as if they said the opposite or something wrong, and that lowers the "
    "score. Go through them against the key points.",
)
_STRAYS = Bilingual(
    "这段回答有不少内容看不出和题目有关，分数因此打了折扣。请扣住题目问的内容来讲。",
    "Much of this does not seem to be about the question, and that lowers the score. Keep to what is asked.",
)
_OPPOSITE = Bilingual(
    "这里说反了：“{evidence}”。正确的是：{point}", 'This says the opposite: "{evidence}". Correct is: {point}'
)


def write_feedback(
    rubric: Rubric,
    points: Sequence[KeyPointGrade],
    repeated: Sequence[RepeatedMisconception],
    guard: str | None,
    set_aside: Sequence[str],
    *,
    doubtful: bool = False,
    strays: bool = False,
) -> str:
    """Lines of feedback: what was right, what was wrong and the correction, the most valuable missing point.

    `doubtful` says that the score lies well below what the covered key points are worth, `strays` that it is lower for
    what does not seem to be about the question.
    """
    language = rubric.language
    if guard in _GUARDS:
        lines = [_GUARDS[guard].in_language(language)]
        lines += (
            _taught_lines(points, language)
            if guard == guards.DONT_KNOW
            else _missing_lines(points, _MUCH_MISSING, language)
        )
    else:
        wrong = _wrong_lines(points, repeated, language)
        reason = _STRAYS if strays else _DOUBT if doubtful and not wrong else None
        doubt = [reason.in_language(language)] if reason else []
        lines = [*_right_lines(points, language, praise=not doubt), *doubt, *wrong]
        lines += _missing_lines(points, _MISSING, language)
        if not lines:
            lines = [_ALL_RIGHT.in_language(language)]
    notes = [*set_aside, *([guard] if guard in _SET_ASIDE and guard not in _GUARDS else [])]
    lines += [_SET_ASIDE[note].in_language(language) for note in notes if note != guard or guard not in _GUARDS]
    return "\n".join(lines)


def write_spoken(rubric: Rubric) -> str:
    """How to say it in 30 seconds: the heaviest key points that fit, in the rubric's order; empty for a single one."""
    if len(rubric.key_points) < 2:
        return ""
    chosen: list[int] = []
    left = 1.0
    for number in sorted(range(len(rubric.key_points)), key=lambda number: -rubric.key_points[number].weight):
        share = _spoken_share(rubric.key_points[number].statement)
        if not chosen or share <= left:
            chosen.append(number)
            left -= share
    lines = [_ended(rubric.key_points[number].statement, rubric.language) for number in sorted(chosen)]
    return ("" if rubric.language == "zh" else " ").join(lines)


def _spoken_share(text: str) -> float:
    """Of the half minute."""
    return han_count(text) / _SPOKEN_HAN + len(re.findall(r"[A-Za-z0-9][\w.%-]*", text)) / _SPOKEN_WORDS


def _right_lines(points: Sequence[KeyPointGrade], language: Language, *, praise: bool) -> list[str]:
    covered = sorted((point for point in points if point.verdict == "covered"), key=lambda point: -point.weight)
    if not covered:
        return []
    if praise and len(covered) == len(points):
        return [_ALL_RIGHT.in_language(language)]
    shown = [_bare(point.text) for point in covered[:_SHOWN]]
    joined = ("；" if language == "zh" else "; ").join(shown)
    rest = len(covered) - len(shown)
    ending = _MORE.in_language(language).format(count=rest) if rest else ("。" if language == "zh" else ".")
    return [_RIGHT.in_language(language).format(points=joined) + ending]


def _wrong_lines(
    points: Sequence[KeyPointGrade], repeated: Sequence[RepeatedMisconception], language: Language
) -> list[str]:
    lines = [
        _WRONG.in_language(language).format(evidence=_quote(item.evidence), correction=item.correction.strip())
        for item in repeated
    ]
    told = {item.evidence for item in repeated}
    for point in points:
        if point.verdict == "contradicted" and point.evidence and point.evidence not in told:
            template = _OPPOSITE.in_language(language)
            lines.append(template.format(evidence=_quote(point.evidence), point=_ended(point.text, language)))
    return lines


def _missing_lines(points: Sequence[KeyPointGrade], template: Bilingual, language: Language) -> list[str]:
    """The heaviest missed point, else the heaviest that is only partly there."""
    for verdict, form in (("missed", template), ("partial", _PARTLY)):
        open_points = [point for point in points if point.verdict == verdict]
        if open_points:
            heaviest = max(open_points, key=lambda point: point.weight * (1.0 - point.covered))
            return [form.in_language(language).format(point=_ended(heaviest.text, language))]
    return []


def _taught_lines(points: Sequence[KeyPointGrade], language: Language) -> list[str]:
    """The heaviest key points at once, for whoever knows none of them."""
    heaviest = sorted(points, key=lambda point: -point.weight)[:_SHOWN]
    joined = ("；" if language == "zh" else "; ").join(_bare(point.text) for point in heaviest)
    return [_TAUGHT.in_language(language).format(points=_ended(joined, language))]


def _bare(text: str) -> str:
    return " ".join(text.split()).rstrip("。.;；,，")


def _ended(text: str, language: Language) -> str:
    bare = _bare(text)
    return bare if bare.endswith(("?", "？", "!", "！")) else bare + ("。" if language == "zh" else ".")


def _quote(text: str) -> str:
    plain = " ".join(text.split()).rstrip("。.;；,，")
    return plain if len(plain) <= _QUOTED else plain[: _QUOTED - 1].rstrip() + "…"
