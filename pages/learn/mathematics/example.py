"""One formula: what it means, its sliders, what comes out, and where it is used in the case at hand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from mmcore.base.errors import MMError
from mmcore.base.registry import Parameter, parameters
from mmcore.base.settings import _
from mmcore.base.values import Case
from mmcore.studies.formulas import Formula, formulas, in_order
from pages.frame import own_case, page
from pages.frame.markdown import escape
from pages.learn.mathematics import menu
from pages.parts import chart
from pages.parts.form_fields import field, label_of


def show(name: str) -> None:
    part = formulas[name]
    st.header(part.title(), anchor=False)
    st.markdown(part.meaning())
    with st.container(border=True):
        st.latex(part.formula)
    if wrong := part.correction():
        st.info(escape(wrong), icon=":material/fact_check:")
    if reason := part.unavailable():
        st.warning(escape(reason), icon=":material/block:")
        return
    controls, picture = st.columns([2, 3], gap="medium")  # beside each other, so that one sees what a slider does
    with controls:
        options = {field.name: _control(field, f"{name}-{field.name}") for field in parameters(part)}
    case = _case()
    worked = part(**options).worked(case)
    with controls:
        _numbers(worked.numbers)
    with picture:
        chart.show(worked.figure, key=f"figure-{name}", data=worked.data, note=worked.alt, alt=worked.alt)
    _onwards(name, part, case)


def _numbers(numbers: Mapping[str, float]) -> None:
    """The result large, what else comes out below it."""
    result, *others = numbers.items()
    with st.container(gap=None):  # a label of a metric is cut where it does not fit
        st.markdown(f":small[{escape(_capital(result[0]))}]")
        st.metric(escape(_capital(result[0])), _number(result[1]), label_visibility="collapsed")
    rows = [f"{escape(_capital(name))}: **{_number(value)}**" for name, value in others]
    st.markdown("  \n".join(rows))


def _capital(label: str) -> str:
    """Words with a capital; a symbol stays as it stands in the formula."""
    return label[:1].upper() + label[1:] if label[1:2].isalpha() else label


def _number(value: float) -> str:
    """Whole numbers as such, others with three places."""
    written = f"{value:,.0f}" if float(value).is_integer() and abs(value) >= 2 else f"{value:.3f}"
    return written.replace("-", "−")


def _control(parameter: Parameter, key: str) -> Any:
    if parameter.type not in (int, float) or parameter.low is None or parameter.high is None:
        return field(parameter, key, parameter.default)
    kind = parameter.type
    step = kind(parameter.step) if parameter.step else kind(1)
    ends = kind(parameter.low), kind(parameter.high)
    shared: Any = {"key": key, "help": parameter.help or None, "persist_state": "session"}
    return st.slider(label_of(parameter.name), *ends, kind(parameter.default), step, **shared)


def _case() -> Case | None:
    """The case at hand; none where the cohort has none or cannot be opened, for the formula needs none."""
    try:
        return own_case.current_case()
    except MMError:
        return None


def _onwards(name: str, part: type[Formula], case: Case | None) -> None:
    st.markdown(f":small[:gray[{_('Calculated by')} `{part.code}`]]")
    with st.container(horizontal=True, horizontal_alignment="distribute", vertical_alignment="center"):
        values = case.values.values() if case else ()
        if part.of_value is None or any(isinstance(value, part.of_value) for value in values):
            page.link(part.page, part.used(), **part.page_options)
        names = in_order()
        if name != names[-1]:
            after = names[names.index(name) + 1]
            label = _("Next: {title}").format(title=formulas[after].title())
            st.button(label, icon=":material/arrow_forward:", key="next-formula", on_click=menu.go, args=(after,))
