"""What a picture says: the words of its author, not those of programs and templates. Knows no format."""

import re

_DULL = re.compile(
    r"(?:picture|image|img|photo|graphic|chart|diagram|group|text box|logo|avatar|alt|在这里插入图片描述|图片(?:描述)?|插图|图像|图形|图表|文本框"
    r"|组合|头像)?\s*\d*|.*(?:automatically generated|自动生成|AI-generated).*|.*\.(?:png|jpe?g|gif|webp|svg|bmp|emf|wmf)",
    re.I,
)


def said_of_picture(description: str) -> str:
    """The description on one line; "" where it is a name of a file, a word that a program puts there, or none."""
    text = " ".join(description.split())
    return "" if _DULL.fullmatch(text) else text
