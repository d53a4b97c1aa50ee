"""Measured on the five texts that the project grew from: what must go is gone, what must stay is there, in whole passages."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from tutor.domain import Document, Passage
from tutor.ingestion.clean import clean_text
from tutor.ingestion.split import PASSAGE_TOKENS, find_title, split_document
from tutor.text.tokens import estimate_tokens


@dataclass(frozen=True)
class Seed:
    prefix: str  # of the file name
    least_dropped: float  # share of the visible characters
    most_dropped: float
    passages: tuple[int, int]
    go: tuple[str, ...]
    stay: tuple[str, ...]


SEEDS = (
    Seed(
        "000", 0.08, 0.12, (12, 15),
        go=("变为0)。:使用", "游刃有余", "二维码", "小伙伴", "保证100%", "更多推荐", "所有评论"),
        stay=("预测第t个词时", "第1到t-1个词", "(B*A),", "子层的输出是LayerNorm(x + Sublayer(x))。", "- 全局视野", "- 融合:", "Add&Norm",
              "| BERT | GPT |", "助力候选人", "Prompt Tuning:", "端到端的预训练"),
    ),
    Seed(
        "001", 0.28, 0.34, (12, 16),
        go=("当前位置", "微学AI", "在这里插入图片", "文章目录", "相关文章", "网站建设", "MAC 终端", "cookie和session", "Ms05002", "毕业设计",
            "PreAuthorize", "LoRA 学习更少", "LeetCode"),
        stay=("SPE 和 RoPE", "1.分组", "Toolkits", "行为克隆", "梯度累积", "SimCLR", "Zero-Stage 3", "PagedAttention技术", "60%-80%", "BN 可能会导致",
              "spm_encode", "机器翻译、文本生成"),
    ),
    Seed(
        "002", 0.30, 0.37, (20, 26),
        go=("iVX", "CCF推荐", "2月前", "试水池", "Oracle", "WebDriver", "PTP", "物联网卡", "量子计算", "golang", "unity", "训练优化技巧", "相关资源"),
        stay=("=softmax(QK^T/√d_k)V", "维度d_k的值", "要选d_k?", "ΔW = BA", "- ZeRO-2:", "- 激活量化", "7B × 2字节", "3.15×10²³", "n_context × n_heads",
              "AdamW优化器需要", "推理显存估算", "- 事实核查机制", "- 偏见测试", "1. 定义:", "承认知识边界", "参考:"),
    ),
    Seed(
        "003", 0.0, 0.02, (6, 12),
        go=("2. def vanilla", "8. return x"),
        stay=("def vanilla_attention(Q, K, V):\n    scores", "    def forward(self, x):\n        return x", "    nn.ReLU()\n)", "], dim=-1).flatten(-2)\n    return",
              "低秩近似", "Adapter 3-5%", "INT4 6-8x", "BatchNorm的统计量", "TVM 可定制", "滑动窗口", "理论深度", "HuggingFace Transformers"),
    ),
    Seed(
        "004", 0.02, 0.07, (11, 14),
        go=("转载请注明", "Like (0)", "meixi", "Previous", "Next 14", "猜你想看", "Leave a Reply", "Please Login"),
        stay=("InfoNCE", "持续学习", "Ring-AllReduce", "Repetition Penalty", "可解释性方法", "绿色AI", "(MLflow, DVC)", "边缘设备", "中美大模型", "门控函数", "白板画图",
              "vLLM、HuggingFace", "llm_interview_note", "开源资料"),
    ),
)  # fmt: skip


def read(folder: Path, seed: Seed) -> str:
    return next(folder.glob(f"{seed.prefix}_*.txt")).read_text(encoding="utf-8")


def passages_of(text: str) -> list[Passage]:
    cleaned = clean_text(text)
    return split_document(Document("file:seed", find_title(cleaned), (), ""), cleaned)


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.prefix)
def test_chrome_goes_and_content_stays(seeds: Path, seed: Seed) -> None:
    text = read(seeds, seed)
    cleaned = clean_text(text)
    assert [part for part in seed.go if part not in text] == []
    assert [part for part in seed.go if part in cleaned] == []
    assert [part for part in seed.stay if part not in cleaned] == []
    dropped = 1 - len("".join(cleaned.split())) / len("".join(text.split()))
    assert seed.least_dropped <= dropped <= seed.most_dropped


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.prefix)
def test_passages_fit_and_carry_their_headings(seeds: Path, seed: Seed) -> None:
    passages = passages_of(read(seeds, seed))
    assert seed.passages[0] <= len(passages) <= seed.passages[1]
    assert all(estimate_tokens(passage.text) <= PASSAGE_TOKENS for passage in passages)
    assert {passage.language for passage in passages} == {"zh"}
    assert sum(not passage.heading_path for passage in passages) <= 1  # the introduction
    assert all(passage.text.startswith(passage.heading_path[-1]) for passage in passages if passage.heading_path)


def test_each_of_the_first_two_texts_gives_twelve_questions_with_answers(seeds: Path) -> None:
    for seed in SEEDS[:2]:
        questions = {passage.heading_path[-1] for passage in passages_of(read(seeds, seed)) if passage.heading_path}
        assert len(questions) == 12


def test_the_third_text_gives_sixteen_questions_and_three_calculations(seeds: Path) -> None:
    passages = passages_of(read(seeds, SEEDS[2]))
    paths = [passage.heading_path for passage in passages]
    assert sum("计算题" in "".join(path) for path in paths) == 3
    groups = {"基础架构类", "训练优化类", "推理部署类", "开放性问题"}
    assert sum(bool(path) and path[0] in groups for path in paths) == 15


def test_the_topic_list_gives_one_passage_for_each_of_ten_groups(seeds: Path) -> None:
    passages = [passage for passage in passages_of(read(seeds, SEEDS[4])) if passage.text.count("\n10. ") == 1]
    assert len(passages) == 10
    assert all(passage.text.count("\n") == 10 for passage in passages)
