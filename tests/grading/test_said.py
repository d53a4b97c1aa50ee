"""What the language model reads of an attempt: the nearest sentences, and never more than it can read in a second."""

from tutor.grading.compare import MAX_SAID, choose_said
from tutor.text.spans import Span, clean_with_origins, split_clauses, split_spans
from tutor.text.tokens import estimate_tokens

LONG = (
    "We cache the keys and values of the prompt, so that they need not be computed again for each new token, which makes "
    "decoding linear in the length instead of quadratic, and that is why servers have so much memory for it."
)


def spans(text: str) -> list[Span]:
    return split_spans(clean_with_origins(text))


def test_two_short_sentences_are_read_in_their_own_order() -> None:
    sentences = spans("缓存占显存。天气不错。缓存省计算。")
    assert choose_said(sentences, sentences, [0.5, 0.1, 0.9]) == "缓存占显存。 缓存省计算。"


def test_a_second_sentence_that_does_not_fit_is_left_out() -> None:
    sentences = spans(f"The cache saves work. {LONG}")
    assert choose_said(sentences, sentences, [0.9, 0.8]) == "The cache saves work."


def test_of_a_long_sentence_the_nearest_clause_is_read_with_what_fits_beside_it() -> None:
    [sentence] = spans(LONG)
    clauses = split_clauses(sentence, at_least=12)
    said = choose_said([sentence], [sentence, *clauses], [0.9, 0.1, 0.2, 0.7, 0.1])
    assert said.startswith("which makes decoding linear")
    assert said in LONG
    assert estimate_tokens(said) <= MAX_SAID


def test_a_sentence_without_any_mark_is_cut() -> None:
    [sentence] = spans("token " * 50)
    assert len(choose_said([sentence], [sentence], [1.0])) <= 200
