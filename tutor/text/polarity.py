"""Whether two texts that speak of the same thing say the opposite: negation scope and antonyms, Chinese and English.

Knows no models; cues only, their weight is fitted.
"""

import re
from collections.abc import Mapping

from tutor.text.terms import terms
from tutor.text.wording import stem

# Words that look negative and are not.
_HARMLESS = re.compile(
    r"不仅|不但|不只|不光|不同|不过|不断|不论|不管|不妨|不得不|不可或缺|不少|不错|无论|无非|无监督|非线性|非常|非参数|未来|没错|是否|能否|可否|差不多|除非|非凸|非空|无偏"
    r"|\bnot only\b|\bnot just\b|\bno matter\b|\bno doubt\b|\bno\.\s*\d",
    re.IGNORECASE,
)
_NEGATOR = re.compile(
    r"不|没有|没|无法|无需|无须|无|并非|而非|非|未|勿|从不"
    r"|\b(?:not|no|never|none|neither|nor|without|cannot|hardly|instead of|rather than|fails? to|lacks?|unable|skips?|avoids?|omits?)\b|n['’]t\b",
    re.IGNORECASE,
)
# A negation reaches to the end of its clause at most.
_CLAUSE_END = re.compile(
    r"[，,。.；;：:!?！？\n]|而是|但是|但|因为|所以|因此|\b(?:but|because|so|therefore|hence|since|while|whereas)\b",
    re.I,
)

# One axis a line: words of one pole | words of the other. English words match as beginnings of words.
_AXES_TEXT = """
increas* grow* larger bigger greater higher more raise* rise* longer 增加 增大 变大 增长 提高 提升 上升 升高 更大 更多 更高 变高 更长 变长 放大 加大 | decreas* reduc* smaller lower less fewer shrink* shorter drop fall 减少 减小 变小 降低 下降 更小 更少 更低 变低 缩小 更短 变短 缩短
fast* quick* accelerat* speedup 更快 加速 变快 加快 | slow* 更慢 变慢 减慢 拖慢
bidirectional* 双向 | unidirectional* left-to-right 单向 从左到右 自左向右
compute-bound 计算受限 计算瓶颈 算力受限 算力瓶颈 计算密集 | memory-bound bandwidth-bound 访存受限 带宽受限 带宽瓶颈 内存受限 显存带宽 访存密集
before prior 之前 先于 | after 之后 以后
maximi* 最大化 | minimi* 最小化
supervised 有监督 | unsupervised 无监督
freez* frozen fixed 冻结 固定 不变 | trainable updat* 可训练 更新
same identical equal 相同 一样 相等 一致 | different differ* unequal 不同 不一样 不等
always every all 总是 所有 全部 一定 | never none 从不 没有任何
stable 稳定 | unstable 不稳定
overfit* 过拟合 | underfit* 欠拟合
dense 稠密 | sparse 稀疏
static 静态 | dynamic 动态
local 局部 | global 全局
lossless 无损 | lossy 有损
linear* 线性 | quadratic* square* 平方 二次 | exponential* 指数
parallel* concurrent* 并行 | sequential* serial* 串行 逐个 顺序
vanish* 消失 | explod* exploding 爆炸
prefill* 预填充 | decod* 解码
synchronous* 同步 | asynchronous* 异步
deterministic* greedy 确定性 贪心 | random* stochastic* sampl* 随机 采样
mutable 可变 | immutable 不可变
open 开路 断开 disconnected | closed 闭合 connected 连通
correct right true 正确 | incorrect wrong false 错误
positive* 正样本 正相关 正比 | negative* 负样本 负相关 反比
encoder* 编码器 | decoder* 解码器
symmetric* 对称 | asymmetric* 非对称
sufficient* enough 足够 充分 | insufficient* 不足 不够
necessary need* require* 必须 需要 必要 | unnecessary needless 不必 无需 不需要
better improv* 更好 改善 | worse degrad* hurt* 更差 恶化 变差
strong* 更强 变强 | weak* 更弱 变弱
on-policy | off-policy
online 在线 | offline 离线
cheap* 便宜 | expensive 昂贵
"""


def _compile(pole: str) -> re.Pattern[str]:
    alternatives = []
    for word in pole.split():
        if not word.isascii():
            alternatives.append(re.escape(word))
        elif word.endswith("*"):
            alternatives.append(rf"\b{re.escape(word[:-1])}[a-z]*")
        else:
            alternatives.append(rf"\b{re.escape(word)}\b")
    return re.compile("|".join(sorted(alternatives, key=len, reverse=True)), re.IGNORECASE)


_AXES = tuple(tuple(_compile(pole) for pole in line.split("|")) for line in _AXES_TEXT.strip().splitlines())


def read_negation(text: str) -> Mapping[str, bool]:
    """For every term of the text, whether it stands in the scope of a negation (an even number cancels out)."""
    states: dict[str, bool] = {}
    plain = _mask_harmless(text)
    start = 0
    for match in [*_CLAUSE_END.finditer(plain), None]:
        end = match.start() if match else len(text)
        negated = False
        position = start
        for negator in [*_NEGATOR.finditer(plain, start, end), None]:
            stop = negator.start() if negator else end
            for term in terms(text[position:stop]):
                states.setdefault(stem(term), negated)
            if negator:
                negated = not negated
                position = negator.end()
        start = match.end() if match else end
    return states


def _mask_harmless(text: str) -> str:
    return _HARMLESS.sub(lambda match: "□" * len(match.group()), text)


def mismatch(ours: Mapping[str, bool], theirs: Mapping[str, bool]) -> float:
    """Share of the shared terms that one text negates and the other does not, 0..1."""
    shared = ours.keys() & theirs.keys()
    return sum(ours[term] != theirs[term] for term in shared) / len(shared) if shared else 0.0


def read_poles(text: str) -> Mapping[int, frozenset[int]]:
    """For every antonym axis the text touches, the poles it asserts; a negated pole counts as the other one of a pair."""
    found: dict[int, frozenset[int]] = {}
    plain = _mask_harmless(text)
    for number, axis in enumerate(_AXES):
        poles = set()
        for pole, pattern in enumerate(axis):
            for match in pattern.finditer(text):
                poles.add(_turned(pole, len(axis)) if _is_negated_at(plain, match.start()) else pole)
        if poles:
            found[number] = frozenset(poles)
    return found


def clash(ours: Mapping[int, frozenset[int]], theirs: Mapping[int, frozenset[int]]) -> float:
    """Of the axes on which both texts take a clear stand, the share where they stand at different poles, 0..1."""
    clashes = sum(not (ours[axis] & theirs[axis]) for axis in ours.keys() & theirs.keys())
    agreements = sum(ours[axis] == theirs[axis] for axis in ours.keys() & theirs.keys())
    return clashes / (clashes + agreements) if clashes else 0.0


def _turned(pole: int, poles: int) -> int:
    return 1 - pole if poles == 2 else -1 - pole


def _is_negated_at(plain: str, position: int) -> bool:
    """Whether an odd number of negators stands between the clause's beginning and the position."""
    before = plain[:position]
    ends = [match.end() for match in _CLAUSE_END.finditer(before)]
    return len(_NEGATOR.findall(before[ends[-1] if ends else 0 :])) % 2 == 1
