"""The map of a cohort: what an encoder says of every case, in two dimensions; points open cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.csv_text import without_formulas
from mmcore.base.name_lists import list_of
from mmcore.base.progress import Progress
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.cohorts.names import class_name
from mmcore.encoders import Encoder
from mmcore.features import check_features
from mmcore.figures import cohort_map as drawn
from mmcore.figures import theme
from mmcore.figures.cohort import category_columns
from pages.explore.features import map_selection
from pages.frame import caches, jobs, linked
from pages.frame.markdown import escape
from pages.parts import chart, finding

PATIENCE = 1.5  # seconds a page waits for what is probably at hand already
Method = Literal["pca", "tsne", "umap"]
_MAP = 852  # pixels: as wide as the frame of a small screen, so that a wide one does not stretch the distances
SORTS = 12  # values of a column that get a colour each


def show(cohort: Cohort, input: str, encoder: Encoder) -> None:
    """The map, or the progress of encoding the cohort and laying it out."""
    if encoder.raw:
        st.info(
            _("{encoder} reads raw values and has no features before it is trained, so there is no map of it.").format(
                encoder=encoder.name
            ),
            icon=":material/info:",
        )
        return
    with st.container(horizontal=True, vertical_alignment="top", gap="medium"):
        method = _method()
        name, colour, tints = _colour(cohort)
    purpose = f"map {method} {studies.identity_of(encoder)} {input} {cohort.key}"
    job = jobs.latest(purpose)
    if job is None:
        label = _("Map of {input} by {encoder}").format(input=input, encoder=encoder.name)
        job = jobs.start(purpose, lay_out, cohort, input, encoder, method, label=label)
        with st.spinner(_("Looking for earlier results…")):
            jobs.wait(job, PATIENCE)
    if job.active:
        st.caption(_("Every case is encoded once and the map is saved; you may leave this page meanwhile."))
        jobs.watch(job)
    elif jobs.outcome(job):
        _map(cohort, input, encoder, method, name, colour, tints)
    elif st.button(_("Try again"), icon=":material/refresh:"):
        jobs.forget(purpose)
        st.rerun()


def lay_out(cohort: Cohort, input: str, encoder: Encoder, method: Method, *, progress: Progress) -> int:
    """Work of the job: fill the disk caches. The page then reads from them. Returns the number of cases shown."""
    return int(np.isfinite(studies.layout(cohort, input, encoder, method, progress)).all(1).sum())


def methods() -> dict[Method, str]:
    """Ways to lay out the cases, name -> label."""
    return {"pca": _("Principal components"), "tsne": "t-SNE", "umap": "UMAP"}


def _method() -> Method:
    return linked.choice(
        st.segmented_control,
        _("Map by"),
        methods(),
        "map.by",
        format_func=methods().__getitem__,
        key="map-method",
    )


@st.cache_data(max_entries=32, show_spinner=False)
def _laid_out(
    cohort_key: str, input: str, identity: str, method: Method, _cohort: Cohort, _encoder: Encoder
) -> tuple[np.ndarray, np.ndarray, dict[str, str], list[str]]:
    mapped = studies.mapped(_cohort, input, _encoder, method)
    features = caches.features(_cohort, input, _encoder)
    return (
        mapped.points,
        mapped.explained,
        dict(features.failed),
        [result.sentence for result in check_features(features)],
    )


def _map(
    cohort: Cohort,
    input: str,
    encoder: Encoder,
    method: Method,
    name: str,
    colour: pd.Series | None,
    tints: dict[str, str] | None,
) -> None:
    identity = studies.identity_of(encoder)
    points, explained, failed, odd = _laid_out(cohort.key, input, identity, method, cohort, encoder)
    for sentence in odd:
        st.warning(escape(sentence), icon=":material/help:")
    case = map_selection.case(cohort)
    near = map_selection.neighbours(cohort, input, encoder)
    selection = map_selection.selection(cohort)
    key = f"map-{identity}-{method}-{name}-{st.session_state.get(map_selection.TURN, 0)}"
    finding.say(_in_words(cohort, [neighbour.id for neighbour in near]))
    with st.container(horizontal=True, gap="medium"):  # beside one another where there is room
        with st.container(width=_MAP):
            event = chart.show(
                drawn.cohort_map(
                    points,
                    explained,
                    cohort.ids,
                    colour,
                    method=method,
                    tints=tints,
                    case=case,
                    near=[neighbour.id for neighbour in near],
                    chosen=selection,
                ),
                key=key,
                data=_data(cohort, points, name, colour),
                title=_("Map of the cohort by {input}").format(input=input),
                selectable=True,
                note=_note(cohort, points, case, len(failed)),
                alt=_("Map of the cohort's cases by {input}, {method}").format(input=input, method=methods()[method]),
            )
            st.caption(_how_to_read(method, encoder))
            if failed:
                _set_aside(failed)
        map_selection.take(cohort, key, event, case)
        with st.container(width="stretch"):
            map_selection.listed(cohort, case)
            map_selection.strip(cohort, input, encoder, near)


def _set_aside(failed: dict[str, str]) -> None:
    """The cases that could not be encoded, and why."""
    title = counted(len(failed), "{count} case was set aside", "{count} cases were set aside")
    with st.expander(title, icon=":material/warning:"):
        reasons = pd.DataFrame({"id": failed.keys(), _("reason"): failed.values()})
        st.dataframe(without_formulas(reasons), hide_index=True)


def _in_words(cohort: Cohort, near: Sequence[str]) -> str:
    """Which class the cases have that are most like the one looked at; "" without classes."""
    classes, target = cohort.schema.classes, cohort.target
    if not near or not classes or cohort.schema.task not in ("binary", "multiclass"):
        return ""
    values = [float(target[cohort.position(id)]) for id in near]
    labels = [classes[int(value)] for value in values if np.isfinite(value) and value >= 0]
    if not labels:
        return ""
    most = max(dict.fromkeys(labels), key=labels.count)
    return counted(
        labels.count(most),
        "Of the {of} cases that this encoder finds most like this one, {count} is “{label}”.",
        "Of the {of} cases that this encoder finds most like this one, {count} are “{label}”.",
        of=len(labels),
        label=most.replace("_", " "),
    )


def _how_to_read(method: Method, encoder: Encoder) -> str:
    """What the map shows and what it does not."""
    means = {
        "pca": _(
            "The two directions in which the encoder's numbers differ most from case to case. Cases far apart on "
            "the map differ in these; cases close together may still differ in the directions that are not shown."
        ),
        "tsne": _(
            "t-SNE keeps neighbourhoods: cases close together are alike. Distances between groups, their sizes and "
            "the axes mean nothing."
        ),
        "umap": _(
            "UMAP keeps neighbourhoods and something of the larger shape. Distances between groups and the axes mean "
            "little."
        ),
    }
    sentences = [means[method]]
    if encoder.fits_on_fold:
        sentences.append(
            _(
                "This encoder learns from cases. For this view it learnt from all of them; in training it learns "
                "from the training cases only."
            )
        )
    if encoder.trains_in_run:
        sentences.append(
            _(
                "This encoder learns during training; the map shows what goes into the part that learns, before "
                "any training."
            )
        )
    return " ".join(sentences)


def _note(cohort: Cohort, points: np.ndarray, case: str | None, aside: int) -> str:
    """How many cases have the input, those set aside too, and what the marks on the map are."""
    present = np.isfinite(points).all(1)
    words = _("{shown} of {count} cases have this input").format(shown=int(present.sum()) + aside, count=len(cohort))
    if case is not None and present[cohort.position(case)]:
        words += _("; ringed: {case}; numbered: the cases nearest to it").format(case=case)
    return words + _(". Click a point to open its case, or draw around several.")


def _data(cohort: Cohort, points: np.ndarray, name: str, colour: pd.Series | None) -> pd.DataFrame:
    columns = {"x": points[:, 0], "y": points[:, 1]}
    if colour is not None:
        columns[name] = colour.to_numpy()
    return pd.DataFrame(columns, index=pd.Index(cohort.ids, name="id")).dropna(subset=["x"])


def _colour(cohort: Cohort) -> tuple[str, pd.Series | None, dict[str, str] | None]:
    """What the points are coloured by: its name, a value per case, and the colours of classes."""
    options = colourings(cohort)
    name = linked.choice(st.selectbox, _("Colour by"), options, "colour", key="map-colour", width=320)
    if name == cohort.schema.target and cohort.schema.task == "multilabel":
        st.caption(_("A case with several labels has the colour of the rarest of them."))
    return name, options[name], theme.class_colours(cohort.stratum_names) if name == cohort.schema.target else None


def colourings(cohort: Cohort) -> dict[str, pd.Series | None]:
    """What the points may be coloured by, the target first: any column of numbers or of few words, the group where
    there are few, and which inputs are missing."""
    schema, table = cohort.schema, cohort.table
    by_name: dict[str, pd.Series | None] = {}
    codes = category_columns(cohort)
    if schema.target and schema.target in table:
        by_name[schema.target] = _target(cohort)
    if cohort.groups is not None and len(set(cohort.groups.tolist())) <= SORTS:
        by_name[str(schema.group)] = pd.Series(cohort.groups, index=table.index, name=schema.group)
    for column in table:
        cells = table[column].map(class_name) if column in codes else table[column]
        if column not in (schema.target, schema.group) and _has_colour(cells):
            by_name[str(column)] = cells
    missing = _missing(cohort)
    if missing.nunique() > 1:
        by_name[missing.name] = missing
    return by_name | {_("none"): None}


def _target(cohort: Cohort) -> pd.Series:
    if cohort.schema.task == "regression":
        return cohort.table[cohort.schema.target]
    names = [cohort.stratum_names[i] if i >= 0 else None for i in cohort.strata]
    return pd.Series(names, index=cohort.table.index, name=cohort.schema.target, dtype=object)


def _has_colour(column: pd.Series) -> bool:
    count = column.nunique()
    return count > 1 and (count <= SORTS or pd.api.types.is_numeric_dtype(column))


def _missing(cohort: Cohort) -> pd.Series:
    """The inputs each case lacks, in words; their number where there are many sorts."""
    absent = pd.DataFrame({name: ~cohort.present(name) for name in cohort.inputs}, index=cohort.table.index)
    words = [list_of(absent.columns[row]) or _("none") for row in absent.to_numpy()]
    words = pd.Series(words, index=absent.index, name=_("missing inputs"))
    return words if words.nunique() <= SORTS else absent.sum(axis=1).astype(str).rename(_("number of missing inputs"))
