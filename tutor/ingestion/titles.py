"""Titles that a file tells of itself: those of its author, not those that programs put there. Knows no format."""

import re

_LONGEST = 150  # characters; more is a text that a program took for a title
_OF_PROGRAM = re.compile(
    r"(?:untitled|无标题|未命名|microsoft word|powerpoint).*|(?:word document|slide|幻灯片|文档|document|演示文稿|presentation)\s*\d*"
    r"|.*\.(?:docx?|pptx?|xlsx?|pdf|tex|indd|html?|od[tps])",
    re.I,
)


def title_of_author(told: str) -> str:
    """The title on one line; "" where a program has written its own name or that of a file."""
    text = " ".join(told.split())
    return "" if len(text) > _LONGEST or _OF_PROGRAM.fullmatch(text) else text
