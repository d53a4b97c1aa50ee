"""States of the first blocks of a model: the cut file, bad files, and the real 0.5B model cut in half."""

import platform
import shutil
import struct
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy
import psutil
import pytest
import xllamacpp

from tutor.errors import ModelError, WeightsError
from tutor.models.early_exit import first_blocks
from tutor.models.hidden_state import VIEWS, HiddenStates, open_states
from tutor.models.weights import Store
from tutor.settings import load_settings

SMALL = "qwen2.5-coder-0.5b-instruct"
UINT32, STRING, ARRAY = 4, 8, 9


def text(value: str) -> bytes:
    return struct.pack("<Q", len(value.encode())) + value.encode()


def tiny_gguf(blocks: int, *, version: int = 3, extra: bytes = b"", pairs: int = 0) -> bytes:
    """A file with a tensor of 8 bytes for each block and one for the embedding, filled with their numbers."""
    names = ["token_embd.weight", *(f"blk.{number}.ffn.weight" for number in range(blocks))]
    values = text("tiny.block_count") + struct.pack("<II", UINT32, blocks)
    values += text("words") + struct.pack("<IIQ", ARRAY, STRING, 2) + text("a") + text("词")
    head = b"GGUF" + struct.pack("<IQQ", version, len(names), 2 + pairs) + values + extra
    for number, name in enumerate(names):
        head += text(name) + struct.pack("<IQIQ", 1, 2, 0, 32 * number)
    head += b"\0" * (-len(head) % 32)
    return head + b"".join(bytes([number]) * 8 + b"\0" * 24 for number in range(len(names)))


def test_the_cut_file_is_the_file_with_fewer_blocks(tmp_path: Path) -> None:
    source = tmp_path / "tiny.gguf"
    source.write_bytes(tiny_gguf(5))
    cut = first_blocks(source, 2)
    assert cut.name == "tiny-first2.gguf"
    assert cut.read_bytes() == tiny_gguf(2)


def test_it_is_written_once_and_again_when_the_source_is_newer(tmp_path: Path) -> None:
    source = tmp_path / "tiny.gguf"
    source.write_bytes(tiny_gguf(5))
    cut = first_blocks(source, 2)
    cut.write_bytes(b"kept")
    assert first_blocks(source, 2).read_bytes() == b"kept"
    source.write_bytes(tiny_gguf(4))
    assert first_blocks(source, 2).read_bytes() == tiny_gguf(2)


@pytest.mark.skipif(platform.machine() not in ("x86_64", "AMD64"), reason="other processors have kernels of their own")
def test_the_engine_adds_up_alike_on_every_processor_with_avx2() -> None:
    """Decision 0012: an engine that chose kernels by processor would grade the same attempt otherwise elsewhere."""
    kernels = xllamacpp.get_system_info()
    assert "AVX2 = 1" in kernels
    assert "AVX512" not in kernels


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"just text", "another format"),
        (tiny_gguf(5, version=2), "another format or version"),
        (tiny_gguf(2), "2 blocks"),
        (tiny_gguf(5)[:60], "damaged head"),
        (tiny_gguf(5, extra=text("general.alignment") + struct.pack("<II", UINT32, 64), pairs=1), "alignment"),
    ],
)
def test_what_cannot_be_cut_is_refused_and_leaves_no_file(tmp_path: Path, content: bytes, found: str) -> None:
    source = tmp_path / "tiny.gguf"
    source.write_bytes(content)
    with pytest.raises(ModelError, match=f"expected a GGUF file.*{found}.*TUTOR_LLM"):
        first_blocks(source, 2)
    assert not (tmp_path / "tiny-first2.gguf").exists()


def test_missing_weights_name_the_pull_command(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match=f"models pull {SMALL}"):
        open_states(SMALL, 12, store=Store(tmp_path))


@pytest.fixture(scope="module")
def states() -> Iterator[HiddenStates]:
    with closing(open_states(SMALL, 12, store=Store(load_settings().cache))) as opened:
        yield opened


BEGINNINGS = [f"The {what} keeps the keys and values of earlier tokens. " * 12 for what in ("cache", "table", "memory")]


@pytest.mark.weights
def test_a_state_is_the_same_whatever_was_read_before_and_another_for_another_text(states: HiddenStates) -> None:
    first = states.read(BEGINNINGS[0], "It saves work.")
    assert len(first) == VIEWS
    assert abs(sum(first)) < 0.1
    for beginning, rest in [(BEGINNINGS[0], "It costs work."), (BEGINNINGS[1], "It"), (BEGINNINGS[2], "It saves")]:
        assert max(abs(a - b) for a, b in zip(first, states.read(beginning, rest), strict=True)) > 0.2
        assert states.read(BEGINNINGS[0], "It saves work.") == first


@pytest.mark.weights
def test_a_state_is_the_same_when_its_beginning_had_to_be_read_again(
    states: HiddenStates, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = states.read(BEGINNINGS[0], "It saves work.")
    monkeypatch.setattr("tutor.models.hidden_state._SAVED_BYTES", 0)  # each new beginning makes all others go
    states.read(BEGINNINGS[1] + "!", "It saves work.")
    assert len(states._saved) == 1
    assert len(list(Path(states._saves.name).iterdir())) == 1
    assert states.read(BEGINNINGS[0], "It saves work.") == first


@pytest.mark.weights
def test_a_state_is_the_same_when_engine_or_file_had_gone(states: HiddenStates) -> None:
    first = states.read(BEGINNINGS[0], "It saves work.")
    process_id = states._engine.process_id
    assert process_id
    process = psutil.Process(process_id)
    process.kill()
    process.wait(10)
    assert states.read(BEGINNINGS[0], "It saves work.") == first
    shutil.rmtree(states._saves.name)
    assert states.read(BEGINNINGS[0], "It saves work.") == first


@pytest.mark.weights
def test_what_is_saved_goes_with_the_reader() -> None:
    opened = open_states(SMALL, 12, store=Store(load_settings().cache))
    opened.read(BEGINNINGS[0], "")
    folder = Path(opened._saves.name)
    assert any(folder.iterdir())
    opened.close()
    opened.close()
    assert not folder.exists()


@pytest.mark.weights
def test_another_order_of_sums_changes_digits_and_not_what_was_understood(states: HiddenStates) -> None:
    usual, other = (
        numpy.asarray(state)
        for state in (
            states.read(BEGINNINGS[0], "It saves work."),
            states.read_at_once(BEGINNINGS[0] + "It saves work."),
        )
    )
    assert not numpy.array_equal(usual, other)
    assert numpy.corrcoef(usual, other)[0, 1] > 0.97


@pytest.mark.weights
def test_chinese_and_a_prompt_that_is_all_beginning_are_read_too(states: HiddenStates) -> None:
    assert len(states.read("<|im_start|>user\n键值缓存：", "省去重复计算。<|im_end|>\n")) == VIEWS
    assert len(states.read(" ", "")) == VIEWS


@pytest.mark.weights
def test_a_prompt_beyond_the_context_is_a_clear_error(states: HiddenStates) -> None:
    with pytest.raises(ModelError, match="expected the engine's view"):
        states.read("word " * 5_000, "word")
    with pytest.raises(ModelError, match="expected the engine's view"):
        states.read("word ", "word " * 5_000)
