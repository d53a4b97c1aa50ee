"""What a truncated language model has understood at the end of a prompt, as numbers that a fitted probe can weigh.

llama.cpp's server gives the logits of chosen tokens. With the blocks cut off (see early_exit), the logits of a fixed
list of tokens are that many fixed linear views of the hidden state after the last block that is left ("logit lens"); a
linear probe on them is a linear probe on the state.
"""

import hashlib
import math
import tempfile
import threading
from collections import OrderedDict
from pathlib import Path
from typing import Any

import httpx

from tutor.errors import ModelError
from tutor.models.early_exit import first_blocks
from tutor.models.embedded import Engine, EnginePlan, default_threads
from tutor.models.weights import Store

VIEWS = 384
# Any list will do that stays the same, if every token of it is whole characters: the server says nothing of half a one.
_TOKENS = tuple(1_116 + 50 * number for number in range(VIEWS))
_FAVOUR = 100.0  # lifts all of them above every other token; the same for all, so it changes nothing among them
_SOFTEN = 4.0  # temperature: keeps the least likely of them above what a float can hold
_SECONDS = 300.0
_CONTEXT_TOKENS = 3_072  # the longest prompt of a judgement
_SAVED_BYTES = 200_000_000  # of beginnings; a token takes 18 KB in 18 blocks of the 1.5B model


class HiddenStates:
    """Reads prompts with an engine of its own: the same prompt always gives the same state, whatever came before it.

    Beginnings that prompts share are read once and saved. An engine that kept them its own way would add up in another
    order when it knows a beginning than when it does not, and rounding makes much of that (`eval rounding`).
    Thread-safe. It must be the engine's only user.
    """

    def __init__(self, engine: Engine, saves: tempfile.TemporaryDirectory[str]) -> None:
        self._engine = engine
        self._saves = saves
        self._saved: OrderedDict[str, int] = OrderedDict()  # names of files with their sizes in bytes
        self._client = httpx.Client(timeout=_SECONDS, trust_env=False)
        self._lock = threading.Lock()
        self._closed = False

    def read(self, beginning: str, rest: str) -> tuple[float, ...]:
        """`VIEWS` numbers (logits of the listed tokens, their mean taken off) at the last token of beginning + rest.

        The beginning is not empty. Markers of the chat format in the prompt are read as such. Raises ModelError when
        the engine does not answer.
        """
        with self._lock:
            self._recall(beginning)
            return self._views(beginning + rest, goes_on=True)

    def read_at_once(self, prompt: str) -> tuple[float, ...]:
        """As `read`, but from the first token on: the same numbers, rounded in another order."""
        with self._lock:
            return self._views(prompt, goes_on=False)

    def close(self) -> None:
        """End the engine. Closing twice does no harm."""
        if not self._closed:
            self._closed = True
            self._client.close()
            self._engine.close()
            self._saves.cleanup()

    def _recall(self, beginning: str) -> None:
        """The engine has read the beginning and nothing else; always from the file, also right after it was written."""
        name = hashlib.sha256(beginning.encode()).hexdigest()
        size = self._saved.pop(name, 0)
        if not size or not (Path(self._saves.name) / name).is_file():
            self._views(beginning, goes_on=False)
            self._make_room()
            Path(self._saves.name).mkdir(0o700, exist_ok=True)  # folders for temporary files are swept now and then
            size = int(self._slot("save", name)["n_written"])
        self._slot("restore", name)
        self._saved[name] = size  # only now: what cannot be restored is read again

    def _make_room(self) -> None:
        while sum(self._saved.values()) > _SAVED_BYTES:
            name, _ = self._saved.popitem(last=False)
            (Path(self._saves.name) / name).unlink(missing_ok=True)

    def _slot(self, action: str, name: str) -> dict[str, Any]:
        return self._post(f"/slots/0?action={action}", {"filename": name})

    def _views(self, prompt: str, *, goes_on: bool) -> tuple[float, ...]:
        reply = self._post("/completion", _order(prompt) | {"cache_prompt": goes_on})
        try:
            listed = reply["completion_probabilities"][0]["top_probs"]
            return _views({int(item["id"]): float(item["prob"]) for item in listed})
        except (KeyError, IndexError, ValueError) as error:
            raise self._unexpected(error) from error

    def _post(self, path: str, body: dict[str, object]) -> dict[str, Any]:
        address = self._engine.start().removesuffix("/v1")
        try:
            reply = self._client.post(
                f"{address}{path}", json=body, headers={"Authorization": f"Bearer {self._engine.api_key}"}
            )
            reply.raise_for_status()
            return dict(reply.json())
        except (httpx.HTTPError, ValueError) as error:
            raise self._unexpected(error) from error

    def _unexpected(self, error: Exception) -> ModelError:
        return ModelError("models.no_view", model=self._engine.plan.path.name, found=error)


def open_states(model: str, blocks: int, *, store: Store, threads: int | None = None) -> HiddenStates:
    """States of the first `blocks` blocks of a model of the catalogue; the engine starts at the first prompt.

    Raises WeightsError when its weights are missing, ModelError when they cannot be cut.
    """
    path = first_blocks(store.resolve(model), blocks)
    saves = tempfile.TemporaryDirectory(prefix="tutor-")
    plan = EnginePlan(path, _CONTEXT_TOKENS, threads or default_threads(), Path(saves.name))
    return HiddenStates(Engine(plan), saves)


def _order(prompt: str) -> dict[str, object]:
    return {
        "prompt": prompt,
        "n_predict": 1,
        "n_probs": VIEWS,
        "post_sampling_probs": True,
        "logit_bias": [[token, _FAVOUR] for token in _TOKENS],
        "samplers": ["top_k", "temperature"],
        "top_k": VIEWS,
        "temperature": _SOFTEN,
        "id_slot": 0,
    }


def _views(chances: dict[int, float]) -> tuple[float, ...]:
    missing = [token for token in _TOKENS if token not in chances]
    if missing:
        raise ModelError("models.too_few_views", expected=VIEWS, found=VIEWS - len(missing))
    logits = [_SOFTEN * math.log(max(chances[token], 1e-37)) for token in _TOKENS]
    middle = sum(logits) / VIEWS
    return tuple(round(logit - middle, 4) for logit in logits)
