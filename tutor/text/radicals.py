"""Radicals of the dictionary -> the characters that they look like.

Programs that write PDF name a glyph after the first character that draws it, and fonts for Chinese draw the radical
U+2EE2 and the character U+9A6C (horse) with one glyph. What is copied from such a page looks right and matches nothing.
"""

import unicodedata

_KANGXI = range(0x2F00, 0x2FD6)  # Unicode knows their characters as compatibility forms
# Of U+2E80-2EFF it does not; these are from its EquivalentUnifiedIdeograph.txt (targets of the basic plane).
_SUPPLEMENT = """
    ⺁厂 ⺂乛 ⺃乚 ⺄乙 ⺅亻 ⺆冂 ⺈刀 ⺉刂 ⺊卜 ⺌小 ⺍小 ⺎兀 ⺏尣 ⺐尢 ⺒巳 ⺓幺 ⺔彑 ⺕彐 ⺖忄 ⺗心 ⺘扌 ⺙攵
    ⺛旡 ⺜日 ⺝月 ⺞歺 ⺟母 ⺠民 ⺡氵 ⺢氺 ⺣灬 ⺤爫 ⺥爫 ⺦丬 ⺧牛 ⺨犭 ⺩王 ⺫目 ⺬示 ⺭礻 ⺯糹 ⺰纟 ⺱罓 ⺲罒
    ⺴冗 ⺶羊 ⺹耂 ⺺肀 ⺻聿 ⺼肉 ⺾艹 ⺿艹 ⻀艹 ⻁虎 ⻂衤 ⻃覀 ⻄西 ⻅见 ⻆角 ⻈讠 ⻉贝 ⻋车 ⻌辶 ⻍辶 ⻎辶 ⻏邑
    ⻐钅 ⻑長 ⻒镸 ⻓长 ⻔门 ⻖阝 ⻗雨 ⻘青 ⻙韦 ⻚页 ⻛风 ⻜飞 ⻝食 ⻟飠 ⻠饣 ⻢马 ⻣骨 ⻤鬼 ⻥鱼 ⻦鸟 ⻧卤 ⻨麦
    ⻩黄 ⻪黾 ⻫斉 ⻬齐 ⻭歯 ⻮齿 ⻯竜 ⻰龙 ⻱龜 ⻲亀 ⻳龟
""".split()
_CHARACTERS = str.maketrans(
    {chr(code): unicodedata.normalize("NFKC", chr(code)) for code in _KANGXI}
    | {pair[0]: pair[1] for pair in _SUPPLEMENT}
    | {"\u2f3e": "户"}  # NFKC says the traditional form; fonts for simplified Chinese draw this one
)


def without_radicals(text: str) -> str:
    """The text with ordinary characters in place of radicals; of the same length."""
    return text.translate(_CHARACTERS)
