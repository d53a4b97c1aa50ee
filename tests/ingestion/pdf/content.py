"""Texts for PDFs that real programs write: what a reader should get back is known to the letter.

A text is a list of blocks. `{10^23}` and `{d_k}` are a base with a raised or lowered script; `{*...}` is a compound whose
hyphen is its own. Knows nothing of programs and of readers.
"""

import re
from dataclasses import dataclass

_SCRIPT = re.compile(r"\{([^{}^_*]+)([\^_])([^{}]+)\}")
_COMPOUND = re.compile(r"\{\*([^{}]+)\}")


@dataclass(frozen=True)
class Block:
    """A heading, paragraph, item, table or formula; `kind` is h1, h2, p, li, table or formula."""

    kind: str
    text: str = ""
    rows: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True)
class Content:
    """What stands in a file, in the order of reading."""

    title: str
    language: str
    blocks: tuple[Block, ...]

    def texts(self) -> list[str]:
        """All that is to be read, cell by cell, without marks of this module."""
        found = [self.title]
        for block in self.blocks:
            found += [plain(cell) for row in block.rows for cell in row] or [plain(block.text)]
        return found

    def sentences(self) -> list[str]:
        """Headings, items and sentences; formulas and tables are asked for in their own ways."""
        found = [self.title]
        for block in self.blocks:
            if block.kind in {"h1", "h2", "li", "p"}:
                found += [part for part in re.split(r"(?<=[。！？])|(?<=[.?!])\s+(?=[A-Z])", plain(block.text)) if part]
        return found

    def compounds(self) -> list[str]:
        return [found for block in self.blocks for found in _COMPOUND.findall(block.text)]

    def scripts(self) -> list[str]:
        return [_written(*found) for block in self.blocks for found in _SCRIPT.findall(block.text)]

    def headings(self) -> list[str]:
        return [block.text for block in self.blocks if block.kind in {"h1", "h2"}]

    def items(self) -> list[str]:
        return [plain(block.text) for block in self.blocks if block.kind == "li"]

    def rows(self) -> list[tuple[str, ...]]:
        return [tuple(map(plain, row)) for block in self.blocks for row in block.rows]


def plain(text: str) -> str:
    """The text as a reader should write it: 10^23, d_k, x^{-6}."""
    return _COMPOUND.sub(r"\1", _SCRIPT.sub(lambda match: _written(*match.groups()), text))


def marked(text: str, script: str, compound: str = r"\1") -> str:
    """The text with scripts and compounds in a language of markup; `script` takes the base, the name sup or sub, and what is raised."""

    def one(match: re.Match[str]) -> str:
        return (
            script.replace("BASE", match[1])
            .replace("KIND", "sup" if match[2] == "^" else "sub")
            .replace("RAISED", match[3])
        )

    return _COMPOUND.sub(compound, _SCRIPT.sub(one, text))


def _written(base: str, mark: str, script: str) -> str:
    one_run = re.fullmatch(r"\d+|[A-Za-z]", script)
    return f"{base}{mark}{script}" if one_run else f"{base}{mark}{{{script}}}"


def _read(title: str, language: str, text: str) -> Content:
    """`# ` and `## ` head, `- ` lists, `| ` makes rows, `$ ` a formula; other lines are paragraphs."""
    blocks: list[Block] = []
    kinds = {"# ": "h1", "## ": "h2", "- ": "li", "$ ": "formula"}
    for line in text.strip().split("\n"):
        if line.startswith("|"):
            row = tuple(cell.strip() for cell in line.strip("|").split("|"))
            if blocks and blocks[-1].kind == "table":
                blocks[-1] = Block("table", rows=(*blocks[-1].rows, row))
            else:
                blocks.append(Block("table", rows=(row,)))
        elif line:
            mark = next((mark for mark in kinds if line.startswith(mark)), "")
            blocks.append(Block(kinds.get(mark, "p"), line[len(mark) :]))
    return Content(title, language, tuple(blocks))


PAPER = _read(
    "Small Adapters for Large Models",
    "en",
    """
# Introduction
Fine-tuning every weight of a language model is expensive, because the optimizer keeps two moments for each of them. The most common recipe today is {*low-rank} adaptation, a {*parameter-efficient} way to change behaviour while the pretrained matrices stay frozen. A {*self-attention} block receives two narrow factors beside each projection, and nothing else is trained. Released checkpoints such as {*Llama-3} and {*Qwen-2} ship with such factors for several languages.
The information that a task adds is assumed to have a small intrinsic dimension. When that assumption holds, the update can be represented with remarkably few numbers. Our measurements confirm this for classification, summarization and translation. They do not confirm it for memorization of unfamiliar facts, where the required rank grows with the quantity of new material.
# Method
## Parameterization
Let the frozen matrix be W and let its update be the product of B and A. The input passes through A first, which reduces its dimensionality to the rank. Afterwards B restores the original width, so that both branches can simply be added. Initialization matters: B starts at zero, therefore the adapted network begins exactly where pretraining ended.
$ h = W x + \\frac{\\alpha}{r} B A x
A scaling constant keeps the magnitude of the update comparable between different ranks. Without it, the learning rate would have to be retuned whenever the rank changes. We follow the convention that divides the constant by the rank.
## Compute budget
Training consumed {10^23} floating point operations in the largest configuration. The hidden size was {2^12} and each head had a width written as {d_k} in the usual notation. The peak learning rate was {10^-4} and decayed to a tenth of that value. Gradients were accumulated over sixteen micro-batches, since the accelerator memory did not allow larger ones.
# Results
The table lists the share of trained parameters beside the accuracy that was reached.
| Method | Trained | Accuracy |
| Full tuning | 100 % | 88.1 |
| Prefix tokens | 0.1 % | 85.4 |
| Rank eight | 0.3 % | 87.9 |
Three observations are worth mentioning.
- Quality saturates at a surprisingly small rank
- Adapting attention alone is nearly sufficient
- Merging the factors removes every inference cost
The difference between full tuning and rank eight lies within the standard deviation of five repetitions. Prefix tokens occupy positions of the context window, which becomes noticeable in applications with long documents. Practitioners should consequently prefer factors whenever the serving infrastructure can merge them.
# Limitations
Several adapters cannot be merged simultaneously when a batch mixes customers. Specialized kernels gather the correct factors for every request, at the price of additional engineering. Quantized base weights complicate merging even further, because rounding destroys part of the update. We leave a systematic investigation to future work.
# Conclusion
Narrow factors are a dependable default for adaptation. Their remaining weaknesses concern memorization and heterogeneous serving rather than accuracy on ordinary benchmarks.
""",
)
NOTES_ZH = _read(
    "大模型推理优化笔记",
    "zh",
    """
# 一、键值缓存
自回归解码每一步只产生一个词元，却要用到前面所有位置的键和值。把它们保存下来就不必重复计算，这就是键值缓存的由来。缓存的大小与层数、头数、序列长度成正比，长上下文时往往比权重还占显存。
马尔可夫性质在这里并不成立，因为注意力可以看到任意远的历史。工程上常见的做法是把缓存切成固定大小的块，按需分配，避免预留最大长度造成的浪费。
# 二、批处理
## 静态批处理
静态批处理要等最慢的请求结束才能接纳新的请求，短请求因此被白白拖住。页面大小、车辆调度这些类比都说明同一个问题：资源被占着却没有用。
## 连续批处理
连续批处理在每个解码步都检查有没有请求完成，完成的立刻让位。这样吞吐量可以提高数倍，而首词延迟几乎不变。
下表比较了几种方案的吞吐量。
| 方案 | 吞吐量 | 首词延迟 |
| 静态批处理 | 1 倍 | 820 毫秒 |
| 连续批处理 | 4 倍 | 310 毫秒 |
| 分离预填充 | 5 倍 | 240 毫秒 |
# 三、量化
量化把权重从十六位降到八位甚至四位，显存减半再减半。激活值中的离群点是主要困难，通常的办法是把难度从激活转移到权重上。
常见的注意事项如下。
- 校准数据要与线上分布一致
- 离群通道单独保留高精度
- 键值缓存也可以量化
训练时用了 {10^23} 次浮点运算，隐藏维度是 {2^12}，每个头的宽度记作 {d_k}，峰值学习率为 {10^-4}。
# 四、投机解码
小模型先草拟若干词元，大模型一次前向就能核对全部。接受率越高，加速越明显；如果任务很难猜，反而得不偿失。批量较大时算力已经饱和，验证不再是免费的午餐。
# 五、总结
先看瓶颈在带宽还是算力，再决定用哪一种办法。面试时把这条线索讲清楚，比罗列名词更有说服力。
""",
)
SLIDES = _read(
    "Alignment for interviews",
    "en",
    """
# What does RLHF optimise?
- Collect comparisons of two answers
- Fit a reward model to the comparisons
- Optimise the policy with PPO
# Why is there a KL penalty?
- It keeps the policy close to the reference
- It prevents reward hacking
# What does DPO leave out?
- No separate reward model is trained
- The log ratio of policy and reference is the reward
# When is GRPO preferred?
- The advantage comes from a group of answers
- No value network has to be stored
""",
)
SLIDES_ZH = _read(
    "对齐算法速览",
    "zh",
    """
# 强化学习对齐的三个阶段
- 收集人类对两个回答的偏好
- 用偏好数据训练奖励模型
- 用近端策略优化更新策略
# 为什么需要散度惩罚
- 让策略不要偏离参考模型
- 防止钻奖励模型的空子
# 直接偏好优化省去了什么
- 不再单独训练奖励模型
- 隐式奖励是两个模型的对数比
# 组相对策略优化何时更合适
- 优势来自同一问题的一组回答
- 不需要保存价值网络
""",
)
RESUME = _read(
    "Robin Sample",
    "en",
    """
# Experience
## Language model engineer, Example Labs
Built the serving stack for a chat product with two million users. Cut the median latency from 900 to 350 milliseconds by continuous batching.
- Designed the evaluation of retrieval with hard negatives
- Trained rerankers on clicks and {*hand-labelled} pairs
## Research intern, Sample Institute
Studied {*mixture-of-experts} routing under load. Published an open replication with all logs.
# Education
Master of Science in computational linguistics. Thesis on calibration of large classifiers.
# Skills
- Python, CUDA, distributed training
- Retrieval, evaluation, data quality
""",
)
RESUME_ZH = _read(
    "张同学",
    "zh",
    """
# 工作经历
## 大模型算法工程师，示例科技
负责问答产品的检索增强链路，线上日均请求三百万次。用混合检索与重排把首条命中率从七成提高到九成。
- 设计难负例挖掘流程
- 上线引用核验，减少无依据的回答
## 算法实习生，样例研究院
复现混合专家模型的负载均衡损失，整理了全部实验日志。
# 教育背景
计算语言学硕士，论文研究大模型的置信度校准。
# 专业技能
- 熟悉注意力机制、位置编码与长度外推
- 熟悉分布式训练与混合精度
""",
)
TABLES = _read(
    "Memory of Training",
    "en",
    """
# Bytes for each parameter
Mixed precision keeps a master copy of the weights beside the half precision one.
| State | Precision | Bytes |
| Weights | bfloat16 | 2 |
| Gradients | bfloat16 | 2 |
| Master weights | float32 | 4 |
| First moment | float32 | 4 |
| Second moment | float32 | 4 |
# Who shards what
Each stage of sharding removes one more copy from every device.
| Stage | Optimizer | Gradients | Weights |
| Zero | kept | kept | kept |
| One | sharded | kept | kept |
| Two | sharded | sharded | kept |
| Three | sharded | sharded | sharded |
The last stage pays for its savings with additional communication.
""",
)
TABLES_ZH = _read(
    "训练显存对照表",
    "zh",
    """
# 每个参数占多少字节
混合精度训练在半精度权重之外还保存一份主权重。
| 状态 | 精度 | 字节 |
| 权重 | 半精度 | 2 |
| 梯度 | 半精度 | 2 |
| 主权重 | 单精度 | 4 |
| 一阶动量 | 单精度 | 4 |
| 二阶动量 | 单精度 | 4 |
# 分片策略
每提高一个阶段，每张卡就少存一份副本。
| 阶段 | 优化器 | 梯度 | 权重 |
| 一 | 分片 | 保留 | 保留 |
| 二 | 分片 | 分片 | 保留 |
| 三 | 分片 | 分片 | 分片 |
最后一个阶段用额外的通信换来显存。
""",
)
