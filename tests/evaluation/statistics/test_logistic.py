import pytest

from tutor.evaluation.statistics.logistic import fit_logistic, mean_of, stack

ROWS = [{"a": 0.1 * n, "b": float(n % 3)} for n in range(20)]
LABELS = [float(n > 11) for n in range(20)]


def test_the_mean_of_two_fits_has_the_mean_of_their_log_odds() -> None:
    wide = fit_logistic(ROWS, LABELS)
    narrow = fit_logistic([{"a": row["a"]} for row in ROWS], LABELS)
    both = mean_of(wide, narrow)
    for row in ROWS:
        assert both.log_odds(row) == pytest.approx((wide.log_odds(row) + narrow.log_odds({"a": row["a"]})) / 2)
    assert both.log_odds(ROWS[3]) != pytest.approx(wide.log_odds(ROWS[3]))


def test_a_model_stacked_in_another_gives_what_the_two_give_one_after_the_other() -> None:
    inner = fit_logistic([{"a": row["a"]} for row in ROWS], LABELS)
    outer = fit_logistic([{"first": inner.log_odds({"a": row["a"]}), "b": row["b"]} for row in ROWS], LABELS)
    stacked = stack(inner, "first", outer)
    for row in ROWS:
        assert stacked.log_odds(row) == pytest.approx(
            outer.log_odds({"first": inner.log_odds({"a": row["a"]}), "b": row["b"]})
        )
