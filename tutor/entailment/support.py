"""Whether a sentence is supported by a passage, decided by features and a fitted threshold.

The parameters in support.json are fitted by `python -m tutor eval support --write`: the bank's key points must be
supported by their own answer, its circulating mistakes and the key points of other entries must not.
"""

import math
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from langchain_core.embeddings import Embeddings

from tutor.entailment.place import COMPARES, Place, opens_with_rival, subject_said, sure_names
from tutor.fitted import Logistic, load_fitted, read_logistic
from tutor.text.language import detect_language
from tutor.text.numbers import find_numbers
from tutor.text.reading import Text
from tutor.text.sentences import split_sentences
from tutor.text.terms import terms

_RUN = 3
_VERBATIM = 0.95
_LEAST_TERMS = 4
_READ_IN_PLACE = 4  # pieces; each costs a vector
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
    """Checks sentences against texts, whose sentences are embedded once.

    A piece of a text with a place is compared as it is, and with the headings that the sentence names read into it.
    """

    def __init__(
        self, embeddings: Embeddings, texts: Sequence[str], model: SupportModel, places: Sequence[Place] = ()
    ) -> None:
        """`places`: where each text stands; without any, texts speak for themselves."""
        self._embeddings = embeddings
        self._model = model
        self._places = tuple(places) or tuple(Place() for _ in texts)
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
        wanted, tokens = set(terms(sentence)), _tokens(sentence)
        read = {
            number: SupportFeatures(_cosine(vector, other), _quoted_share(tokens, self._runs[number]))
            for number, other in enumerate(self._vectors)
        }
        read = {**read, **_nearer(read, self._read_in_place(sentence, wanted, vector))}
        shares = [_share(wanted, held) for held in self._terms]
        best = max(read, key=lambda i: read[i].similarity + 0.1 * shares[i] + 0.1 * read[i].quoted)
        piece, features = self._pieces[best], read[best]
        probability = self._model.model.probability(asdict(features))
        known = stated_amounts(piece.window)
        numbers_known = all(any(math.isclose(a, b, rel_tol=1e-6) for b in known) for a in stated_amounts(sentence))
        return Finding(
            source=piece.source,
            evidence=piece.sentence.text,
            probability=probability,
            features=features,
            numbers_known=numbers_known,
            names_known=self._are_names_known(sentence, wanted, best),
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
            (_cosine(vector, other) + 0.1 * _share(wanted, held), piece)
            for other, held, piece in zip(
                self._vectors, map(self._with_place, range(len(self._pieces))), self._pieces, strict=True
            )
            if len(held) >= _LEAST_TERMS and piece.sentence.text.endswith(_ENDS)
        ]
        best = sorted(scored, key=lambda pair: -pair[0])[:count]
        return [(piece.source, piece.sentence.text) for _, piece in best]

    def _with_place(self, number: int) -> set[str]:
        """The piece's terms and those of what it is about."""
        subjects = self._places[self._pieces[number].source].subjects
        return self._terms[number] | {term for heading in subjects for term in terms(heading)}

    def _read_in_place(self, sentence: str, wanted: set[str], vector: Sequence[float]) -> dict[int, SupportFeatures]:
        """What the nearest pieces give when the headings over them that the sentence names are read into them."""
        named = {n: self._places[piece.source].named(wanted) for n, piece in enumerate(self._pieces)}
        near = sorted((n for n in named if named[n]), key=lambda n: -_cosine(vector, self._vectors[n]))[:_READ_IN_PLACE]
        texts = [subject_said(named[n], self._pieces[n].sentence.text) for n in near]
        vectors = self._embeddings.embed_documents(texts) if texts else []
        tokens = _tokens(sentence)
        return {
            n: SupportFeatures(_cosine(vector, other), _quoted_share(tokens, self._runs[n] | set(_runs(_tokens(text)))))
            for n, text, other in zip(near, texts, vectors, strict=True)
        }

    def _are_names_known(self, sentence: str, sentence_terms: set[str], number: int) -> bool:
        """Whether the piece, or what it is about, says every name of the sentence, and no other place is named first."""
        piece = self._pieces[number]
        known, place = self._terms[number] | self._topics[piece.source], self._places[piece.source]
        if not place.headings:
            return _names(sentence) <= known
        names = _names(sentence) | {term for name in sure_names(sentence) for term in terms(name)}
        if not names <= known | place.known_terms(sentence_terms):
            return False
        return piece.sentence.text == sentence or not opens_with_rival(sentence, place, self._places)


def _nearer(bare: Mapping[int, SupportFeatures], placed: Mapping[int, SupportFeatures]) -> dict[int, SupportFeatures]:
    return {n: features for n, features in placed.items() if features.similarity > bare[n].similarity}


def _cosine(vector: Sequence[float], other: Sequence[float]) -> float:
    return math.fsum(a * b for a, b in zip(vector, other, strict=True))


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
    is_topic = opening.endswith(("?", "？")) and not COMPARES.search(opening)
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
