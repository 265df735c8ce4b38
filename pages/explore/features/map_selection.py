"""Cases picked on the map: the selection that stays, the table of it, and the nearest cases of the one looked at."""

from __future__ import annotations

import streamlit as st

from mmcore import studies
from mmcore.base.csv_text import without_formulas
from mmcore.base.errors import MMError
from mmcore.base.number_text import cell_text
from mmcore.base.settings import _, counted
from mmcore.base.values import Case, Value
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.figures import cohort_map as drawn
from mmcore.figures import theme
from mmcore.studies import Neighbour
from pages.frame import own_case, url_state
from pages.frame import selection as chosen_cases
from pages.frame.markdown import escape
from pages.parts import chart
from pages.parts.number_columns import number_columns

TURN = "_map_turn"  # raised to start with a fresh chart, where nothing is selected
NEAREST = 5


def case(cohort: Cohort) -> str | None:
    """The case to ring: none while the reader's own case is looked at."""
    return None if own_case.upload() is not None else url_state.case_id()


def selection(cohort: Cohort) -> list[str]:
    """The selected cases, on whatever page they were."""
    return chosen_cases.current(cohort)


def select(cohort: Cohort, ids: list[str]) -> None:
    """Select these cases, here and on the other pages."""
    chosen_cases.choose(cohort, ids)


def take(cohort: Cohort, key: str, event: dict | None, current: str | None) -> None:
    """What was just done on the map: a click opens a case, a lasso or a box selects many."""
    points = (event or {}).get("selection", {}).get("points", [])
    chosen = [_id_of(point) for point in points if "customdata" in point]
    if st.session_state.get("_map_event") == (key, chosen):
        return
    st.session_state["_map_event"] = (key, chosen)
    if len(chosen) == 1:
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        if chosen[0] != current:
            url_state.choose_case(chosen[0])
        st.rerun()
    if chosen and set(chosen) != set(selection(cohort)):
        select(cohort, chosen)
        st.rerun()


def _id_of(point: dict) -> str:
    data = point["customdata"]
    return str(data[0] if isinstance(data, list) else data)


def _clear(cohort: Cohort) -> None:
    select(cohort, [])
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def listed(cohort: Cohort, current: str | None) -> None:
    """The selected cases as a table; a row opens its case."""
    ids = selection(cohort)
    if not ids:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(
            counted(len(ids), "**{count} case selected**", "**{count} cases selected**")
            + _(" :small[:gray[Click a row to look at that case.]]"),
            width="stretch",
        )
        st.button(
            _("Clear"),
            icon=":material/close:",
            key="map-clear",
            type="tertiary",
            on_click=_clear,
            args=(cohort,),
        )
    rows = cohort.table.loc[ids]
    first = [name for name in (cohort.schema.target, cohort.schema.group) if name in rows]
    rows = rows[[*first, *(name for name in rows if name not in first)]]
    event = st.dataframe(
        without_formulas(rows),
        key=f"map-rows-{hash(tuple(ids))}",
        height=min(320, 40 + 35 * len(rows)),
        column_config=number_columns(rows),
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        placeholder="–",
        alt=_("Selected cases"),
    )
    at = list(event.selection.rows) or [cell[0] for cell in event.selection.cells]
    chosen = ids[at[0]] if at and at[0] < len(ids) else None
    fresh = st.session_state.get("map-row") != chosen
    st.session_state["map-row"] = chosen  # a row stays marked, and must not undo what is chosen elsewhere later
    if fresh and chosen is not None and chosen != current:
        url_state.choose_case(chosen)
        st.rerun()


def neighbours(cohort: Cohort, input: str, encoder: Encoder) -> list[Neighbour]:
    """The cases nearest to the one looked at; none if it lacks the input."""
    own = own_case.upload()
    if own is not None:
        return studies.similar(cohort, input, encoder, own, NEAREST)
    id = url_state.case_id()
    return [] if id is None else _near(cohort.key, input, studies.identity_of(encoder), id, cohort, encoder)


@st.cache_data(max_entries=256, show_spinner=False)
def _near(cohort_key: str, input: str, identity: str, id: str, _cohort: Cohort, _encoder: Encoder) -> list[Neighbour]:
    return studies.similar(_cohort, input, _encoder, id, NEAREST)


def strip(cohort: Cohort, input: str, encoder: Encoder, near: list[Neighbour]) -> None:
    """The case looked at and its nearest ones, side by side."""
    current = own_case.current_case()
    own = current.id == own_case.OWN
    name = _("your own case") if own else current.id
    st.markdown(
        _(
                "**Nearest to {case}**  \n:small[:gray[by the similarity of features (cosine; 1: the same); "
                "the numbers are those on the map]]"
)
        .format(case=escape(name))
    )  # fmt: skip
    if not near:
        words = (
            _("No case can be compared with this one by {input}.")
            if input in current.values
            else _("{input} is missing in this case, so nothing is near it.")
        )
        st.caption(words.format(input=escape(input)))
        return
    with st.grid(len(near) + 1, min_column_width=112, gap="small"):
        _card(cohort, input, current.values.get(input), name, _label(current), "")
        for number, neighbour in enumerate(near, 1):
            caption = _("{number} · similarity {cosine:.2f}").format(number=number, cosine=neighbour.cosine)
            _card(
                cohort,
                input,
                _value(cohort, neighbour.id, input),
                neighbour.id,
                neighbour.label,
                caption,
                neighbour.id,
                number,
            )


def _card(
    cohort: Cohort,
    input: str,
    value: Value | None,
    name: str,
    label: str | float | None,
    caption: str,
    id: str | None = None,
    number: int = 0,
) -> None:
    with st.container(gap="xsmall"):
        tint = theme.colour_of_input(cohort.inputs)[input]
        alt = _("{input} of {case}").format(input=input, case=name)
        chart.show(drawn.card(value, tint, alt), key=f"near-{number}", alt=alt)
        st.markdown(f"{_badge(cohort, label)}:small[:gray[{escape(caption or _('this case'))}]]")
        if id is not None:
            st.button(
                escape(id),
                key=f"near-open-{number}",
                type="tertiary",
                icon=":material/open_in_new:",
                on_click=url_state.choose_case,
                args=(id,),
                help=_("Look at this case"),
            )


def _badge(cohort: Cohort, label: str | float | None) -> str:
    if label is None:
        return ""
    text = cell_text(label)
    return f"**{escape(str(text))}**  \n"


def _label(current: Case) -> str | float | None:
    return current.target


def _value(cohort: Cohort, id: str, input: str) -> Value | None:
    try:
        return cohort.value(id, input)
    except MMError:
        return None
