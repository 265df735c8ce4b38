"""How a method does in parts of the cohort: each with its size, its interval and a verdict; a click picks one."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.evaluation.subgroup_scores import (
    LEAST,
    CohortPart,
    ComparedSubgroups,
    SubgroupVerdict,
    columns_of_people,
    compare_subgroups,
    parts_of,
    parts_of_column,
)
from mmcore.figures import failures as drawn
from mmcore.runs import Run
from pages.frame import linked, selection, url_state
from pages.parts import chart

_FIRST = 3  # columns, where none is called sex, age or site
_MOST_DRAWN = 40  # parts; of more those that stand out


def compared(run: Run, cohort: Cohort) -> ComparedSubgroups:
    """The parts of the columns chosen in `show`, compared."""
    return _compared(run.key, cohort.key, *_chosen_parts(cohort), run, cohort)


@st.cache_data(max_entries=24, show_spinner=False)
def _compared(
    run_key: str, cohort_key: str, columns: tuple[str, ...], pairs: bool, _run: Run, _cohort: Cohort
) -> ComparedSubgroups:
    cases = _run.out_of_fold
    parts = parts_of(_cohort.table, columns, pairs=pairs)
    return compare_subgroups(
        _run.spec.task, cases.target, cases.outputs, parts, cases.groups, metric=_run.spec.metric
    )  # fmt: skip


def _dividing(cohort: Cohort) -> list[str]:
    """Columns that divide the cohort into parts, but the target itself."""
    return _dividing_columns(cohort.key, cohort)


@st.cache_data(max_entries=24, show_spinner=False)
def _dividing_columns(cohort_key: str, _cohort: Cohort) -> list[str]:
    return [
        str(name)
        for name in _cohort.table.columns
        if name != _cohort.schema.target and parts_of_column(_cohort.table[name])
    ]


def _chosen_parts(cohort: Cohort) -> tuple[tuple[str, ...], bool]:
    """Columns and whether every two are taken together: as the address says, before the widgets are drawn."""
    names = _dividing(cohort)
    wanted = [name for name in url_state.parameter("by", []) if name in names] or _first(cohort, names)
    return tuple(wanted), bool(url_state.parameter("pairs", False))


def _first(cohort: Cohort, names: list[str]) -> list[str]:
    return [name for name in columns_of_people(cohort.table) if name in names] or names[:_FIRST]


def show(run: Run, cohort: Cohort, result: ComparedSubgroups) -> None:
    """The choice of columns, the picture, and what to know of it."""
    names = _dividing(cohort)
    st.header(_("Parts of the cohort"), anchor=False)
    if not names:
        st.caption(_("No column divides these cases into parts: it would need numbers, or a few different values."))
        return
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        linked.choices(
            st.multiselect,
            _("Divided by"),
            names,
            "by",
            first=_first(cohort, names),
            placeholder=_("Choose columns"),
            key=f"failures-by-{url_state.cohort_source()}",
        )
        linked.toggle(
            _("Two at once"),
            "pairs",
            key="failures-pairs",
            help=_("Women over 70, say. There are many such parts, so only large differences count."),
        )
    rows = sorted(result.rows, key=lambda row: row.p if row.p == row.p else 2.0)[:_MOST_DRAWN]
    drawn_rows = {row.name for row in rows}
    shown = ComparedSubgroups(
        result.metric, result.whole, tuple(row for row in result.rows if row.name in drawn_rows), result.looked_at
    )
    key = f"failures-parts-{run.key[:8]}-{len(shown.rows)}-{'-'.join(_chosen_parts(cohort)[0])}"

    def picked() -> None:
        points = st.session_state[key].get("selection", {}).get(drawn.PART) or []
        if points:
            _choose(cohort, str(points[-1]["part"]))

    st.altair_chart(
        drawn.subgroup_scores(shown),
        key=key,
        on_select=picked,
        alt=_("The score in each part of the cohort, with its interval"),
    )
    with st.container(horizontal=True, vertical_alignment="bottom", gap="medium"):
        st.selectbox(
            _("Select the cases of a part"),
            [row.name for row in result.rows],
            index=None,
            key="failures-part",
            placeholder=_("Choose a part, or click it above"),
            on_change=lambda: _choose(cohort, st.session_state["failures-part"]),
            width=420,
        )
        chart.download(drawn.subgroup_frame(result), "parts of the cohort", "failures-parts-data")
    st.caption(" ".join(_notes(result, len(shown.rows), run.spec.task)))


def _notes(result: ComparedSubgroups, drawn_rows: int, task: str) -> list[str]:
    """What was looked at, and what is too small."""
    sentences = [_("Dashed: all cases.")]
    if result.looked_at:
        compared_with = counted(
            result.looked_at,
            "{count} part was compared with all other cases.",
            "{count} parts were each compared with all other cases. Among many parts one looks bad by chance, so the "
            "verdicts allow for their number (Holm's correction).",
        )
        sentences.insert(0, compared_with)
    if few := len(result.of(SubgroupVerdict.TOO_FEW)):
        sentences.append(
            counted(
                few,
                "{count} part cannot be judged: it has too few cases, or leaves too few outside it",
                "{count} parts cannot be judged: they have too few cases, or leave too few outside them",
            )
            + _needed(task).format(least=LEAST)
        )
    if drawn_rows < len(result.rows):
        sentences.append(_("The {count} that stand out most are drawn.").format(count=drawn_rows))
    return sentences


def _needed(task: str) -> str:
    """How many cases it takes on either side, by what a score is made of."""
    if task == "regression":
        return _(" (at least {least} are needed).")
    if task == "survival":
        return _(" (at least {least} are needed, some of them with the event).")
    if task == "multilabel":
        return _(" (at least {least} are needed, some of them with each label).")
    return _(" (at least {least} are needed, some of them in each class).")


def _choose(cohort: Cohort, name: str | None) -> None:
    """Select the cases of a part, under its name."""
    columns, pairs = _chosen_parts(cohort)
    part: CohortPart | None = next((p for p in parts_of(cohort.table, columns, pairs=pairs) if p.name == name), None)
    if part is not None:
        ids = [id for id, inside in zip(cohort.ids, part.rows, strict=True) if inside]
        selection.choose(cohort, ids, part.name)
