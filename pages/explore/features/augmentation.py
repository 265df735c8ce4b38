"""Augmentation: what training cases may be varied with, chosen here and previewed on the case; off by default."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import streamlit as st

from mmcore import augmentation
from mmcore.augmentation import augmentations, augmented, seed_of
from mmcore.base.registry import label, parameters, why_unavailable
from mmcore.base.settings import _
from mmcore.base.values import Image, Kind, Row, Signal
from mmcore.cohorts import Cohort
from mmcore.figures import augmentation as drawn
from mmcore.figures import overlays, theme
from pages.frame import own_case, page, url_state
from pages.frame.markdown import escape
from pages.parts import broken_parts, chart, form_fields, input_viewer

SAMPLES = 3


def show(cohort: Cohort, input: str) -> None:
    """Choose and set augmentations, and see the case before and after."""
    st.caption(
        _(
            "Training can also use slightly changed copies of each case. Choose the changes "
            "here, and the Train page uses them for this input. Cases used for testing are "
            "never changed."
        )
    )
    left, right = st.columns([2, 5], gap="large")
    with left:
        chosen = pick(cohort, input)
    with right, page.guard():
        preview(cohort, input, chosen)


def pick(cohort: Cohort, input: str) -> list[Any]:
    """The augmentations in force for this input; chosen and set here."""
    from mmcore.runs import AugmentationChoice

    kind = cohort.inputs[input].kind
    offered = {name: part for name, part in augmentations.items() if part.kind is kind}
    before = {choice.name: choice for choice in url_state.augmentations(cohort).get(input, [])}
    names = st.pills(
        _("Kinds of change"),
        list(offered),
        selection_mode="multi",
        default=[name for name in before if name in offered],
        format_func=lambda name: name.replace("_", " "),
        key=f"varied-{cohort.name}-{input}",
        wrap=True,
    )
    broken_parts.show(augmentations.broken)
    chosen = []
    for name in names:
        part, options = offered[name], {}
        if reason := why_unavailable(part):
            st.warning(escape(reason), icon=":material/block:")
            continue
        with st.container(border=True, gap="small"):
            st.markdown(f"**{name.replace('_', ' ')}**  \n:small[:gray[{escape(label(part))}]]")
            if fields := parameters(part):
                values = before[name].options if name in before else None
                options = form_fields.form_fields(fields, f"varied-{input}-{name}", values, columns=1)
        chosen.append(AugmentationChoice(name=name, options=options))
    url_state.choose_augmentation(cohort, input, chosen)
    return chosen


def preview(cohort: Cohort, input: str, chosen: list[Any]) -> None:
    """The case as it is and as three of its copies would be."""
    case = own_case.current_case()
    if input not in case.values:
        input_viewer.missing_here(input, cohort)
        return
    if not chosen:
        st.info(
            _("Nothing is changed. Choose one or more kinds of change on the left to see what they do to this case."),
            icon=":material/info:",
        )
        return
    for warning in filter(None, (augmentations[choice.name].caution for choice in chosen)):
        st.warning(escape(_(warning)), icon=":material/warning:")
    kind, value = cohort.inputs[input].kind, case.values[input]
    made = [augmentation.make(choice.name, kind, **choice.options) for choice in chosen]
    digest = cohort.digest(case.id, input) if case.id != own_case.OWN else ""
    copies = [augmented(value, made, seed_of(digest or "", made, copy)) for copy in range(1, SAMPLES + 1)]
    _DRAW[kind](value, copies, theme.colour_of_input(cohort.inputs)[input], f"varied-{input}")


def _images(value: Image, copies: list[Image], colour: str, key: str) -> None:
    with st.grid(1 + len(copies), min_column_width=220):  # two by two where the page is narrow
        for i, copy in enumerate([value, *copies]):
            with st.container():
                chart.show(
                    drawn.image(copy),
                    key=f"{key}-{i}",
                    title=_name(i),
                    alt=_("Image {name}").format(name=_name(i)),
                )


def _texts(value: str, copies: list[str], colour: str, key: str) -> None:
    for i, copy in enumerate(copies, 1):
        chart.show(
            drawn.text(value, copy),
            key=f"{key}-{i}",
            title=_name(i),
            note=_("struck through: dropped; underlined: inserted") if i == 1 else "",
            alt=_("The text with its changes marked"),
        )


def _signals(value: Signal, copies: list[Signal], colour: str, key: str) -> None:
    channel = min(1, value.samples.shape[0] - 1)
    chart.show(
        drawn.signal(value, copies, colour, channel),
        key=key,
        title=_("The signal and {count} copies").format(count=len(copies)),
        note=_("{channel}; grey: as it is").format(channel=overlays.channel_title(value, channel)),
        data=drawn.signal_frame(value, copies, channel),
        alt=_("Traces of the copies over the trace as it is"),
    )


def _tables(value: Row, copies: list[Row], colour: str, key: str) -> None:
    frame = drawn.table_frame(value, copies)
    chart.heading(
        _("The values and {count} copies").format(count=len(copies)), _("bold: changed"), frame, f"{key}-table"
    )
    st.dataframe(drawn.marked(frame), alt=_("Table of the values before and after"))


def _name(i: int) -> str:
    return _("as it is") if i == 0 else _("copy {n}").format(n=i)


_DRAW: dict[Kind, Callable[..., None]] = {
    Kind.IMAGE: _images,
    Kind.TEXT: _texts,
    Kind.SIGNAL: _signals,
    Kind.TABLE: _tables,
}
