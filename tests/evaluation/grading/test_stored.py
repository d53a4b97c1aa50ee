"""What was read once is not read again, not even by another process."""

from pathlib import Path

from langchain_core.embeddings import Embeddings

from tests.fakes import ScriptedStates
from tutor.evaluation.grading.stored import Stored, StoredStates, StoredVectors


def test_a_prompt_is_read_once_and_kept_in_the_file(tmp_path: Path) -> None:
    states = ScriptedStates(lambda prompt: float(len(prompt)))
    first = StoredStates(states, Stored(tmp_path / "states.sqlite"), "m:1")
    read = [list(first.read(*prompt)) for prompt in (("a", ""), ("b", "b"), ("a", ""))]
    assert read == [[1.0], [2.0], [1.0]]
    again = StoredStates(ScriptedStates(ValueError("asked again")), Stored(tmp_path / "states.sqlite"), "m:1")
    assert list(again.read("b", "b")) == [2.0]
    other = StoredStates(ScriptedStates(9.0), Stored(tmp_path / "states.sqlite"), "another:1")
    assert list(other.read("b", "b")) == [9.0]
    assert states.prompts == ["a", "bb"]


class Lengths(Embeddings):
    """A text's vector is its length; remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[list[str]] = []

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        self.asked.append(texts)
        return [[float(len(text)), 0.5] for text in texts]

    def embed_query(self, text: str) -> list[float]:
        return [-float(len(text))]


def test_a_text_is_embedded_once_for_one_embedder(tmp_path: Path) -> None:
    inner, file = Lengths(), tmp_path / "states.sqlite"
    first = StoredVectors(inner, Stored(file), "e")
    assert first.embed_documents(["aa", "b", "aa"]) == [[2.0, 0.5], [1.0, 0.5], [2.0, 0.5]]
    assert first.embed_documents(["b", "ccc"]) == [[1.0, 0.5], [3.0, 0.5]]
    assert StoredVectors(inner, Stored(file), "e").embed_documents(["ccc"]) == [[3.0, 0.5]]
    assert first.embed_query("aa") == [-2.0], "a query has another vector than a document"
    assert inner.asked == [["aa", "b"], ["ccc"]]
    StoredVectors(inner, Stored(file), "another").embed_documents(["b"])
    assert inner.asked[-1] == ["b"]
