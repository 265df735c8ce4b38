"""The map of a cohort: what an encoder says of every case, in two dimensions; points open cases."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.cases import Kind
from mmcore.cohorts import Cohort
from mmcore.encoders import Encoder
from mmcore.explain import projection
from mmcore.figures import cohort_map as drawn
from mmcore.figures import theme
from mmcore.settings import _
from pages.shared import caches, charts, jobs, state

PATIENCE = 1.5  # seconds a page waits for features that are probably at hand already


def show(known: Cohort, input: str, encoder: Encoder) -> None:
    """The map, or the progress of encoding the cohort for it."""
    purpose = f"encode {encoder.identity()} {known.key}"
    job = jobs.latest(purpose)
    if job is None:
        job = jobs.start(
            purpose,
            _encode,
            known,
            input,
            encoder,
            label=_("Encoding {input} with {encoder}").format(input=input, encoder=encoder.name),
        )
        with st.spinner(_("Looking for what is known already…")):
            jobs.wait(job, PATIENCE)
    if job.active:
        st.caption(_("Every case is encoded once and kept on disk; you may leave this page meanwhile."))
        jobs.watch(job)
    elif jobs.outcome(job):
        _map(known, input, encoder)
    elif st.button(_("Try again"), icon=":material/refresh:"):
        jobs.forget(purpose)
        st.rerun()


def _encode(known: Cohort, input: str, encoder: Encoder, *, progress) -> int:
    """Work of the job: fill the disk cache. The page then reads from it."""
    from mmcore.features import encode

    return encode(known, input, encoder, progress=progress).computed


@st.cache_data(max_entries=32, show_spinner=False)
def _projected(
    cohort_key: str, input: str, identity: str, scale: bool, _known: Cohort, _encoder: Encoder
) -> tuple[np.ndarray, np.ndarray, dict[str, str]]:
    found = caches.features(_known, input, _encoder)
    values, present = found.pooled()
    mapped = projection.principal(values, present, count=2, scale=scale)
    return mapped.points, mapped.explained, dict(found.failed)


def _map(known: Cohort, input: str, encoder: Encoder) -> None:
    points, explained, failed = _projected(
        known.key, input, encoder.identity(), encoder.spec.kind is Kind.TABLE, known, encoder
    )
    options = colourings(known)
    names = list(options)
    bound = state.bind("colour", names[0])
    name = st.selectbox(
        _("Colour by"), names, index=names.index(bound) if bound in names else 0, key="map-colour", width=320
    )
    state.set("colour", name if name != names[0] else None)
    colour = options[name]
    case = state.case_id()
    frame = pd.DataFrame(
        {
            "component_1": points[:, 0],
            "component_2": points[:, 1],
            **({name: colour.to_numpy()} if colour is not None else {}),
        },
        index=pd.Index(known.ids, name="id"),
    )
    shown = frame.dropna(subset=["component_1"])
    event = charts.show(
        drawn.cohort_map(
            points,
            explained,
            known.ids,
            colour,
            tints=theme.class_colours(known.schema.classes) if name == known.schema.target else None,
            case=case,
        ),
        key=f"map-{encoder.identity()}-{name}",
        data=shown,
        title=_("Map of the cohort by {input}").format(input=input),
        selectable=True,
        note=_(
            "{shown} of {count} cases have this input; neighbours look alike to {encoder}. Click a point, or "
            "take the lasso from the tool bar."
        ).format(shown=len(shown), count=len(known), encoder=encoder.name),
        alt=_("Scatter plot of the cohort's cases, first two principal components of {input}").format(input=input),
    )
    if failed:
        with st.expander(_("{count} cases were set aside").format(count=len(failed)), icon=":material/warning:"):
            st.dataframe(pd.DataFrame({"id": failed.keys(), _("reason"): failed.values()}), hide_index=True)
    chosen = [
        str(point["customdata"][0] if isinstance(point["customdata"], list) else point["customdata"])
        for point in (event or {}).get("selection", {}).get("points", [])
        if "customdata" in point
    ]
    picked(known, chosen, case)


def colourings(known: Cohort) -> dict[str, pd.Series | None]:
    """What the points may be coloured by: target, group, columns of tables; by name, the target first."""
    schema, table = known.schema, known.table
    found: dict[str, pd.Series | None] = {}
    for column in (
        schema.target,
        schema.group,
        *(column.name for spec in known.inputs.values() for column in spec.table),
    ):
        if (
            column
            and column in table
            and (pd.api.types.is_numeric_dtype(table[column]) or table[column].nunique() <= 12)
        ):
            found[column] = table[column]
    return found | {_("nothing"): None}


def picked(known: Cohort, chosen: list[str], case: str | None) -> None:
    """One selected point becomes the case; several are listed to choose from."""
    if len(chosen) < 2:
        _follow("map-point", chosen[0] if chosen else None, case)
        return
    st.caption(_("{count} cases selected. Click a row to look at that case.").format(count=len(chosen)))
    rows = known.table.loc[chosen]
    event = st.dataframe(
        rows,
        key="map-rows",
        height=min(320, 40 + 35 * len(rows)),
        on_select="rerun",
        selection_mode=["single-row", "single-cell"],
        alt=_("Selected cases"),
    )
    at = list(event.selection.rows) or [cell[0] for cell in event.selection.cells]
    _follow("map-row", str(rows.index[at[0]]) if at and at[0] < len(rows) else None, case)


def _follow(name: str, chosen: str | None, case: str | None) -> None:
    """Look at the chosen case once: a selection stays on the map, and must not undo what is chosen elsewhere later."""
    fresh = st.session_state.get(name) != chosen
    st.session_state[name] = chosen
    if fresh and chosen is not None and chosen != case:
        state.choose_case(chosen)
        st.rerun()
