"""Embedder and reranker over sentence-transformers, imported only when one is configured (it brings torch)."""

from pathlib import Path

from sentence_transformers import CrossEncoder, SentenceTransformer

from tutor.errors import ModelError
from tutor.models.named import BATCH, SENTENCE_TRANSFORMERS, NamedEmbeddings, is_e5
from tutor.text.spelling import one_spelling

LOAD_ERRORS = (OSError, ValueError, ImportError, KeyError, RuntimeError)


class SentenceEmbeddings(NamedEmbeddings):
    """Any sentence-transformers model by name or path, with the prefixes of e5 where it is one."""

    def __init__(self, name_or_path: str) -> None:
        self.name = SENTENCE_TRANSFORMERS + _stable(name_or_path)
        try:
            self._model = SentenceTransformer(_stable(name_or_path))
        except LOAD_ERRORS as error:
            raise ModelError("models.embeddings_unloadable", name=name_or_path, reason=_said(error)) from error
        self._is_e5 = is_e5(name_or_path)

    def embed_query(self, text: str) -> list[float]:
        text = one_spelling(text)
        if self._is_e5:
            vectors = self._model.encode([f"query: {text}"], normalize_embeddings=True, show_progress_bar=False)
        else:
            vectors = self._model.encode_query([text], normalize_embeddings=True, show_progress_bar=False)
        vector: list[float] = vectors[0].tolist()
        return vector

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        if not texts:
            return []
        texts = [one_spelling(text) for text in texts]
        options = {"batch_size": BATCH, "normalize_embeddings": True, "show_progress_bar": False}
        if self._is_e5:
            vectors = self._model.encode([f"passage: {text}" for text in texts], **options)
        else:
            vectors = self._model.encode_document(texts, **options)
        rows: list[list[float]] = vectors.tolist()
        return rows


class SentenceReranker:
    """A CrossEncoder by name or path."""

    def __init__(self, name_or_path: str) -> None:
        self.name = SENTENCE_TRANSFORMERS + _stable(name_or_path)
        try:
            self._model = CrossEncoder(_stable(name_or_path))
        except LOAD_ERRORS as error:
            raise ModelError("models.reranker_unloadable", name=name_or_path, reason=_said(error)) from error

    def scores(self, query: str, texts: list[str]) -> list[float]:
        if not texts:
            return []
        values = self._model.predict([(query, text) for text in texts], batch_size=BATCH, show_progress_bar=False)
        return [float(value) for value in values]


def _stable(name_or_path: str) -> str:
    """A folder as its absolute path, so that the name does not depend on where the program was started."""
    path = Path(name_or_path).expanduser()
    return str(path.resolve()) if path.is_dir() else name_or_path


def _said(error: Exception) -> str:
    return " ".join(str(error).split())[:300]
