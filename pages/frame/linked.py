"""Widgets whose value is part of the address, so that a link opens the same view; what they start with is left out.

Streamlit's own `bind="query-params"` would write the labels that people read, in their language, where links have
names that stay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

import streamlit as st

from pages.frame import url_state

T = TypeVar("T", bound=str)


def choice(
    widget: Callable[..., Any],
    label: str,
    options: Iterable[T],
    parameter: str,
    *,
    first: T | None = None,
    **widget_options: Any,
) -> T:
    """One of `options`, by a select box, pills or a segmented control. first: the start; the first option if None."""
    names = list(options)
    first = first if first in names else names[0]
    linked = url_state.parameter(parameter, "")
    start = next((name for name in names if name == linked), first)
    given = {"index": names.index(start)} if widget == st.selectbox else {"default": start, "required": True}
    chosen: T = widget(label, names, **given, **widget_options)
    url_state.set_parameter(parameter, chosen if chosen != first else None)
    return chosen


def choices(
    widget: Callable[..., Any],
    label: str,
    options: Iterable[T],
    parameter: str,
    *,
    first: Iterable[T] = (),
    **widget_options: Any,
) -> list[T]:
    """Any of `options`, by pills or a multiselect. first: those it starts with."""
    names, start = list(options), list(first)
    linked = [name for name in url_state.parameter(parameter, []) if name in names]
    chosen: list[T] = list(widget(label, names, default=linked or start, **widget_options))
    url_state.set_parameter(parameter, chosen if chosen and {*chosen} != {*start} else None)
    return chosen


def toggle(label: str, parameter: str, **widget_options: Any) -> bool:
    """A switch, off at first."""
    on = st.toggle(label, value=url_state.parameter(parameter, False), **widget_options)
    url_state.set_parameter(parameter, on or None)
    return on
