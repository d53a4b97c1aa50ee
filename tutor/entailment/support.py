"""Whether a sentence is supported by a passage, decided by features and a fitted threshold.

The parameters in support.json are fitted by `python -m tutor eval support --write`: the bank's key points must be
supported by their own answer, its circulating mistakes and the key points of other entries must not.
"""

import math
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from langchain_core.embeddings import Embeddings

from tutor.fitted import Logistic, load_fitted, read_logistic
from tutor.text.language import detect_language
from tutor.text.numbers import find_numbers
from tutor.text.reading import Text
from tutor.text.sentences import split_sentences
from tutor.text.terms import terms

_RUN = 3
_VERBATIM = 0.95
_COMPARES = re.compile(
    r"区别|差异|差别|不同|异同|关系|相比|对比|怎么选|各|\b(?:differ\w*|compar\w*|versus|vs|relat\w+|distinguish\w*|each|choose)\b",
    re.I,
)
_LEAST_TERMS = 4
_ENDS = tuple("。！.!；;")
_LIST_NUMBER = re.compile(r"^\s*\d{1,2}[.)、]\s*")
_NAME = re.compile(r"\b(?=\w*[A-Z]|[a-z]+[-.]?\d)[A-Za-z][\w.+-]*\w")
_TOKEN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff]")


@dataclass(frozen=True)
class SupportFeatures:
    """What links a sentence to the passage sentence nearest to it; shares and cosines, no units."""

    similarity: float  # cosine with the nearest passage sentence
    quoted: float  # share of its words and characters in runs of three or more that stand there or next to it


@dataclass(frozen=True)
class Finding:
    """The best passage sentence for a sentence, and how surely it supports it."""

    source: int  # index of the text among those given
    evidence: str  # a substring of that text
    probability: float
    features: SupportFeatures
    numbers_known: bool  # every number of the sentence stands there or in the sentence before or after
    names_known: bool  # every name of the sentence stands there, or is what the text is about
    is_opposed: bool  # one of the two denies what the other says, or they stand at opposite poles
    is_likely: bool  # the probability reaches the fitted threshold
    is_hopeless: bool  # so unlike everything in the texts that it is not worth showing, marked or not

    @property
    def is_grounded(self) -> bool:
        """Nothing in the sentence speaks against its support, however alike the two are."""
        return self.numbers_known and self.names_known and not self.is_opposed

    @property
    def is_supported(self) -> bool:
        """Whether it may be shown as proven."""
        return self.is_grounded and self.is_likely


@dataclass(frozen=True)
class SupportModel:
    """What decides from the features of a sentence."""

    model: Logistic  # supported at its threshold or above
    hopeless_below: float


def load_support_model() -> SupportModel:
    """The fitted model that ships with the program."""
    data = load_fitted("tutor.entailment", "support")
    return SupportModel(read_logistic(data), data["hopeless_below"])


@dataclass(frozen=True)
class _Piece:
    """A sentence of a text that may support something, with its neighbours."""

    source: int
    sentence: Text
    window: str  # the sentence before, itself, the one after


class Checker:
    """Checks sentences against texts, whose sentences are embedded once."""

    def __init__(self, embeddings: Embeddings, texts: Sequence[str], model: SupportModel) -> None:
        self._embeddings = embeddings
        self._model = model
        self._pieces = [piece for number, text in enumerate(texts) for piece in _pieces(number, text)]
        sentences = [piece.sentence.text for piece in self._pieces]
        self._vectors = embeddings.embed_documents(sentences) if sentences else []
        self._terms = [set(terms(sentence)) for sentence in sentences]
        self._runs = [set(_runs(_tokens(piece.window))) for piece in self._pieces]
        self._topics = [_topic(text) for text in texts]

    def check(self, sentence: str) -> Finding | None:
        """None when there is nothing to check against."""
        if not self._pieces:
            return None
        sentence = _LIST_NUMBER.sub("", sentence)
        vector = self._embeddings.embed_documents([sentence])[0]
        similarities = [math.fsum(a * b for a, b in zip(vector, other, strict=True)) for other in self._vectors]
        wanted, tokens = set(terms(sentence)), _tokens(sentence)
        shares = [_share(wanted, held) for held in self._terms]
        quoted = [_quoted_share(tokens, runs) for runs in self._runs]
        best = max(range(len(similarities)), key=lambda i: similarities[i] + 0.1 * shares[i] + 0.1 * quoted[i])
        piece = self._pieces[best]
        features = SupportFeatures(similarities[best], quoted[best])
        probability = self._model.model.probability(asdict(features))
        known = stated_amounts(piece.window)
        numbers_known = all(any(math.isclose(a, b, rel_tol=1e-6) for b in known) for a in stated_amounts(sentence))
        return Finding(
            source=piece.source,
            evidence=piece.sentence.text,
            probability=probability,
            features=features,
            numbers_known=numbers_known,
            names_known=_names(sentence) <= self._terms[best] | self._topics[piece.source],
            is_opposed=features.quoted < _VERBATIM and _is_opposed(piece.sentence, Text(sentence)),
            is_likely=probability >= self._model.model.threshold,
            is_hopeless=probability < self._model.hopeless_below,
        )

    def closest(self, question: str, count: int) -> list[tuple[int, str]]:
        """(index of the text, sentence) of the sentences nearest to a question, best first; headings are left out."""
        if not self._pieces:
            return []
        vector, wanted = self._embeddings.embed_query(question), set(terms(question))
        scored = [
            (math.fsum(a * b for a, b in zip(vector, other, strict=True)) + 0.1 * _share(wanted, held), piece)
            for other, held, piece in zip(self._vectors, self._terms, self._pieces, strict=True)
            if len(held) >= _LEAST_TERMS and piece.sentence.text.endswith(_ENDS)
        ]
        best = sorted(scored, key=lambda pair: -pair[0])[:count]
        return [(piece.source, piece.sentence.text) for _, piece in best]


def _pieces(source: int, text: str) -> list[_Piece]:
    """Questions support nothing, though an entry's passages open with one."""
    sentences = [sentence for sentence in split_sentences(text) if not sentence.endswith(("?", "？"))]
    return [
        _Piece(source, Text(sentence), "\n".join(sentences[max(0, i - 1) : i + 2]))
        for i, sentence in enumerate(sentences)
    ]


def _topic(text: str) -> set[str]:
    """Names in the question that a text opens with; none where it compares, as what is said of one is not said of all."""
    opening = text.split("\n", 1)[0]
    is_topic = opening.endswith(("?", "？")) and not _COMPARES.search(opening)
    return set(terms(opening)) if is_topic else set()


def _is_opposed(evidence: Text, sentence: Text) -> bool:
    return evidence.negation_mismatch(sentence) > 0 or evidence.antonym_mismatch(sentence) > 0


def _names(sentence: str) -> set[str]:
    """Terms that name something: with a capital after the first word, or with a digit among letters."""
    found = _NAME.findall(sentence if detect_language(sentence) == "zh" else sentence.split(" ", 1)[-1])
    return {term for name in found for term in terms(name) if not term.isdigit()}


def stated_amounts(text: str) -> list[float]:
    """Numbers of a text, and multiples and parts in words ("twice", "三倍", "一半") as the factor they mean."""
    amounts = [number.value for number in find_numbers(text)]
    amounts += [value for pattern, value in _WORDS_OF_AMOUNT if pattern.search(text)]
    # "4x" and "1/4" say the same as "4 times" and "a quarter".
    return amounts + [1 / value for value in amounts if 0 < value < 1 and round(1 / value, 6) == round(1 / value)]


_WORDS_OF_AMOUNT = tuple(
    (re.compile(pattern, re.IGNORECASE), value)
    for pattern, value in (
        (r"两倍|二倍|翻倍|翻一番|\btwice\b|\bdoubl(?:e[sd]?|ing)\b|\btwo times\b|\btwofold\b", 2.0),
        (r"三倍|\btripl(?:e[sd]?|ing)\b|\bthree times\b|\bthreefold\b", 3.0),
        (r"四倍|\bfour times\b|\bfourfold\b|\bquadrupl", 4.0),
        (r"十倍|\bten times\b|\btenfold\b|\btenth\b|十分之一", 10.0),
        (r"减半|一半|二分之一|\bhal(?:f|ves?|ved|ving)\b", 2.0),
        (r"三分之一|\b(?:a|one) third\b", 3.0),
        (r"四分之一|\b(?:a|one) quarter\b", 4.0),
    )
)


def _tokens(text: str) -> list[str]:
    return _TOKEN.findall(unicodedata.normalize("NFKC", text).lower())


def _runs(tokens: Sequence[str]) -> list[tuple[str, ...]]:
    return [tuple(tokens[i : i + _RUN]) for i in range(len(tokens) - _RUN + 1)]


def _quoted_share(tokens: Sequence[str], held: set[tuple[str, ...]]) -> float:
    if len(tokens) < _RUN:
        return 0.0
    quoted = {i + k for i, run in enumerate(_runs(tokens)) if run in held for k in range(_RUN)}
    return len(quoted) / len(tokens)


def _share(wanted: set[str], held: set[str]) -> float:
    return len(wanted & held) / len(wanted) if wanted else 0.0
