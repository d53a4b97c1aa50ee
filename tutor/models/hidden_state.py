"""What a truncated language model has understood at the end of a prompt, as numbers that a fitted probe can weigh.

llama.cpp's server gives the logits of chosen tokens. With the
blocks cut off (see early_exit), the logits of a fixed list of tokens are that many fixed linear views of the hidden
state after the last block that is left ("logit lens"); a linear probe on them is a linear probe on the state.
"""

import math

import httpx

from tutor.errors import ModelError
from tutor.models.early_exit import first_blocks
from tutor.models.embedded import POOL, Engine, EnginePlan, default_threads
from tutor.models.weights import Store

VIEWS = 384
# Any list will do that stays the same, if every token of it is whole characters: the server says nothing of half a one.
_TOKENS = tuple(1_116 + 50 * number for number in range(VIEWS))
_FAVOUR = 100.0  # lifts all of them above every other token; the same for all, so it changes nothing among them
_SOFTEN = 4.0  # temperature: keeps the least likely of them above what a float can hold
_SECONDS = 300.0
_CONTEXT_TOKENS = 3_072  # of a slot: the longest prompt of a judgement


class HiddenStates:
    """Reads prompts with an engine lent by the pool, each from its beginning: the same prompt always gives the same state."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._client = httpx.Client(timeout=_SECONDS, trust_env=False)
        self._closed = False

    def read(self, prompt: str) -> tuple[float, ...]:
        """`VIEWS` numbers (logits of the listed tokens, their mean taken off) at the last token of the prompt.

        Markers of the chat format in the prompt are read as such. Raises ModelError when the engine does not answer.
        """
        return _views(self._post(_order(prompt)))

    def read_in_two(self, prompt: str) -> tuple[float, ...]:
        """As `read`, but the second half on top of a kept first one: the same numbers, rounded in another order."""
        self._post(_order(prompt[: len(prompt) // 2]))
        return _views(self._post(_order(prompt) | {"cache_prompt": True}))

    def close(self) -> None:
        """Give the engine back. Closing twice does no harm."""
        if not self._closed:
            self._closed = True
            self._client.close()
            POOL.give_back(self._engine)

    def _post(self, body: dict[str, object]) -> dict[int, float]:
        address = self._engine.start().removesuffix("/v1")
        try:
            reply = self._client.post(
                f"{address}/completion", json=body, headers={"Authorization": f"Bearer {self._engine.api_key}"}
            )
            reply.raise_for_status()
            listed = reply.json()["completion_probabilities"][0]["top_probs"]
            return {int(item["id"]): float(item["prob"]) for item in listed}
        except (httpx.HTTPError, KeyError, IndexError, ValueError) as error:
            raise ModelError(
                f"Model `{self._engine.plan.path.name}`: expected the engine's view of a prompt, found: {error!r}. "
                "Try again; if it stays so, grade without a language model (TUTOR_LLM=none)."
            ) from error


def open_states(model: str, blocks: int, *, store: Store, threads: int | None = None) -> HiddenStates:
    """States of the first `blocks` blocks of a model of the catalogue; the engine starts at the first prompt.

    Raises WeightsError when its weights are missing, ModelError when they cannot be cut.
    """
    path = first_blocks(store.resolve(model), blocks)
    return HiddenStates(POOL.lend(EnginePlan(path, _CONTEXT_TOKENS, threads or default_threads())))


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
        # A kept beginning changes the order of sums, and rounding to eight bits makes much of that (`eval rounding`).
        "cache_prompt": False,
        "id_slot": 0,
    }


def _views(chances: dict[int, float]) -> tuple[float, ...]:
    missing = [token for token in _TOKENS if token not in chances]
    if missing:
        raise ModelError(
            f"Embedded engine: expected {VIEWS} views of a prompt, found {VIEWS - len(missing)}. "
            "Install the version of xllamacpp that pyproject.toml asks for."
        )
    logits = [_SOFTEN * math.log(max(chances[token], 1e-37)) for token in _TOKENS]
    middle = sum(logits) / VIEWS
    return tuple(round(logit - middle, 4) for logit in logits)
