"""Widgets drawn from signatures: of a registered part (registry.Parameter) or of a pydantic model.

What was set stays for the session when another page is looked at in between.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st
from pydantic import BaseModel

from mmcore.base.registry import Parameter
from mmcore.base.settings import N_, translated

LABELS = {  # of parameters whose names, short for the command line, say too little on a page
    "bundle": N_("Network"),
    "clean": N_("Leave out stop words"),
    "deltas": N_("Slopes"),
    "deviation": N_("Standard deviation"),
    "epoch_by": N_("Choose the epoch by"),
    "hop": N_("Step between windows"),
    "least": N_("Least occurrences"),
    "log_odds": N_("Log-odds"),
    "loudness": N_("Effect of the value on the score"),
    "masks": N_("Gaps"),
    "side": N_("Pixels per side"),
    "snr_db": N_("Signal-to-noise ratio (dB)"),
    "start": N_("Height at 0"),
    "tune": N_("Fine-tune"),
    "turn": N_("Quarter turns"),
}


def form_fields(
    parameters: Sequence[Parameter], key: str, values: Mapping[str, Any] | None = None, columns: int = 2
) -> dict[str, Any]:
    """One widget a parameter, `columns` beside each other; name -> value. `values` are shown instead of defaults."""
    values = values or {}
    chosen: dict[str, Any] = {}
    if not parameters:
        return chosen
    columns = min(columns, len(parameters))
    for start in range(0, len(parameters), columns):  # by rows, as a label may take two lines
        slots = st.columns(columns, vertical_alignment="bottom")
        for slot, parameter in zip(slots, parameters[start : start + columns], strict=False):
            with slot:
                chosen[parameter.name] = field(
                    parameter, f"{key}-{parameter.name}", values.get(parameter.name, parameter.default)
                )
    return chosen


def model_fields(
    model: type[BaseModel],
    key: str,
    values: Mapping[str, Any] | None = None,
    *,
    names: Sequence[str] | None = None,
    columns: int = 3,
) -> dict[str, Any]:
    """The same for the fields of a pydantic model (all, or `names`)."""
    fields = [parameter_of(model, name) for name in names or model.model_fields]
    return form_fields([p for p in fields if p is not None], key, values, columns)


def parameter_of(model: type[BaseModel], name: str) -> Parameter | None:
    """A pydantic field as a Parameter; None if it is of a type no widget here can hold."""
    info = model.model_fields[name]
    hint: Any = info.annotation
    choices: tuple[Any, ...] = ()
    if typing.get_origin(hint) in (typing.Union, types.UnionType):
        hint = next(arg for arg in typing.get_args(hint) if arg is not type(None))
    if typing.get_origin(hint) is typing.Literal:
        choices = typing.get_args(hint)
        hint = type(choices[0])
    if hint not in (bool, int, float, str):
        return None
    bounds = {
        side: getattr(rule, side)
        for rule in info.metadata
        for side in ("ge", "gt", "le", "lt")
        if getattr(rule, side, None) is not None
    }
    low, high = bounds.get("ge", bounds.get("gt")), bounds.get("le", bounds.get("lt"))
    return Parameter(
        name, hint, info.get_default(call_default_factory=True), translated(info.description or ""), low, high, None,
        choices,
    )  # fmt: skip


def label_of(name: str) -> str:
    """How a parameter is called on pages."""
    return translated(LABELS.get(name, name.replace("_", " ").capitalize()))


def field(parameter: Parameter, key: str, value: Any) -> Any:
    """The widget that suits a parameter."""
    label = label_of(parameter.name)
    shared: Any = {"key": key, "help": parameter.help or None, "persist_state": "session"}
    if parameter.choices:
        options = list(parameter.choices)
        at = options.index(value) if value in options else 0
        return st.selectbox(label, options, index=at, format_func=lambda choice: translated(str(choice)), **shared)
    if parameter.type is bool:
        return st.toggle(label, value=bool(value), **shared)
    if parameter.type is str:
        return st.text_input(label, value=value or "", **shared)
    kind = parameter.type
    low, high, value = (None if x is None else kind(x) for x in (parameter.low, parameter.high, value))
    step = kind(parameter.step) if parameter.step else (1 if kind is int else None)
    if kind is int and low is not None and high is not None and high - low <= 12:
        return st.slider(label, low, high, value, step, **shared)
    shown = "%d" if kind is int else ("%.3g" if value is None or abs(value) >= 1e-3 or value == 0 else "%.1e")
    return st.number_input(label, low, high, value, step or _step(value), format=shown, **shared)


def _step(value: float | None) -> float:
    """About a tenth of the value, as a round number."""
    return float(f"{abs(value) / 10:.0e}") if value else 0.1


def step_of_column(cells: pd.Series) -> float:
    """How far a press moves a value of a column: 1 where all are whole, else a round part of their spread."""
    numbers = pd.to_numeric(cells, errors="coerce").dropna().to_numpy(float)
    spread = float(numbers.std()) if len(numbers) else 0.0
    if not np.isfinite(spread) or spread <= 0:
        return 1.0
    step = 10.0 ** np.floor(np.log10(spread / 3))
    return max(step, 1.0) if (numbers == np.round(numbers)).all() else float(step)
