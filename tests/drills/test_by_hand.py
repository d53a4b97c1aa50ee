"""The calculations by hand against worked examples of their papers and against numbers counted on paper."""

import math

import pytest

from tutor.drills import by_hand
from tutor.drills.formulas import compute
from tutor.errors import DrillError

POLICE = "police killed the gunman".split()


def test_softmax_sums_to_one_and_sharpens_with_a_low_temperature() -> None:
    shares = by_hand.softmax((2, 1, 0))
    assert sum(shares) == pytest.approx(1)
    assert shares == pytest.approx((0.6652, 0.2447, 0.0900), abs=1e-4)
    assert by_hand.softmax((2, 1, 0), 0.5)[0] == pytest.approx(0.8668, abs=1e-4)
    assert by_hand.softmax((1000, 1000)) == (0.5, 0.5)


def test_attention_mixes_the_values_by_the_weights_of_the_keys() -> None:
    weights = by_hand.attention_weights((1, 0), ((1, 0), (0, 1)))
    assert weights[0] == pytest.approx(math.exp(1 / math.sqrt(2)) / (math.exp(1 / math.sqrt(2)) + 1))
    mixed = by_hand.attention_output(query=(1, 0), keys=((1, 0), (0, 1)), values=((10, 0), (0, 10)), position=1)
    assert mixed == pytest.approx(10 * weights[0])
    with pytest.raises(DrillError, match="as many values as keys"):
        by_hand.attention_output(query=(1,), keys=((1,), (2,)), values=((1,),), position=1)


def test_a_model_that_guesses_among_n_has_perplexity_n() -> None:
    assert by_hand.perplexity(probabilities=(0.1, 0.1, 0.1)) == pytest.approx(10)
    assert by_hand.perplexity(probabilities=(0.5, 0.125)) == pytest.approx(4)


def test_bleu_clips_as_its_paper_does() -> None:
    """Papineni et al. 2002, section 2.1: "the the ..." has clipped unigram precision 2/7."""
    reference = "the cat is on the mat".split()
    assert by_hand.ngram_matches(["the"] * 7, reference, 1) == (2, 7, 6)
    assert by_hand.bleu(candidate=("the",) * 7, reference=tuple(reference), max_order=1) == pytest.approx(2 / 7)


def test_bleu_of_a_copy_is_one_of_strangers_zero_and_a_short_one_is_punished() -> None:
    words = tuple("a b c d e".split())
    assert by_hand.bleu(candidate=words, reference=words) == pytest.approx(1)
    assert by_hand.bleu(candidate=("x", "y", "z", "w"), reference=words) == 0
    assert by_hand.bleu(candidate=words[:4], reference=words) == pytest.approx(math.exp(1 - 5 / 4))
    assert by_hand.bleu(candidate=words[:3], reference=words) == 0, "no 4-gram"


@pytest.mark.parametrize(
    ("candidate", "longest"),
    [("police kill the gunman", 3), ("the gunman kill police", 2), ("the gunman police killed", 2)],
)
def test_rouge_l_of_the_sentences_of_its_paper(candidate: str, longest: int) -> None:
    """Lin 2004, section 3.1: 0.75, 0.5 and 0.5."""
    words = candidate.split()
    assert by_hand.longest_common_subsequence(words, POLICE) == longest
    assert by_hand.rouge_l(candidate=tuple(words), reference=tuple(POLICE)) == longest / 4


def test_rouge_n_counts_what_the_reference_has() -> None:
    kill = tuple("police kill the gunman".split())
    assert by_hand.rouge_n(candidate=kill, reference=tuple(POLICE)) == 0.75
    assert by_hand.rouge_n(candidate=kill, reference=tuple(POLICE), order=2) == pytest.approx(1 / 3)
    assert by_hand.rouge_n(candidate=kill, reference=("police",), order=2) == 0


def test_bm25_saturates_prefers_short_documents_and_rare_terms() -> None:
    def score(count: float, frequency: float, length: int) -> float:
        return by_hand.bm25(
            term_counts=(count,),
            document_frequencies=(frequency,),
            documents=1000,
            document_tokens=length,
            average_tokens=100,
        )

    assert score(1, 10, 100) == pytest.approx(math.log(1 + 990.5 / 10.5))
    assert score(2, 10, 100) < 2 * score(1, 10, 100)
    assert score(100, 10, 100) < 2.2 * score(1, 10, 100)
    assert score(1, 10, 200) < score(1, 10, 100)
    assert score(1, 100, 100) < score(1, 10, 100)
    assert score(0, 10, 100) == 0


def test_bm25_refuses_a_term_in_more_documents_than_there_are() -> None:
    with pytest.raises(DrillError, match="none above the number of documents"):
        compute(
            "bm25",
            {
                "term_counts": "1",
                "document_frequencies": "9",
                "documents": 5,
                "document_tokens": 9,
                "average_tokens": 9,
            },
        )


def test_fused_ranks_add_up_with_k_60() -> None:
    assert by_hand.reciprocal_rank_fusion(ranks=(1, 3)) == pytest.approx(1 / 61 + 1 / 63)


def test_rope_turns_the_first_pair_by_one_radian_per_position() -> None:
    assert by_hand.rope_angle(head_dim=128, pair=0, token_position=7) == 7
    assert by_hand.rope_angle(head_dim=128, pair=32, token_position=100) == pytest.approx(1)
    assert by_hand.rope_angle(head_dim=4, pair=1, token_position=1) == pytest.approx(0.01)


def test_absmax_puts_the_greatest_value_at_127() -> None:
    """Values 1.2, -0.5, -4.3, 1.2, -3.1, 0.8, 2.4, 5.4 become 28, -12, -101, 28, -73, 19, 56, 127."""
    values = (1.2, -0.5, -4.3, 1.2, -3.1, 0.8, 2.4, 5.4)
    codes = [by_hand.absmax_quantized(values=values, position=place) for place in range(1, 9)]
    assert codes == [28, -12, -101, 28, -73, 19, 56, 127]
    restored = by_hand.absmax_restored(values=values, position=1)
    assert restored == pytest.approx(28 * 5.4 / 127)
    with pytest.raises(DrillError, match="a value other than 0"):
        by_hand.absmax_quantized(values=(0, 0), position=1)
