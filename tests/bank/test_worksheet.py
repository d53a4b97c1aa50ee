r"""Numbers are written into texts: "3.15e23", "3.15×10^23", "3.15\times10^{23}"."""

from pathlib import Path

import pytest
import yaml

from tutor.bank.load import load_entries
from tutor.bank.new_entry import new_entry
from tutor.bank.schema import BilingualLine, CalculationForm
from tutor.bank.worksheet import Worksheet, write_number
from tutor.drills.formulas import compute
from tutor.errors import BankError

KV = {"layers": 32, "kv_heads": 32, "head_dim": 128, "context_tokens": 2048, "batch": 4, "bytes_per_value": 2}


def worksheet(**changes: int) -> Worksheet:
    return Worksheet([CalculationForm(id="kv", formula="kv_cache", values={**KV, **changes})], compute)


@pytest.mark.parametrize(
    ("value", "decimals", "sign", "written"),
    [
        (4.294967296, 2, "", "4.29"),
        (38.95, 0, "", "39"),
        (4294967296, 0, "", "4294967296"),
        (4294967296, 0, ",", "4,294,967,296"),
        (4294967296, 0, "{,}", "4{,}294{,}967{,}296"),
        (3.15e23, 2, "e", "3.15e23"),
        (3.15e23, 2, "×", "3.15×10^23"),
        (3.791e25, 1, r"\times", r"3.8\times10^{25}"),
        (6738415616, 3, r"\times", r"6.738\times10^{9}"),
        (2.61e-4, 2, "e", "2.61e-4"),
        (0.0, 1, "", "0.0"),
    ],
)
def test_a_number_is_written_as_the_text_asks(value: float, decimals: int, sign: str, written: str) -> None:
    assert write_number(value, decimals, sign) == written


def test_results_are_filled_into_both_languages_in_the_unit_of_the_place() -> None:
    sheet = worksheet()
    text = sheet.fill(
        "hints.0",
        BilingualLine(zh="约 {{calc:kv|2|GB}} GB。", en=r"$={{calc:kv|0{,}|B}}$ bytes, {{calc:kv|0|GiB}} GiB."),
    )
    assert (text.zh, text.en) == ("约 4.29 GB。", r"$=4{,}294{,}967{,}296$ bytes, 4 GiB.")
    assert (sheet.used, sheet.slips) == ({"kv"}, [])
    assert [(item.id, item.result, item.unit) for item in sheet.calculations] == [("kv", 4.294967296, "GB")]


def test_a_changed_input_changes_the_text() -> None:
    assert worksheet(batch=8).fill_text("answer.en", "{{calc:kv|2|GB}} GB") == "8.59 GB"


def chain(weights_bits: int = 16, weight_bytes: str = "calc:weights") -> Worksheet:
    """The time of a token, from weights that are computed as well."""
    weights = CalculationForm(id="weights", formula="weights_memory", values={"parameters": 7e9, "bits": weights_bits})
    bandwidth = {"bandwidth_bytes_per_second": 2e12}
    time = CalculationForm(
        id="time", formula="decode_seconds_per_token", values={"weight_bytes": weight_bytes, **bandwidth}
    )
    return Worksheet([weights, time], compute)


def test_an_input_may_be_the_result_of_an_earlier_calculation() -> None:
    assert chain().fill_text("answer.en", "{{calc:time|0|ms}} ms") == "7 ms"
    assert chain(weights_bits=32).fill_text("answer.en", "{{calc:time|0|ms}} ms") == "14 ms"
    assert chain().calculations[1].values["weight_bytes"] == 14e9
    assert chain().used == {"weights"}


@pytest.mark.parametrize("name", ["time", "later"])
def test_an_input_that_is_no_earlier_result_is_reported_at_its_value(name: str) -> None:
    (slip,) = chain(weight_bytes=f"calc:{name}").slips
    assert slip.field == "calculations.1.values.weight_bytes"
    assert slip.problem == f"`{name}` is no earlier calculation of this entry"


def test_what_follows_from_a_failed_calculation_is_not_reported_again() -> None:
    sheet = chain(weights_bits=0)
    assert [slip.field for slip in sheet.slips] == ["calculations.0"]
    assert sheet.fill_text("answer.en", "{{calc:time|0|ms}}") == "{{calc:time|0|ms}}"
    assert len(sheet.slips) == 1


def test_a_latex_brace_is_no_place() -> None:
    formula = r"$\frac{1}{\sqrt{d_{k}}}$ and {{calcium}}"
    sheet = worksheet()
    assert sheet.fill_text("answer.en", formula) == formula
    assert sheet.slips == []


def test_a_bank_file_with_a_misplaced_number_is_refused_with_entry_and_field(tmp_path: Path) -> None:
    (data,) = yaml.safe_load(new_entry("training"))
    data["hints"][1]["zh"] = "约 {{calc:kv|2|GB}} GB。"
    file = tmp_path / "training.yaml"
    file.write_text(yaml.safe_dump({"group": "training", "entries": [data]}, allow_unicode=True), encoding="utf-8")
    with pytest.raises(BankError, match=r"training.yaml: entry `.*`, field hints.1.zh: `kv` is no calculation of this"):
        load_entries(file, compute)
