"""The formulas by name, as bank files and drills call them: values in, a number in the formula's unit out.

The registry is where base units (bytes, seconds) become the unit that people use (GB, days), see `units`.
"""

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, get_type_hints

from tutor.domain import Bilingual
from tutor.drills import by_hand, flops, memory, parameters, speed
from tutor.drills.kinds import Kind, Value, read_value
from tutor.drills.parameter_names import load_parameters
from tutor.drills.units import Quantity, base_unit, size
from tutor.errors import DrillError
from tutor.messages import Message


@dataclass(frozen=True)
class Formula:
    """A formula with what it accepts; the docstring of `function` holds derivation and source."""

    name: str
    function: Callable[..., float]
    unit: str
    parameters: Mapping[str, Kind]
    defaults: Mapping[str, float]  # of the parameters that may be left out

    @property
    def optional(self) -> frozenset[str]:
        return frozenset(self.defaults)

    @cached_property
    def base_unit(self) -> str:
        """The unit of what `function` returns: bytes for GB, seconds for days."""
        return base_unit(self.unit)

    def quantity(self, base_value: float) -> Quantity:
        """What `function` returned, in the formula's unit."""
        return Quantity(base_value / size(self.unit), self.unit)


def _formulas(unit: str, *functions: Callable[..., float]) -> dict[str, Formula]:
    return {function.__name__: _formula(unit, function) for function in functions}


def _formula(unit: str, function: Callable[..., float]) -> Formula:
    hints: dict[str, Any] = get_type_hints(function, include_extras=True)
    signature = inspect.signature(function).parameters
    kinds = {name: hints[name].__metadata__[0] for name in signature}
    defaults = {name: item.default for name, item in signature.items() if item.default is not item.empty}
    return Formula(function.__name__, function, unit, kinds, defaults)


FORMULAS: Mapping[str, Formula] = {
    **_formulas(
        "GB",
        memory.weights_memory,
        memory.weights_memory_mixed,
        memory.quantized_weights_memory,
        memory.kv_cache,
        memory.kv_cache_paged,
        memory.kv_cache_mla,
        memory.activations_memory,
        memory.activations_memory_selective,
        memory.activations_memory_checkpointed,
        memory.training_state_memory,
        memory.zero_memory,
        memory.lora_memory,
        memory.qlora_memory,
    ),
    **_formulas(
        "parameters",
        parameters.transformer_parameters,
        parameters.moe_parameters,
        parameters.moe_active_parameters,
        parameters.lora_parameters,
        flops.chinchilla_parameters,
    ),
    **_formulas(
        "FLOP",
        flops.training_flops,
        flops.training_flops_with_attention,
        flops.attention_flops,
        flops.inference_flops,
    ),
    **_formulas("days", flops.training_days),
    **_formulas("tokens", flops.chinchilla_tokens),
    **_formulas("tokens/s", speed.decode_tokens_per_second, speed.batch_decode_tokens_per_second),
    **_formulas("ms", speed.decode_seconds_per_token),
    **_formulas("s", speed.prefill_seconds, speed.all_reduce_seconds),
    **_formulas("sequences", speed.ridge_batch),
    **_formulas("share", speed.pipeline_bubble, flops.model_flops_utilization),
    **_formulas("USD", speed.cost_per_million_tokens),
    **_formulas(
        "share",
        by_hand.softmax_probability,
        by_hand.attention_weight,
        by_hand.bleu,
        by_hand.rouge_n,
        by_hand.rouge_l,
    ),
    **_formulas(
        "number",
        by_hand.attention_output,
        by_hand.perplexity,
        by_hand.bm25,
        by_hand.reciprocal_rank_fusion,
        by_hand.absmax_quantized,
        by_hand.absmax_restored,
    ),
    **_formulas("rad", by_hand.rope_angle),
}


def compute(name: str, values: Mapping[str, object]) -> Quantity:
    """The formula's result in its unit. Raises DrillError that names an unknown formula, or a parameter that is
    unknown, missing or out of range."""
    formula = find_formula(name)
    return formula.quantity(formula.function(**read_values(formula, values)))


def find_formula(name: str) -> Formula:
    """The formula of that name; raises DrillError that lists the known ones."""
    formula = FORMULAS.get(name)
    if formula is None:
        raise DrillError("drills.unknown_formula", formula=name, known=sorted(FORMULAS))
    return formula


def read_values(formula: Formula, values: Mapping[str, object]) -> dict[str, Value]:
    """The given values as the formula's function takes them; defaults are left to the function."""
    unknown = sorted(set(values) - set(formula.parameters))
    missing = [key for key in formula.parameters if key not in values and key not in formula.optional]
    if unknown or missing:
        found = [Message("drills.unknown_parameter", parameter=key) for key in unknown]
        found += [Message("drills.missing_parameter", parameter=key, label=_label(key)) for key in missing]
        raise DrillError("drills.parameters", formula=formula.name, expected=_signature(formula), found=found)
    return {key: read_value(formula.name, key, formula.parameters[key], value) for key, value in values.items()}


def _signature(formula: Formula) -> list[Message]:
    return [
        Message("drills.optional_parameter", parameter=key, label=_label(key))
        if key in formula.optional
        else Message("drills.parameter", parameter=key, label=_label(key))
        for key in formula.parameters
    ]


def _label(parameter: str) -> Bilingual:
    return load_parameters()[parameter].label
