"""What a message is, as far as its words say: a courtesy, or words with the cues by which they lean on what was said.

Chinese and English, typed and spoken. Knows no bank and no earlier message; what leans on what is decided in `leaning`.
"""

import re
from dataclasses import dataclass
from typing import Literal

from tutor.text.language import detect_language, han_count
from tutor.text.terms import terms

Courtesy = Literal["thanks", "greeting", "acknowledgement"]

_I = re.IGNORECASE
_THANKS = re.compile(
    r"谢谢|多谢|感谢|谢了|谢啦|谢|辛苦了|3q|再见|拜拜|\b(?:thanks?(?: you)?|thx|ty(?:sm|vm)?|cheers|(?:much )?appreciated?(?: it)?|(?:good)?bye|cya|you'?re (?:really |so |very )?helpful)\b",
    _I,
)
_GREETING = re.compile(
    r"[你您]好|老师好|大家好|哈[喽啰]|嗨|在吗|在不在|喂|[早晚][上安]?好|[上下中]午好|周[一二三四五六日末]好|早安|打扰[您你]?了?|(?:又|回)来了?|又是我|请多指教|准备好了|能?听(?:得)?到吗|有人吗"
    r"|\b(?:hello|hi|hey|yo|good (?:morning|afternoon|evening)|greetings|anybody there|are you (?:still )?there|testing|i'?m back|what'?s up|how are you|hope you'?re well)\b",
    _I,
)
_ACKNOWLEDGEMENT = re.compile(
    r"好的|好吧|好嘞|好|嗯|哦|噢|行吧|行|可以|明白了?|懂了|知道了|了解|原来如此|(?:原来是?)?这样|收到|没问题|记下了|是的|对|有道理|继续|下一[个题]|👌|👍"
    r"|\b(?:ok(?:ay)?|kk?|got it|i see|noted|fine|right|alright|all right|sure|great|nice|cool|perfect|good|yes|yep|yeah|mhm|hm+|makes sense|understood|go on|continue|ah|if you say so|next|wow|interesting|awesome)\b",
    _I,
)
# What surrounds a courtesy and adds nothing to it.
_AROUND = re.compile(
    r"老师|学长|学姐|师兄|师姐|大佬|亲|非常|十分|太|真的?|那|先|就|吧|啊|呀|呢|啦|了|哈+|嘛|的|我(?:去|再)?(?:记|想|看|试|消化)[一下想看试]*|懂|帮大忙|很有(?:用|帮助)|有用|您|请|请问|现在|又|麻烦|讲得|清楚|我|方便吗|周[一二三四五六日]|今天|方便|哈喽|等等"
    r"|\b(?:so|very|much|a lot|lots|you|for (?:that|this|the help|your help|your time|today)|that'?s?|it|was|is|helpful|help(?:s|ed)?|um+|uh+|oh|ah|well|and|i'?ll|let me|think(?: about it)?|again|then|there|all|now|this|really|man|mate|please|clear|i|hope|well|are|today|your?|time|got|works?|fits?|more|one|bit|guys?|sir|everyone|folks|dear)\b"
    r"|[\s\W_]",
    _I,
)
_ADDRESS = re.compile(r"^[\s\W]*(?:你|您|能|are you|can you (?:hear|help)|is (?:any|some)body|how are you)", _I)
_QUESTION = re.compile(
    r"什么|啥|怎么|如何|咋|多少|哪|吗|是不是|能不能|会不会|要不要|有没有|多久|多大|区别|差别|凭"
    r"|\b(?:what(?:'?s)?|how(?:'?s)?|why|which|who|where(?:'?s)?|when|tell me|explain)\b"
    r"|(?:^|[,.] )(?:is|are|does|do|did|can|could|should|would|will|isn'?t|doesn'?t|don'?t|aren'?t|can'?t|couldn'?t)\b",
    _I,
)
# Sounds of speech; they neither name nor point.
_FILLER = re.compile(
    r"\b(?:um+|uh+|huh|you know|i mean|okay|ok|yeah|so so|and and|the the|sorry|hmm?|eh|well|wait|oh|hey|alright|no"
    r"|like(?= how| do| a\b))\b[,.]?|[呃嗯诶哎哦]|哎呀|不好意思|就是说|就是(?=个|[，,呢]|$)|然后(?=然后)"
    r"|(?:那个)+(?=那个|什么|它|我|你|师傅|自|安|向|张)",
    _I,
)
_STUTTER = re.compile(r"\b(\w+(?: \w+)?) \1\b", _I)
_OPENING = re.compile(
    r"^(?:那么?(?!个|种|些|样|两|一|里)|所以|然后|可是|但是?|而且|不过|再|真的(?:吗|假的)?[？?，,]|其实|还有|我不信|我是说|我说的是"
    r"|(?:and|so|but|then|also|or|really\??|even|still|because|right|i'm back|i meant)\b)[\s,，?？]*",
    _I,
)
_CLOSING = re.compile(
    r"(?:呢|的话|呗|\bthen|\bthough|\binstead|\btoo|, no|也(?:要|会|能|行|不)?[^，]{0,6}吗)\s*[？?。!！.]*\s*$", _I
)
_POINTING = re.compile(
    r"它们?|这(?:个|种|些|样|里|两)?(?!篇|几)|那(?:些|样|两|种)|那个[，,。？?]|里面|其中|其他|其|别的|前者|后者|[前后]面[那这的]?个"
    r"|上面|上述|第[一二三两]步|最后[一那]"
    r"|\b(?:it|its|they|them|their|this|these|those|that|ones?|mine|former|latter|same|both|either|neither|there)\b",
    _I,
)
# "It" and "this" that point at nothing said before.
_EMPTY_POINTING = re.compile(
    r"\bis it (?:true|possible|worth|right|correct) (?:that|to)|[.?] it is, isn'?t it\??|\bthis (?:summer|year|week)\b"
    r"|\bis there (?:a|any)\w*|\bthere (?:is|are)\b|\bthat explains?|这个问题|这种事|那个(?=[^\s，,。？?])|\bmy \w+"
    r"|\bthe thing\b|一下|\byourself\b.*\bthat\b",
    _I,
)
_RETURN = re.compile(
    r"刚才(?=[^，。]*(?:那|这|说|的|讲))|刚刚(?:说|那)|回到|之前[说那的]|^还是(?=\s*[A-Za-z])|还有就是|那个[^，,什]{1,8}[，,]"
    r"|\bagain\b|\b(?:that|the) [\w -]{2,20} thing\b|\bearlier\b|\bback to\b|\bone more thing\b",
    _I,
)
_CHANGE = re.compile(r"^(?:对了|话说|换个(?:话题|问题)|下一(?:个|题)|by the way|btw|next question|new topic)\b", _I)
# What a Chinese sentence without a subject of its own begins with.
_SUBJECTLESS = re.compile(
    r"^(?:为什么|为啥|凭什么|怎么|咋|如何)?(?:就|又|还|都|也|才|只|直接|一般|通常|到底|究竟)*(?:为什么|为啥|怎么|咋)?"
    r"(?:要|不|没|有|能(?!耗|力|量)|可以|会|是|用|换|加|反而|先|一定|必须|需要|应该|得|选|减少|解决|防|证明|发现|评|测|算|做|写"
    r"|设|存|停|取|按|如果|只|除了|去掉|跟|和|与|同|比|每|都|哪|几(?!点)|多|什么时候|啥时候|真|还|干|图什么|折合|低|$)"
)
_LEADING = re.compile(
    r"^(?:why not|why bother|says who|which\b|how (?:many|much|big|large|long|often|far|do (?:you|i|we|people)|would)"
    r"|what (?:about|if|share|does \w+ do)|what'?s the \w+|where|when|who|couldn'?t|can'?t|should i|do i|any\b"
    r"|in (?:all|which|what)|cheapest|best|does (?:that|this|it))",
    _I,
)
_CIRCUMSTANCE_ZH = re.compile(
    r"^(?:用|换成?|换|改成|按|和|跟|与|同|比|如果|要是|要|不|没|只|存|设|在|从|除了|加|拿|把|对)"
)
_CIRCUMSTANCE_EN = re.compile(
    r"^(?:with|without|at|for|in|on|as|vs\.?|versus|to|per|even|by|compared|against|half|if|because)\b", _I
)
_DEFINING = re.compile(
    r"什么是|是什么(?!东西)|是啥|是干(?:嘛|什么|啥)|是怎么(?:做|回事|算)|的?原理|区别是|和.{1,20}(?:区别|不同)"
    r"|\bwhat(?:'?s| is| are)\s+(?:an? |the deal with )?(?!the\b|that|it|this|next|different|better)|\bwhat is it"
    r"|\bwhat does [\w-]+ mean|\bexplain\b|\bhow does [\w -]+ work|\bwhat'?s the \w+ for\b",
    _I,
)
_COMPARING = re.compile(r"更(?!新|换|改)|\bbetter\b|\bfaster\b|\bslower\b|\bcheaper\b|就.{1,5}了[？?]", _I)
_OF_ONESELF = re.compile(r"^(?:我(?!不信|试|不懂|想)|i\b|i'm\b|my\b)|累|好[吵热冷困饿]|^lol\b|^haha|^哈哈", _I)
_QUANTITY = re.compile(
    r"^(?:\d[\d.,]*\s*(?:b|k|m|t|g|gb|tb|bit|bits|卡|块|张|条|位|亿|万|步|%|tokens?|gpus?|layers?)?|(?:int|fp|bf|tf|float)\d+"
    r"|[ah]\d{2,4}|[dkr]=\d+|v\d|batch|top-\d+|tp|pp|dp|ep|chunk|stage|layer|user|card|gpu|[卡张块亿万]|十亿|四|比特|bits?|four|eight|two)$",
    _I,
)
# What is asked of anything: alone, these words ask it of the last subject.
_ASPECT = re.compile(
    r"^(?:公式|代码|实现|缺点|优点|优缺点|好处|坏处|代价|成本|步骤|流程|原理|原因|例子|例如|评测|评估|测评|测|选|选择|用|训练|训|推理"
    r"|区别|差别|差|对比|比|速度|精度|效果|显存|内存|通信|数据|标签|loss|损失|参数|超参|安全|局限|限制|问题|应用|场景|时候|优化|改进|解决"
    r"|省|快|慢|算|防|停|复杂度|秩|维度|大小|电费|size|rank|memory|why|formula|code|implementation|steps?|limits?|downsides?"
    r"|drawbacks?|weakness|weaknesses|pros|cons|advantages?|cost|eval|evaluation|accuracy|speed|security|training|inference|fix|defend|stop|when|bad"
    r"|which|full|data|betas?|complexity|tricks?|metrics?|papers?|use|usage|example|fast|slow|parameters?|params|share|measure"
    r"|number|default|zero)$",
    _I,
)
_MOST_BARE = {"zh": 7, "en": 3}  # characters (a Latin word counts as one) and words of a message that is only a name


@dataclass(frozen=True)
class Words:
    """A message without its fillers, and the cues in it."""

    text: str
    terms: frozenset[str]
    quantities: frozenset[str]  # of the terms
    aspects: frozenset[str]  # of the terms
    length: int  # Chinese characters and Latin words
    is_chinese: bool
    opens: bool  # "and", "那"
    closes: bool  # "then?", "呢？"
    points: bool  # "it", "前者"
    returns: bool  # "刚才那个", "that mixing thing"
    changes: bool  # "对了", "by the way"
    asks: bool
    ends_asking: bool  # with a question mark
    defines: bool  # "what is", "什么是"
    compares: bool  # "better", "更": than what was said
    is_circumstance: bool  # begins as "with ...", "换成 ..."
    is_subjectless: bool
    is_of_oneself: bool  # a remark on the speaker's own day
    is_own_pointing: bool  # "X, how does it work": what it points at is in the message

    @property
    def content(self) -> frozenset[str]:
        """Terms that may name something."""
        return self.terms - self.quantities - self.aspects

    @property
    def is_bare(self) -> bool:
        """As short as a name and nothing asked of it."""
        return not self.asks and self.length <= _MOST_BARE["zh" if self.is_chinese else "en"]

    @property
    def has_cue(self) -> bool:
        return self.opens or self.closes or self.points or self.is_circumstance


def read_courtesy(message: str) -> Courtesy | None:
    """Thanks, a greeting or an acknowledgement that says nothing else; None for anything that may mean more."""
    kinds: tuple[tuple[Courtesy, re.Pattern[str]], ...] = (
        ("thanks", _THANKS),
        ("greeting", _GREETING),
        ("acknowledgement", _ACKNOWLEDGEMENT),
    )
    rest = message.strip().lower()
    found: list[Courtesy] = []
    for kind, pattern in kinds:
        rest, count = pattern.subn(" ", rest)
        if count:
            found.append(kind)
    if not found:
        return None
    left = _AROUND.sub("", rest)
    is_address = found[0] == "greeting" and bool(_ADDRESS.search(rest)) and len(left) <= 8
    is_said_with = found[0] == "thanks" and _only_tells(rest)
    return found[0] if not left or is_address or is_said_with else None


def _only_tells(rest: str) -> bool:
    """Whether what is said beside the thanks asks nothing and names nothing that could be asked for."""
    is_short = han_count(rest) <= 20 and len(rest.split()) <= 10
    asks = _QUESTION.search(rest) or _CLOSING.search(rest) or "?" in rest or "？" in rest
    points = _POINTING.search(rest)
    names = [term for term in terms(rest) if _ASPECT.match(term) or (han_count(rest) and term.isascii())]
    return is_short and not asks and not names and not (points and len(rest.split()) > 3)


def read_words(message: str) -> Words:
    """The message without fillers, with its cues."""
    text = _plain(message)
    core = text
    for _ in range(3):
        core = _OPENING.sub("", core)
    found = frozenset(terms(text)) - {"doe"}  # what search makes of "does"
    is_chinese = detect_language(message) == "zh"
    circumstance = _CIRCUMSTANCE_ZH if is_chinese else _CIRCUMSTANCE_EN
    return Words(
        text=text,
        terms=found,
        quantities=frozenset(term for term in found if _QUANTITY.match(term)),
        aspects=frozenset(term for term in found if _ASPECT.match(term)),
        length=han_count(text) + len(re.findall(r"[A-Za-z0-9.+=%'_-]+", text)),
        is_chinese=is_chinese,
        opens=core != text,
        closes=bool(_CLOSING.search(text)),
        points=bool(_POINTING.search(_EMPTY_POINTING.sub(" ", text))),
        returns=bool(_RETURN.search(message)),
        changes=bool(_CHANGE.search(text)),
        asks=bool(_QUESTION.search(core.rstrip("？? 。.!"))),
        ends_asking=text.rstrip().endswith(("?", "？")),
        defines=bool(_DEFINING.search(text)),
        compares=bool(_COMPARING.search(text)),
        is_circumstance=bool(circumstance.search(core)),
        is_subjectless=bool((_SUBJECTLESS if is_chinese else _LEADING).search(core)),
        is_of_oneself=bool(_OF_ONESELF.search(core)),
        is_own_pointing=bool(re.search(r"^[^，,]{1,14}[，,].*(?:它|\bit\b)|^[\w -]{3,25} what is it", core, _I)),
    )


def _plain(message: str) -> str:
    text = re.sub(r"^[\s,，。.!！]+", "", _FILLER.sub(" ", message))
    return re.sub(r"\s+", " ", _STUTTER.sub(r"\1", text)).strip()
