"""An attempt that only says "I don't know", in whatever words and with whatever terms, is told from one that says something.

The wordings here are by the hand that wrote the rules, so that they show what is meant and not how much is missed.
"""

import pytest

from tutor.grading.ignorance import is_dont_know

NOTHING = [
    "不太清楚，我没有用过中文 BERT。",
    "不知道，没用过 LangGraph",
    "不知道 LangGraph 是怎么做持久化的。",
    "这题我不会。",
    "LoRA 我没用过，不太了解。",
    "抱歉，KV cache 这块我没接触过。",
    "忘了",
    "完全没听说过 RoPE，能讲讲吗？",
    "说实话，注意力机制我不是很懂，跳过吧。",
    "不记得了，之前看过但是忘了。",
    "ZeRO-3 的通信量我答不上来。",
    "我只听说过这个名字，具体不了解。",
    "没学过，我平时主要做推荐系统。",
    "不清楚梯度检查点为什么能省显存。",
    "想不起来了，下一题吧",
    "呃，这个真的没有头绪……",
    "对 MoE 一无所知。",
    "不好意思，FlashAttention 不熟，没做过。",
    "不懂，请直接教我。",
    "记不清 Adam 和 AdamW 的区别了。",
    "没有用过，所以不知道。",
    "不会",
    "never used it, no idea",
    "I don't know, I have never used Chinese BERT.",
    "No clue, I've never worked with LangGraph.",
    "Sorry, I really don't know how RoPE works.",
    "I'm not familiar with speculative decoding.",
    "I have no experience with ZeRO or DeepSpeed.",
    "Honestly no idea. I mostly work on computer vision.",
    "I've heard of it but I don't remember.",
    "I forgot how the KV cache works.",
    "Not sure, I haven't studied mixture of experts yet.",
    "I can't recall the difference between LoRA and QLoRA.",
    "pass",
    "I don't know, could you explain it?",
    "To be honest, quantization is new to me.",
    "I'd be guessing. Next question please.",
    "I never learned this, sorry.",
    "dunno, haven't read the paper",
    "I'm drawing a blank on PagedAttention.",
    "I couldn't tell you what the reward model does.",
    "We never used RAG at work, so I don't know.",
]

GRADED = [
    "I don't know the exact number, but the cache grows linearly with the context length.",
    "不知道具体数字，但是缓存随上下文长度线性增长。",
    "Not sure, I think softmax saturates when the scores are large.",
    "不太确定，好像是为了防止 softmax 饱和。",
    "I forgot the name, but you freeze the base model and train two small matrices.",
    "名字忘了，就是冻结主模型只训练两个小矩阵。",
    "I don't know because the attention weights already sum to one.",
    "I have never used it, it stores keys and values of earlier tokens.",
    "没用过，它会缓存之前 token 的 K 和 V。",
    "模型不知道未来的词，所以要加掩码。",
    "The model does not know the position of a token without an encoding.",
    "不会增加推理延迟，可以合并回原权重。",
    "It does not remember earlier turns unless they are sent again.",
    "忘记门决定保留多少旧状态，输入门决定写入多少。",
    "The forget gate decides what to keep.",
    "Skip connections let gradients flow past a layer.",
    "Not sure about the details: it shards optimizer states across GPUs.",
    "具体不清楚，应该是把优化器状态切到各张卡上。",
    "不确定，大概是 4 倍。",
    "I don't know maybe it's the learning rate warmup.",
    "Pass the gradients through the sampling step with a straight-through estimator.",
    "No knowledge distillation is needed when the data is large.",
    "Never used in the decoder because future tokens are masked.",
    "我不知道细节，只知道它用低秩矩阵近似权重更新。",
]


@pytest.mark.parametrize("text", NOTHING)
def test_not_knowing_is_heard_in_every_wording_and_with_every_term_around_it(text: str) -> None:
    assert is_dont_know(text)


@pytest.mark.parametrize("text", GRADED)
def test_what_says_something_besides_not_knowing_is_no_such_attempt(text: str) -> None:
    assert not is_dont_know(text)
