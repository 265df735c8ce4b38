"""Where is it? A finding located in the image of a case by models that never saw it, with and without other inputs."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.name_lists import list_of
from mmcore.base.progress import Progress
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.cohorts.lesions import outlined_findings
from mmcore.figures import located_finding
from mmcore.report.segmentation_sections import located_by
from mmcore.studies.segmentation_results import ALONE, TOGETHER, SegmentationStudy
from pages.frame import linked, own_case, page
from pages.frame.markdown import escape
from pages.parts import chart, on_request


@st.cache_data(max_entries=16, show_spinner=False)
def _findings(key: str, _cohort: Cohort) -> dict[str, tuple[str, ...]]:
    return outlined_findings(_cohort)


def show(cohort: Cohort, id: str) -> None:
    """Nothing for cohorts that do not know where anything lies. id: of the case."""
    outlined = _findings(cohort.key, cohort)
    if not outlined:
        return
    with st.container(border=True), page.guard():
        st.header(_("Where is it?"), anchor=False)
        if id == own_case.OWN:
            st.caption(
                _(
                    "Findings are located in the cases of this cohort only, not in a case of your own. Choose one of "
                    "them to see where its finding is."
                )
            )
            return
        inputs = list(outlined)
        input = inputs[0]
        if inputs[1:]:
            input = linked.choice(
                st.selectbox, _("Image"), inputs, "outlined", first=inputs[0], key=f"where-in-{cohort.name}", width=320
            )
        names = outlined[input]
        finding = linked.choice(
            st.selectbox, _("Finding"), names, "finding", first=names[0], key=f"where-{cohort.name}", width=320
        )
        others = [name for name in studies.usable_inputs(cohort) if name != input]
        whole = st.empty()
        with whole.container():  # beside each other until there is an answer
            offer, outline = st.columns(2, gap="medium")
        with offer:
            study = on_request.result(
                f"where {cohort.key} {input} {finding}", _located, cohort, input, finding,
                label=_("Looking for “{finding}”").format(finding=finding),
                offer=_("Find it in every case"),
                about=escape(_about(finding, input, others)),
                seconds=lambda: studies.segmentation_seconds(cohort, input, finding),
            )  # fmt: skip
        if study is None:
            with outline:
                _outline(cohort, id, input, finding)
            return
        with whole.container():
            _answer(study, cohort, id)


def _about(finding: str, input: str, others: list[str]) -> str:
    if not others:
        return _("Marks “{finding}” in each {input} by models that never saw the case.").format(
            finding=finding, input=input
        )
    return _(
        "Marks “{finding}” in each {input}, by models that never saw the case: once from the "
        "image alone, once with the help of {others}."
    ).format(finding=finding, input=input, others=list_of(others))


def _outline(cohort: Cohort, id: str, input: str, finding: str) -> None:
    """What is known of this case, before anything is looked for."""
    image = cohort.value(id, input)
    if not isinstance(image, np.ndarray):
        return
    mask = cohort.outlines.mask(id, input, finding, (image.shape[0], image.shape[1]))
    if mask is None:
        st.caption(_("Nobody outlined “{finding}” in this case.").format(finding=escape(finding)))
        return
    note = _("dotted line: the true outline") if mask.any() else _("not in this case")
    chart.show(
        located_finding.outlined(image, mask),
        key="where-outline",
        title=finding,
        note=note,
        alt=_("{input} of this case with the outline of “{finding}”: {note}").format(
            input=input, finding=finding, note=note
        ),
    )


def _answer(study: SegmentationStudy, cohort: Cohort, id: str) -> None:
    st.markdown(f"**{escape(study.in_words())}**")
    _films(study, cohort, id)
    document = study.document
    rows = [*document["methods"], *document["plain"]]
    names = {row["method"]: located_by(row["method"]) for row in rows}
    chart.show(
        located_finding.method_scores(rows, names),
        key="where-scores",
        title=_("How well each method finds the outline (Dice)"),
        note=_(
            "Dice: overlap of the marked and the true area, 0 none, 1 exact, on this grid at most "
            "{reachable:.2f}; {with_finding} cases with the finding, each judged by models that never "
            "saw it (folds: {folds}); lines: 95% intervals; grey: for comparison"
        ).format(**document),
        data=pd.DataFrame([{"method": row["method"], **_flat(row)} for row in rows]),
        alt=_("Dice: {parts}").format(
            parts=list_of(f"{names[row['method']]} {row['metrics']['dice']['mean']:.2f}" for row in rows)
        ),
    )
    st.caption(measured(document))


def measured(document: Mapping[str, Any]) -> str:
    """How often the finding was hit, and rightly left unmarked, with and without the other inputs; and the method."""
    first = document["methods"][0]["metrics"]
    if len(document["methods"]) < 2:
        hits = _("The most probable point lies on the finding in {alone} of the cases that have it.")
        unmarked = _("Of the cases without it, {clean_alone} rightly stay unmarked.")
        how = _(
            "Trained to match the true outline place by place (cross-entropy) and in overlap (Dice; "
            "Milletari et al. 2016); hits are counted as in the pointing game (Zhang et al. 2018)."
        )
    else:
        hits = _(
            "With the image alone, the most probable point lies on the finding in {alone} of the cases that have it; "
            "with the other inputs, in {together}."
        )
        unmarked = _(
            "Of the cases without it, {clean_alone} rightly stay unmarked with the image alone, and {clean} with the "
            "other inputs."
        )
        how = _(
            "The other inputs adjust several layers of {encoder} (FiLM, Perez et al. 2018), trained to "
            "match the true outline place by place (cross-entropy) and in overlap (Dice; Milletari et "
            "al. 2016); hits are counted as in the pointing game (Zhang et al. 2018)."
        )
    last = document["methods"][min(1, len(document["methods"]) - 1)]["metrics"]
    spoken = [hits, unmarked, how] if first["clean"]["cases"] else [hits, how]  # nobody need be without the finding
    return " ".join(spoken).format(
        alone=_percent(first["pointing"]["mean"]), together=_percent(last["pointing"]["mean"]),
        clean_alone=_percent(first["clean"]["mean"]), clean=_percent(last["clean"]["mean"]),
        encoder=escape(document["encoder"]),
    )  # fmt: skip


def _films(study: SegmentationStudy, cohort: Cohort, id: str) -> None:
    """The film of this case twice: by the image alone, and together with the other inputs."""
    at = study.position(id)
    image = None if at is None else cohort.value(id, study.lesions.input)
    if at is None or not isinstance(image, np.ndarray):
        st.info(
            _("This case has no image, or nobody has outlined the finding in it. Choose another case."),
            icon=":material/info:",
        )
        return
    mask = study.lesions.masks[at]
    shown = [name for name in (ALONE, TOGETHER) if name in study.located]
    for column, name in zip(st.columns(len(shown), gap="medium"), shown, strict=True):
        probabilities, marked = study.located[name][0][at], study.marked(name, at)
        with column:
            chart.show(
                located_finding.film(image, probabilities, marked, mask),
                key=f"where-{name}",
                title=located_by(name),
                note=_how_well(study, name, at),
                alt=_("Image with the true outline and what was marked: {result}").format(
                    result=_how_well(study, name, at)
                ),
            )
    st.caption(_("Yellow line: what was marked; dotted line: the true outline; colour: the probability of each place."))


def _how_well(study: SegmentationStudy, name: str, at: int) -> str:
    """What came of one case."""
    scores = study.scores[name]
    if study.lesions.masks[at].any():
        if not study.marked(name, at).any():
            return _("it is there, yet nothing is marked")
        hit = (
            _("the most probable point lies on it")
            if scores.pointing[at]
            else _("the most probable point lies elsewhere")
        )
        return _("overlap (Dice) {dice:.2f}; {hit}").format(dice=scores.dice[at], hit=hit)
    return (
        _("nothing is there, nothing is marked") if scores.clean[at] else _("nothing is there, yet something is marked")
    )


def _flat(row: dict) -> dict[str, float]:
    return {
        f"{metric} {part}": value
        for metric, mean in row["metrics"].items()
        for part, value in mean.items()
        if part != "cases"
    }


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _located(cohort: Cohort, input: str, finding: str, *, progress: Progress) -> SegmentationStudy:
    return studies.segmentation(cohort, input=input, finding=finding, progress=progress)
