"""How the learner wants it: in one sentence, simpler, with an example, in detail, or two things compared.

Read from the words, Chinese and English. Knows no bank and asks no model.
"""

import re
from dataclasses import dataclass
from typing import Literal

from tutor.domain import Language
from tutor.text.terms import terms

Manner = Literal["one sentence", "simpler", "numbers", "example", "detail", "shorter", "Chinese", "English"]

_I = re.IGNORECASE
_ZH: Language = "zh"
_EN: Language = "en"
_MANNERS: tuple[tuple[Manner, re.Pattern[str]], ...] = (
    (
        "one sentence",
        re.compile(
            r"(?:请|麻烦|能否|能不能|可以)?(?:再)?(?:只)?(?:用|拿)?(?:最多)?(?<![同每另这那某下上])[一1]句话(?:来|地)?(?:解释|说明|概括|总结|介绍|讲讲|说说|说清楚?|回答|讲清楚?)?(?:一下)?(?:吗)?"
            r"|简而言之|简言之|长话短说"
            r"|\b(?:(?:explain|answer|summari[sz]e|describe|put|say|sum)\s+(?:it|this|that)\s+(?:up\s+)?)?(?:in|with|using)\s+(?:just\s+|only\s+)?(?:one|a single|1)\s+(?:short\s+)?sentence\b"
            r"|\bone[- ]sentence\s+(?:summary|answer|explanation|version)(?:\s+of)?\b|\bin a nutshell\b|\btl;?\s?dr\b",
            _I,
        ),
    ),
    (
        "simpler",
        re.compile(
            r"(?:请|麻烦|能否|能不能|可以)?(?:再)?(?:讲|说|解释)?(?:得)?(?:更)?(?:通俗|浅显)(?:易懂)?(?:地|一点|一些|点|些)?(?:解释|说明|讲讲|说说|介绍|讲|说)?(?:一下|一点|点)?(?:吗)?"
            r"|(?:请|能否|能不能|可以)?(?:再)?(?:讲|说|解释)?得?(?:更)?简单(?:一点|一些|点|些)(?:解释|说明|讲讲|说说|介绍|讲|说)?(?:吗)?"
            r"|(?:请)?用?大白话(?:再|来)?(?:解释|说明|讲讲|说说|介绍|讲|说)(?:一下|一遍)?|(?:请)?用?大白话$|说人话"
            r"|(?:给|对|向|面向)?(?:我(?:是|这个|这种)?)?(?:小白|新手|零基础|初学者|外行|门外汉)(?:的我)?(?:解释|说明|讲讲|说说|介绍|讲|说)?(?:一下)?|听不懂|没听懂|没看懂|看不懂"
            r"|\b(?:explain\s+)?(?:it\s+|this\s+|that\s+)?(?:to me\s+)?(?:like|as if|as though)\s+I(?:['’]?m| am| were| was)\s+(?:new(?:\s+to\s+\w+)?|five|5|a beginner|a child|a newcomer)\b"
            r"|\bELI5\b:?|(?:^|(?<=\s))in (?:simple|simpler|plain|easy|layman['’]s)\s+(?:terms|words|English|language)\b(?=[\s?.!]*$)|^in (?:simple|simpler|plain|easy|layman['’]s)\s+(?:terms|words|English|language)\b|\b(?:explain\s+(?:it|this|that)\s+)?(?:more\s+simply|simpler)(?:\s+please)?\b"
            r"|\bfor (?:a\s+)?(?:beginners?|newcomers?|dummies|novices?)\b|\b(?:(?:say|explain|put) (?:it|that|this)(?: again)? )?(?:but )?(?:more slowly|slower)\b|\bI (?:do not|don['’]?t|didn['’]?t) (?:get|understand) (?:it|that|this)\b",
            _I,
        ),
    ),
    (
        "numbers",
        re.compile(
            r"(?:请|麻烦|能否|能不能|可以)?(?:再)?(?:直接|只)?(?:给|要|说|报)(?:我)?(?:一?个|一些|些|出|最后的?|具体的?)*(?:数字|数值|数)(?:就行|就好|吧|吗)?(?![^\s,，。.?？!！])"
            r"|\b(?:please\s+)?(?:just|only|give me|show me)\s+(?:the\s+|some\s+)?(?:final\s+|actual\s+|concrete\s+)?numbers?\b(?:\s+please)?",
            _I,
        ),
    ),
    (
        "example",
        re.compile(
            r"(?:请|麻烦|能否|能不能|可以)?(?:再|并|并且|顺便)?(?:给|举|来|用|带|结合|附)(?:我|上|出)?(?:个|一个|一些|些|几个|一)?(?:具体|实际|真实|简单|数值|计算)?的?(?:例子|实例|示例|栗子)(?![^\s,，。?？!！吗呗吧来说解讲；;])(?:来)?(?:解释|说明|讲讲|说说|讲)?(?:一下)?(?:吗)?"
            r"|(?:请)?举例(?:来)?(?:解释|说明|讲讲|说说)?(?:一下)?|有(?:没有|什么)?(?:具体|实际)?的?例子(?:吗)?"
            r"|\b(?:can|could|would) you give (?:me )?(?:an?|some) (?:\w+\s+)?examples?(?:\s+of\b)?"
            r"|\b(?:please\s+)?(?:(?:explain|show|describe)\s+(?:it|this|that)\s+)?(?:with|using|by|give|show|and give|and show)\s+(?:me\s+)?(?:an?\s+|some\s+)?(?:concrete\s+|worked\s+|simple\s+|numerical\s+)?examples?(?:\s+(?:of|for)\b)?"
            r"|^\s*例子[。.!！?？]*\s*$|\bgive me (?:a |some )?(?:small |simple |concrete )?(?:examples?)(?: with numbers)?|^\s*(?:for example|for instance|an example|examples?|any examples?)(?:\s+please)?\s*[?？.!]*\s*$",
            _I,
        ),
    ),
    (
        "detail",
        re.compile(
            r"(?:请|麻烦|能否|能不能|可以)?(?:再)?(?:说|讲|解释)?得?(?:更)?(?:详细|具体|深入|展开)(?:地|一点|一些|点|些)?(?:解释|说明|描述|介绍|讲解|讲讲|说说|讲|说)(?:一下|一点)?(?:吗)?"
            r"|(?:请|能否|能不能|可以)?(?:再)?(?:说|讲|解释)?得?(?:更)?(?:详细|具体|深入)(?:一点|一些|点|些)(?:吗)?|^\s*(?:请)?(?:详细|展开|完整回答)[。.!！?？]*\s*$"
            r"|\b(?:can|could) you be more (?:concrete|specific)\b|\b(?:in|with)\s+(?:more\s+|full\s+|great(?:er)?\s+|some\s+)?detail\b|\bmore detail(?:s|ed)?(?:\s+please)?\b|\b(?:please\s+)?elaborate(?:\s+on\s+(?:it|this|that))?\b|\bgo deeper\b|\bfull answer\b",
            _I,
        ),
    ),
    (
        "shorter",
        re.compile(
            r"(?:请|麻烦|能否|能不能|可以)?(?:再)?(?:讲|说|写)?(?:得)?(?:更)?(?:简短|短|精简|简洁)(?:一点|一些|点|些)(?:吗)?|太长了?|有点长|^\s*(?:请)?(?:简短|精简|压缩)(?:一下)?[。.!！?？]*\s*$"
            r"|\b(?:make it |a bit |much |say it )?(?:shorter|briefer|more (?:concise|briefly|compact))\b|\btoo long\b|^\s*(?:briefly|be brief)\b|\bshorten (?:it|this|that)\b",
            _I,
        ),
    ),
    (
        "English",
        re.compile(
            r"(?:请|麻烦|能否|能不能|可以)?(?:再)?(?:这个|这段|它)?(?:用|换成|翻译成|翻成|译成)(?:成)?(?:英文|英语)(?:怎么)?(?:来)?(?:回答|解释|说|讲|表达|重复)?(?:一下|一遍)?(?:吗)?|^\s*英文(?:版)?(?:呢)?[。.!！?？]*\s*$"
            r"|\b(?:(?:say|put|explain|answer|repeat|translate) (?:it|this|that) )?(?:(?:in|to|into) english)\b|^\s*english(?:\s+please)?\s*[?？.!]*\s*$",
            _I,
        ),
    ),
    (
        "Chinese",
        re.compile(
            r"(?:请|麻烦|能否|能不能|可以)?(?:再)?(?:这个|这段|它)?(?:用|换成|翻译成|翻成|译成)(?:成)?(?:中文|汉语)(?:怎么)?(?:来)?(?:回答|解释|说|讲|表达|重复)?(?:一下|一遍)?(?:吗)?|翻译一下|^\s*中文(?:版)?(?:呢)?[。.!！?？]*\s*$"
            r"|\b(?:(?:say|put|explain|answer|repeat|translate) (?:it|this|that) )?(?:(?:in|to|into) (?:chinese|mandarin))\b|^\s*chinese(?:\s+please)?\s*[?？.!]*\s*$",
            _I,
        ),
    ),
)
_LEFTOVER = re.compile(r"^[\s,，。.、;；:：!！?？]+|[\s,，、;；:：]+$")
_BARE = re.compile(
    r"\b(?:please|explain|describe|tell|say|give|show|it|that|this|again|and|me|now|can|could|you|ok|okay|thanks?)\b",
    _I,
)

# "My English is poor", "that's too abstract", "the thing you just said": of the speaker or of the answer.
_ASIDE = re.compile(
    r"^[\s呃嗯诶那个]*(?:(?:我|太|有点|有些|这(?!种|类)|你|刚才|不要|别|抱歉|麻烦|行|再|可以)[^A-Za-z]*"
    r"|(?:can you|could you|i\b|i'm|that'?s|this is|it'?s|too\b|sorry|my\b|with numbers).*)$",
    _I,
)
_ASKS = re.compile(r"什么|怎么|多少|区别|\bhow\b|\bwhat\b|\bwhy\b", _I)


@dataclass(frozen=True)
class Request:
    """What is asked about, and how it shall be said."""

    core: str  # the question without the words that say how
    manner: Manner | None = None

    @property
    def language(self) -> Language | None:
        """The language that is asked for."""
        return {"Chinese": _ZH, "English": _EN}.get(self.manner or "")

    @property
    def is_bare(self) -> bool:
        """Only says how, perhaps with a word on the speaker or the answer: the topic is the last one."""
        if self.manner is None:
            return False
        rest = [piece for piece in re.split(r"[,，。.;；!！?？]+", self.core) if terms(_BARE.sub(" ", piece))]
        return all(_ASIDE.match(piece) and not _ASKS.search(piece) for piece in rest)


def read_request(question: str) -> Request:
    """The manner that the words ask for first in the order above; without one the question stays as it is."""
    for manner, pattern in _MANNERS:
        core, found = pattern.subn(" ", question)
        if found:
            return Request(_tidy(core), manner)
    return Request(question.strip())


def _tidy(core: str) -> str:
    core = re.sub(r"[\s,，]+(?=[?？。.!！])", "", re.sub(r"\s{2,}", " ", core).strip())
    return re.sub(r"([?？。.!！])[.。]+$", r"\1", _LEFTOVER.sub("", core))


_END = r"[\s?？。.!！]*$"
_COMPARISONS = tuple(
    re.compile(pattern, _I)
    for pattern in (
        r"^(?:请)?(?:对比|比较)(?:一下|下)?\s*(?P<a>.+?)\s*(?:和|与|跟|同|vs\.?|、)\s*(?P<b>.+?)(?:的(?:异同|优劣|优缺点|区别|差异))?" + _END,
        r"^(?:请问|说说|讲讲|谈谈|解释一下|解释)?\s*(?P<a>.+?)\s*(?:和|与|跟|同|相比|相比于|vs\.?|对比)\s*(?P<b>.+?)\s*(?:之间|两者|二者)?(?:到底|究竟)?(?:有(?:什么|啥|何|哪些)?|的|是什么|在哪)?(?:主要|本质|根本)?的?"
        r"(?:区别|差别|差异|不同|异同|优劣对比|对比|比较)(?:是什么|在哪里?|吗|呢)?" + _END,
        r"^(?:please\s+)?compare\s+(?P<a>.+?)\s+(?:and|with|to|vs\.?|versus|against)\s+(?P<b>.+?)" + _END,
        r"^(?:what(?:'s| is| are)\s+)?(?:the\s+)?(?:main\s+|key\s+|essential\s+)?differences?\s+between\s+(?P<a>.+?)\s+and\s+(?P<b>.+?)" + _END,
        r"^how\s+(?:do|does|is|are)\s+(?P<a>.+?)\s+(?:and\s+(?P<b>.+?)\s+(?:differ|compare)|(?:differ|different)\s+from\s+(?P<c>.+?)|compare\s+(?:with|to)\s+(?P<d>.+?))" + _END,
        r"^(?P<a>.+?)\s+(?:vs\.?|versus)\s+(?P<b>.+?)" + _END,
    )
)  # fmt: skip


def read_comparison(question: str) -> tuple[str, str] | None:
    """The two things that a question sets side by side."""
    for pattern in _COMPARISONS:
        match = pattern.match(question.strip())
        if match:
            groups = match.groupdict()
            other = groups.get("b") or groups.get("c") or groups.get("d") or ""
            return groups["a"].strip(), other.strip()
    return None
