"""What all embedders share: a name that is stored with an index, and how e5 models want their texts."""

import re
from pathlib import Path

from langchain_core.embeddings import Embeddings

SENTENCE_TRANSFORMERS = "sentence-transformers:"
BATCH = 32


class NamedEmbeddings(Embeddings):
    """LangChain's interface with a stable `name`; vectors are L2-normalised. Vectors of different names never meet."""

    name: str


def is_e5(name_or_path: str) -> bool:
    """Whether the model wants `query: ` and `passage: ` before its texts; the instruct variants do not."""
    name = Path(name_or_path).name.lower()
    return re.search(r"(^|[^a-z0-9])e5([^a-z0-9]|$)", name) is not None and "instruct" not in name
