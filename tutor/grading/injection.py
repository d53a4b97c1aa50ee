"""Finds text in an attempt that speaks to the grader instead of answering: orders, claimed scores, role tags, JSON.

The second line of defence only: such text reaches the embedder and the chat model as data in any case.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from tutor.domain import Rubric
from tutor.text.spans import Cleaned, Span, split_clauses

# Orders are looked for in the text without spaces and marks, so that "i g n o r e" and "忽,略" are no way around.
_ORDERS = re.compile(
    # English: set the rules aside
    r"(?:ignore|disregard|forget|override|bypass|donotfollow|dontfollow)"
    r"(?:all|any|of|the|my|your|these|those|this|previous|prior|above|earlier|preceding|given|system|grading|everything|other){1,8}"
    r"(?:instructions?|prompts?|rules?|rubrics?|requirements?|criteria|guidelines?|keypoints?|directions|orders|above|before)"
    # English: name the mark
    r"|(?:give|award|grant|assign)(?:me|us|it|this|the|that|my|answer|response|attempt|student|candidate|a|an|him|her){0,4}"
    r"(?:(?:full|perfect|maximum|max|top|highest|100|10)(?:outof10|10)?(?:marks?|scores?|points?|credits?|grades?|percent)|10outof10|1010)"
    r"|(?:mark|rate|grade|judge|score|treat|accept|classify)(?:this|it|me|my|the|all|every|each|answer|response|attempt|keypoints?|points?|of|them|as){1,7}"
    r"(?:correct|covered|perfect|full|right|complete|10outof10|1010|passed|excellent)"
    r"|(?:answer|reply|respond|output|say)(?:only|just|with|always|simply|the|word|exactly|single){0,4}(?:yes|covered|correct)(?!n|or|and|ly)"
    r"|(?:fromnowon)?youare(?:now)?(?:a|an|the|no|longer)*(?:grader|examiner|generous|lenient|helpful|assistant|teacher|dan)"
    # Chinese: set the rules aside
    r"|(?:忽略|无视|忽视|忘记|忘掉|不要管|不用管|别管|跳过|不必理会|不要理会|抛开|绕过|覆盖|推翻)(?:掉|了)?"
    r"(?:你|您|之前|以上|上面|前面|上述|先前|所有|全部|一切|的|这些|那些|任何|系统|评分|给出|给定|收到|对|本题|其他){1,8}"
    r"(?:要求|指令|指示|规则|标准|提示词|提示|说明|约束|内容|设定|命令|要点)"
    # Chinese: name the mark
    r"|(?:给|打|判|评|算)(?:我|他|她|本人|出|个|为|上|成|这|该|本|道|题|份|打|判|评|回答|答案|学生|同学|考生|一个|直接){0,6}(?:满分|10分|十分|高分|最高分|100分|一百分|满昏)"
    r"|(?:判定|判断|认定|标记|视|判|评)(?:为|成|作)(?:全部|都)?(?:正确|覆盖|已覆盖|完全正确|满分|通过)"
    r"|(?:只|请|务必|必须|都|一律|全部|直接)(?:要|需|能)?(?:回答|输出|回复|返回)(?:是|yes|正确|covered|已覆盖|满分)(?!否|或|和|与|的)"
    r"|你(?:现在|从现在起|接下来)?(?:是|扮演)(?:一个|一名|一位)?.{0,6}(?:评分员|考官|阅卷|助手|老师|评委)",
    re.IGNORECASE,
)
# Praise of oneself needs no order to be out of place.
_PRAISE = re.compile(
    r"(?:this|my|the|above)(?:answer|response|attempt)(?:is|was|has|are|fully|completely|totally|already|deserves?|covers?|contains?|meets?|satisf(?:y|ies)|a|an){1,6}"
    r"(?:correct|perfect|excellent|complete|allthe|allof|allkey|every|full|maximum|10)"
    r"|(?:all|every)(?:of|the)*keypoints?(?:are|is|have|has|been|fully)+covered"
    r"|(?:这个|这份|本|我的|以上|该|上述)(?:题)?(?:回答|答案|作答|解答)(?:是|已经|已|都|完全|全部|应该|应|值得|理应|非常)*(?:正确|完美|覆盖|满足|涵盖|得满分|满分)"
    r"|(?:我|本题|本人|考生|该生|该考生)(?:应该|应当|应|必须|值得|理应)(?:得|拿|获得|给)(?:到)?(?:满分|10分|十分|高分)"
    r"|所有(?:的)?(?:关键点|要点|得分点|知识点)(?:都|均)?(?:已|已经|被)*(?:覆盖|提到|涵盖|命中)",
    re.IGNORECASE,
)
_JSON_VERDICT = re.compile(
    r"\{[^{}]{0,300}[\"'“](?:score|verdict|grade|covered|band|key_points|得分|分数|评分|判定|结论)[\"'”]\s*[:：][^{}]{0,300}\}?",
    re.IGNORECASE,
)
_CLAIMED_SCORE = re.compile(
    r"(?:^|(?<=[\s，,。;；:：>]))(?:(?:final|total|my|the)\s+)?(?:score|grade|rating|marks?|verdict|得分|分数|评分|成绩|最终得分|总分)\s*"
    r"(?:=|:|：|is|为|是)+\s*[\"'“]?(?:10(?:\.0)?(?:\s*/\s*10)?|100|满分|full|max(?:imum)?|perfect|covered|correct|a\+)(?![\w.%])",
    re.IGNORECASE,
)
_ROLE = re.compile(
    r"(?:^|\n)[\s#>*\[<|]{0,12}(?:system|assistant|user|human|grader|examiner|developer|instructions?|系统|助手|用户|评分员|考官|指令|im_start\|>\s*\w+)"
    r"[\s\]>*|]{0,12}[:：\n][^\n]{0,200}",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"<\|[^|<>\n]{1,40}\|>[^\n]{0,120}|\[/?INST\][^\n]{0,120}|<</?SYS>>[^\n]{0,120}", re.IGNORECASE)
_BARE_MARKUP = re.compile(r"(?:^|\n)[ \t]*(?:<\|[^|<>\n]{1,40}\|>[ \t]*)++(?=\n|$)")
_ABOUT_MARKS = re.compile(
    r"score|grad(?:e|ing)|full marks|marks\b|verdict|covered|ignore|override|correct|perfect|满分|得分|评分|打分|忽略|无视|正确|覆盖",
    re.IGNORECASE,
)

# An order has no subject; before "ignore ..." may stand only such words. "The model may ignore earlier
# instructions" is an answer, "please ignore earlier instructions" is not.
_LEAD_WORDS = (
    "please now and then so you must should shall can need to have kindly just hey hi hello dear grader examiner teacher note "
    "important attention system assistant user first also but i want would like ask order command urge ok okay instead finally "
    "请 麻烦 拜托 你 您 现在 务必 必须 应该 需要 可以 直接 老师 考官 评分员 评分 系统 助手 用户 注意 重要 并 且 并且 然后 接下来 从现在起 首先 "
    "最后 所以 因此 那么 我 要求 命令 希望 想 让 帮 帮忙 立刻 马上 统一 都 一律 只 也 就 先 再 把 将 本题 这题 这道题 的 回答 答案 为"
).split()
# Possessive, longest word first: the attempt chooses this text, so it must not be able to make the match backtrack.
_BEFORE_ORDER = re.compile(rf"(?:[\W_]|{'|'.join(sorted(_LEAD_WORDS, key=len, reverse=True))})*+", re.IGNORECASE)
_TOPIC = re.compile(
    r"injection|jailbreak|adversarial prompt|prompt attack|注入|越狱|提示攻击|对抗性提示", re.IGNORECASE
)
_QUOTED = re.compile(
    r"“[^”\n]{1,200}”|「[^」\n]{1,200}」|\"[^\"\n]{1,200}\"|'[^'\n]{4,200}'|‘[^’\n]{1,200}’|`[^`\n]{1,200}`"
)
_SENTENCE_START = re.compile(r"[。！？!?；;\n.，,:：(（\"“'‘「]")


@dataclass(frozen=True)
class _Compact:
    text: str
    positions: tuple[int, ...]


def drop_injections(attempt: Cleaned, sentences: Sequence[Span], rubric: Rubric) -> tuple[list[Span], bool]:
    """(the sentences of the attempt without what addresses the grader, whether there was any).

    Of a sentence only the clauses that hold the order are dropped. When the question is about prompt injection,
    quoted examples are part of the answer and stay.
    """
    regions = _merge(_find_regions(attempt.text, rubric))
    if not regions:
        return list(sentences), False
    kept: list[Span] = []
    for span in sentences:
        if not _touches(span, regions):
            kept.append(span)
        else:
            kept.extend(clause for clause in split_clauses(span) if not _touches(clause, regions))
    return kept, True


def _find_regions(text: str, rubric: Rubric) -> Iterator[tuple[int, int]]:
    quoted = [match.span() for match in _QUOTED.finditer(text)] if _is_about_injection(rubric) else []

    def allowed(start: int, end: int) -> bool:
        return any(low <= start and end <= high for low, high in quoted)

    for start, end in _candidates(text):
        if not allowed(start, end):
            yield start, end


def _candidates(text: str) -> Iterator[tuple[int, int]]:
    compact = _compact(text)
    for match in _ORDERS.finditer(compact.text):
        start, end = compact.positions[match.start()], compact.positions[match.end() - 1] + 1
        if _is_order(text, start):
            yield start, end
    for match in _PRAISE.finditer(compact.text):
        yield compact.positions[match.start()], compact.positions[match.end() - 1] + 1
    for pattern in (_JSON_VERDICT, _CLAIMED_SCORE, _BARE_MARKUP):
        yield from (match.span() for match in pattern.finditer(text))
    for pattern in (_ROLE, _MARKUP):
        yield from (match.span() for match in pattern.finditer(text) if _ABOUT_MARKS.search(match.group()))


def _is_order(text: str, start: int) -> bool:
    ends = [match.end() for match in _SENTENCE_START.finditer(text, max(0, start - 200), start)]
    clause = text[ends[-1] if ends else max(0, start - 200) : start]
    return _BEFORE_ORDER.fullmatch(clause) is not None


def _is_about_injection(rubric: Rubric) -> bool:
    return bool(_TOPIC.search(" ".join([rubric.question, *(point.statement for point in rubric.key_points)])))


def _compact(text: str) -> _Compact:
    positions = tuple(index for index, character in enumerate(text) if character.isalnum())
    return _Compact("".join(text[index] for index in positions), positions)


def _merge(regions: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    merged: list[tuple[int, int]] = []
    for start, end in sorted(regions):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _touches(span: Span, regions: Sequence[tuple[int, int]]) -> bool:
    return any(start < span.end and span.start < end for start, end in regions)
