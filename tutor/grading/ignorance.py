"""Whether an attempt only says that the learner does not know: every clause of it says so, excuses it or is small talk.

One clause of substance ("I don't know the number, but it grows with the context") and the attempt is graded. Rules only.
"""

import re

from tutor.text.language import han_count

# "but", "I think" and their like begin a clause of their own, with or without a comma before it.
_CLAUSE = re.compile(
    r"[，,。；;：:!！?？\n…~～—()（）、]+|\.(?=\s|$)|\s+[-–]+\s+|但是|但|不过|只是|因为|所以|我猜|我觉得|我认为|估计|应该是|可能是|好像是|大概是|也许|或许"
    r"|\b(?:but|because|so|however|although|though|still|except|since|then|and (?:it|they|you|we)|i (?:think|guess|believe|suppose|would say)|i['’]d (?:say|guess)|my guess|maybe"
    r"|probably|perhaps|something (?:like|about|with))\b",
    re.IGNORECASE,
)
_ENDS = " \t.\"'“”‘’。"
_NUMBER = re.compile(r"\d\s*(?:%|倍|个|层|times|x\b)|[=≈]")
_MAX_CLAUSE = 60  # of Chinese characters, an English word counting as two; whoever says more says something

# What may stand around it without meaning anything.
_SMALL_ZH = (
    r"(?:我|这个|这题|这道题|这块|这方面|这部分|这一?点|这里|题目|问题|抱歉|对不起|不好意思|老师|面试官|真的|真|确实|完全|一点|实在|暂时|可能|大概|好像|答案|之前|以前|目前|平时"
    r"|现在|其实|说实话|坦白说|老实说|从来|一直|呃+|嗯+|啊|还|也|都|了|呢|吧|呀|哈|的|就|很|太|再|先|和|得|对|对于|关于|是|有点|都|这|那|该|具体)*"
)
_NOT_KNOWN_ZH = (
    r"(?:不知道|不清楚|不懂|不了解|不明白|不熟悉?|不太?(?:会|懂|清楚|了解|熟悉?|明白|知道|确定|记得)|不是很(?:懂|清楚|了解|熟悉?|确定|会)|不怎么(?:会|懂|了解|熟悉?)|不确定|不晓得"
    r"|不记得|记不(?:得|清|住|起来)|想不(?:起来|到|出来)|说不(?:上来|出来|清楚?|好)|答不(?:上来|出来|了)|回答不(?:了|上来|出来)|讲不(?:出来|清楚?)"
    r"|没(?:有)?(?:用|学|看|听说?|了解|接触|做|研究|实践|碰|读|写|准备|复习|搞|试|见|关注|深入了解|深入研究|系统学)过?|没(?:有)?(?:什么)?(?:头绪|思路|印象|概念|经验|想法|把握|听说)"
    r"|一无所知|毫无(?:头绪|概念|印象|思路|了解)|一窍不通|忘(?:记|光|干净)?了|忘(?:光|干净)|盲区|零基础|知识空白|一头雾水)"
)
_PASSES_ZH = r"(?:不会(?:做|答|说|写|讲|用|回答|解释|这题|这个|这道题)?|跳过|略过?|过|无|没有?|放弃)"
_ASKS_ZH = (
    r"(?:下一?[题个](?:吧|好吗)?|换一?[题个道](?:题)?(?:吧|好吗)?|请?(?:直接)?(?:教|告诉)(?:教|一下)?我?"
    r"|(?:能|可以|麻烦|请)?(?:你|您)?(?:能|可以)?(?:给我?)?(?:讲讲|讲一?下|提示|解释|介绍|说说|告诉我)(?:一下|一点|下)?(?:答案|吗|吧|好吗)*"
    r"|只(?:是)?(?:听说过|听过|见过|知道)(?:这个|它的)?(?:名字|名词|词|名称)?|名字(?:倒是)?听(?:说)?过|(?:看|学|用|接触|了解)过(?:一点|一些)?|听(?:说)?过(?:这个)?(?:名字|名词|词)?|回去(?:我)?(?:再)?(?:查|学|看|补)(?:一下|资料|习)?|需要(?:查|看)(?:一下)?(?:资料|文档)?)"
)
_BACKGROUND_ZH = (
    r"(?:平时|之前|以前|一直|主要|目前|只|都)+(?:都|只|主要|是)*(?:做|用|搞|负责|接触|学)(?:的|过|的是|的都是|过的是)?"
)
_TALK_ZH = re.compile(rf"{_SMALL_ZH}(?:{_ASKS_ZH}{_SMALL_ZH})?")
_SAYS_SO_ZH = re.compile(rf"{_SMALL_ZH}{_NOT_KNOWN_ZH}.*|{_SMALL_ZH}{_PASSES_ZH}{_SMALL_ZH}")
_AT_THE_END_ZH = re.compile(rf".{{1,24}}?(?:我{_SMALL_ZH}|{_SMALL_ZH})(?:{_NOT_KNOWN_ZH}|不会){_SMALL_ZH}")
_EXCUSES_ZH = re.compile(rf"{_SMALL_ZH}{_BACKGROUND_ZH}.{{0,20}}")

_OFTEN = (
    r"(?:(?:really|honestly|actually|just|still|truly|even|quite|yet|ever|personally|simply|also|at all|certainly|currently|sadly|unfortunately|too|very|at the moment|right now|completely|totally"
    r"|absolutely|exactly|well|that|entirely|100 percent)\s+)*"
)
_OPENS_EN = (
    r"(?:(?:sorry|apologies|i['’]?m sorry|honestly|well|u+h*m*|h+m+|ok|okay|yeah|no|oh|ah|hi|look|to be honest|tbh|frankly|actually|really|i (?:am|['’]?m) afraid|i must (?:admit|say|confess)"
    r"|i (?:have|need) to (?:admit|say)|i admit|i think|that|this is|it is|this one|that one|in all honesty|truthfully|unfortunately|sadly|genuinely|literally|please)\s*)*"
)
_DONE_EN = r"(?:used|worked|heard|seen|tried|touched|studied|learned|learnt|read|looked|played|dealt|come across|encountered|met|built|been|done|got|gotten|had|covered|implemented|understood)"
_NOT_KNOWN_EN = (
    rf"(?:(?:i|we)\s+{_OFTEN}(?:do not|don['’]?t|did not|didn['’]?t|cannot|can not|can['’]?t|couldn['’]?t|could not|wouldn['’]?t|would not|won['’]?t)\s+{_OFTEN}"
    r"(?:know|remember|recall|understand|get|say|tell|answer|explain|think of|have (?:any|a|an|much|the|enough)\b)"
    r"|(?:do not|don['’]?t|dont|can['’]?t|cannot|couldn['’]?t)\s+(?:really\s+|even\s+)?(?:know|remember|recall|understand|say|tell|answer|explain|think of)"
    rf"|(?:i|we)(?:['’]?ve| have)?\s+{_OFTEN}(?:have\s+)?(?:never|not|haven['’]?t|hadn['’]?t)\s+{_OFTEN}{_DONE_EN}"
    rf"|haven['’]?t\s+{_OFTEN}{_DONE_EN}"
    rf"|never\s+{_OFTEN}{_DONE_EN}\b(?!\s+(?:in|by|as|at|for|during)\b)"
    r"|(?:i (?:really |honestly )?have |i['’]?ve |i['’]?ve got |i got |i have got |with )?(?:no|zero|not an?|not the (?:slightest|faintest|foggiest)|absolutely no|no real|little|hardly any)\s+"
    r"(?:ideas?|clue|experience(?! replay)|knowledge(?! distil)|familiarity|memory of)\b"
    rf"|(?:(?:i|we)(?:['’]?m| am)\s+)?{_OFTEN}not\s+{_OFTEN}(?:sure|certain|familiar|aware|able to (?:say|answer|explain|tell)|good at|confident|experienced|comfortable)\b"
    r"|i(?:['’]?m| am) (?:un(?:sure|familiar|aware)|clueless|lost|stuck|blank|stumped|at a loss|drawing a blank)|drawing a blank|my mind (?:is|went|has gone) (?:totally |completely )?blank"
    r"|i(?:['’]?ve| have)?\s*(?:completely |totally |already |just )?(?:forgot(?:ten)?|blanked)|forgot(?:ten)?\b(?!\s+gate)"
    r"|i(?:['’]?d| would| will|['’]?ll)? (?:have|need) to (?:look|read|check|google|learn|study)|i(?:['’]?d| would) (?:only |just )?be guessing|beats me|you got me|dunno|i dunno|idk|no comment"
    r"|i only (?:know|heard|recognise|recognize|remember) (?:of )?(?:the|its) (?:name|term|word|acronym)|only (?:ever )?heard (?:of )?(?:the name|it|of it)|heard of it"
    r"|(?:it|this|that)(?:['’]?s| is) (?:completely |totally |all )?(?:new to me|outside my|beyond me|not my|a blank|a gap|over my head|not something)|(?:that|this) (?:one )?(?:is )?(?:escapes|beats) me"
    r"|i (?:give up|pass|skip)|let(?:['’]?s| us|['’]?s just) (?:skip|move on|pass)|can(?:['’]?t| not) help)"
)
_PASSES_EN = r"(?:please )?(?:pass|skip(?: it| this| that| this one)?|n/?a)"
_SAYS_SO_EN = re.compile(rf"{_OPENS_EN}{_NOT_KNOWN_EN}\b.*|{_OPENS_EN}{_PASSES_EN}", re.IGNORECASE)
_TALK_EN = re.compile(
    rf"{_OPENS_EN}|none|nothing|next(?: one| question)?(?: please)?|thanks?(?: you)?|i(?:['’]?ve| have) (?:heard|read) (?:of|about) (?:it|this|that)"
    r"|(?:can|could|would|will) (?:you|we|i) .{0,40}|(?:please )?(?:teach|tell|explain|give|show|help) (?:it to )?(?:me|us)\b.{0,30}|(?:move|moving) on|what (?:is|was|does) (?:it|that|this)(?: mean)?"
    r"|(?:i|we)(?:['’]?d| would| will|['’]?ll)? (?:like|love|want|have|need) to (?:learn|look|read|know|check|study).{0,40}|i(?:['’]?ll| will) .{0,30}|at all|either|yet|sorry|to be honest",
    re.IGNORECASE,
)
_TOPIC_FIRST_EN = re.compile(
    r".{1,40}?\b(?:is|are|'s) (?:completely |totally )?(?:new to me|a gap for me|beyond me|over my head)", re.I
)
_EXCUSES_EN = re.compile(
    r"(?:i|we) (?:mostly|mainly|usually|only|have only|have always|always|just|['’]?ve only|['’]?ve mostly) (?:ever )?(?:work|worked|use|used|come|did|do|done)\b.{0,40}"
    r"|(?:i|we)(?:['’]?ve| have) only (?:ever )?(?:work|worked|use|used|done|heard)\b.{0,40}|my (?:background|experience) .{0,40}|i (?:come|am|['’]?m) (?:from|new|a beginner|more of).{0,40}|i['’]?m (?:new|a beginner|more of|from).{0,40}",
    re.IGNORECASE,
)


def is_dont_know(text: str) -> bool:
    """Whether the whole text says that the learner does not know, and nothing else; the terms around it do not matter."""
    clauses = [clause for part in _CLAUSE.split(text) if (clause := part.strip(_ENDS))]
    said = [_says_so(clause) for clause in clauses]
    return any(said) and all(
        so or (not _NUMBER.search(clause) and _is_talk(clause)) for so, clause in zip(said, clauses, strict=True)
    )


def _says_so(clause: str) -> bool:
    if han_count(clause) + 2 * len(re.findall(r"[A-Za-z]+", clause)) > _MAX_CLAUSE:
        return False
    if han_count(clause):
        plain = re.sub(r"\s+", "", clause)
        return bool(_SAYS_SO_ZH.fullmatch(plain) or _AT_THE_END_ZH.fullmatch(plain))
    return bool(_SAYS_SO_EN.fullmatch(clause) or _TOPIC_FIRST_EN.fullmatch(clause))


def _is_talk(clause: str) -> bool:
    if han_count(clause):
        plain = re.sub(r"\s+", "", clause)
        return bool(_TALK_ZH.fullmatch(plain) or _EXCUSES_ZH.fullmatch(plain))
    return bool(_TALK_EN.fullmatch(clause) or _EXCUSES_EN.fullmatch(clause))
