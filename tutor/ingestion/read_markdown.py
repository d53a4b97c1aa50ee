"""Markdown -> the same Markdown without front matter, images, badges, link targets and HTML; and its title."""

import re

from tutor.ingestion.fences import shielded
from tutor.ingestion.front_matter import split_front_matter

_H1 = re.compile(r"^#[ \t]+(.+?)[ \t#]*$", re.MULTILINE)
_SETEXT = re.compile(r"^((?![-*+>#|]|\d+[.)])\S[^\n]{0,80})\n(=+|-{3,})[ \t]*$", re.MULTILINE)
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_BADGE = re.compile(r"\[!\[[^\]]*\]\([^)]*\)\]\([^)]*\)")
_IMAGE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"(?<!!)\[([^\]\n]+)\]\((?:<[^>]*>|[^()\s]*(?:\([^()]*\)[^()\s]*)*)(?:\s+\"[^\"]*\")?\)")
_REFERENCE = re.compile(r"^[ ]{0,3}\[[^\]]+\]:[ \t]+\S+.*$", re.MULTILINE)
_TAG = re.compile(
    r"</?(?:a|b|i|em|strong|u|p|br|div|span|center|img|font|details|summary|sub|sup|hr|table|tr|td|th|tbody|thead|ul|ol|li|h[1-6])"
    r"(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_DULL_ALT = re.compile(r"(在这里插入图片描述|图片(描述)?|image|img|alt|\S+\.(png|jpe?g|gif|webp|svg))?", re.IGNORECASE)


def plain_markdown(text: str) -> tuple[str, str]:
    """(Markdown that reads as plain text, title or ""). Code blocks and formulas stay as they are."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    title, text = split_front_matter(text)
    body, unshield = shielded(text)
    body = _SETEXT.sub(lambda match: f"{'#' if match[2][0] == '=' else '##'} {match[1]}", body)
    body = _COMMENT.sub("", body)
    body = _BADGE.sub("", body)
    body = _IMAGE.sub(lambda match: "" if _DULL_ALT.fullmatch(match[1].strip()) else match[1], body)
    body = _LINK.sub(lambda match: match[1], body)
    body = _REFERENCE.sub("", body)
    body = re.sub(r"<br\s*/?>", " ", body)
    body = _TAG.sub("", body)
    heading = _H1.search(body)
    if not title and heading:
        title = heading.group(1).strip()
    return unshield(body), title
