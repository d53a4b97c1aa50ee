"""Files that the real programs have written are read whole."""

from pathlib import Path

from tutor.ingestion.load import load_bytes

_DATA = Path(__file__).parent / "data"


def lines(name: str) -> list[str]:
    return [line for line in load_bytes((_DATA / name).read_bytes(), name).text.split("\n") if line.strip()]


def test_word_as_pandoc_writes_it() -> None:
    found = lines("notes-pandoc.docx")
    assert found[:3] == ["# Sample of notes", "# 训练", "## 什么是梯度累积？"]
    assert "总共 10^23 FLOPs，维度 d_{model}。" in found[3]
    assert found[4] == "[1] 等效于更大的批次。"
    assert r"\mathrm{Attention}(Q,K,V) =\mathrm{softmax}\left(\frac{QK^{T}}{\sqrt{d_{k}}} \right) V" in found
    assert (
        r"A=\begin{pmatrix} a & b \\ c & d \end{pmatrix}, f(x) =\begin{cases} x & x>0 \\ 0 & \text{otherwise} \end{cases}"
        in found
    )
    start = found.index("1. First question: what is LoRA?")
    assert found[start : start + 7] == [
        "1. First question: what is LoRA?",
        "It adds a low-rank update.",
        "2. Second",
        "   a. nested one",
        "   b. nested two",
        "- bullet `inline code`",
        "   - deeper",
    ]
    code = found.index("```")
    assert found[code + 1 : code + 5] == ["def f(x):", "    if x > 0:", "        return x", "    return 0"]
    assert found[-1] == "A picture of attention"


def test_word_as_libreoffice_writes_it() -> None:
    assert lines("notes-writer.docx") == [
        "# 推理",
        "1. 什么是连续批处理？",
        "一个请求结束就补进新的请求。",
        "2. 什么是分页？",
        "   - 按块分配显存",
        "   - 块有映射表",
        "H_2O and x^2",
        "| 名 | 值 | 值 |",
        "| --- | --- | --- |",
        "| A | 1 | 2 |",
        "| A | 3 | 4 |",
        "```",
        "a = 1",
        "if a:",
        "    b = 2",
        "```",
    ]


def test_slides_as_pandoc_writes_them() -> None:
    found = lines("slides-pandoc.pptx")
    assert found[:6] == [
        "## 推理系统",
        "## Why paged attention?",
        "- Contiguous caches waste memory",
        "   - by fragmentation",
        "- Cost is $O(n^{2})$ and 10^23 FLOPs",
        "Stop here and ask.",
    ]
    assert found[6:] == [
        "## 比较",
        "| 方法 | 显存 |",
        "| --- | --- |",
        "| LoRA | 低 |",
        "## Two columns",
        "left words",
        "right words",
    ]


def test_a_sheet_of_questions_as_libreoffice_writes_it() -> None:
    found = lines("questions-calc.xlsx")
    assert found == [
        "什么是 MoE？",
        "每个词只走",
        "几个专家。",
        "难度: 0.5",
        "What is top-k routing?",
        "The k best experts, by a gate.",
        "难度: 2",
    ]
