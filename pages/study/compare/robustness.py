"""Methods under stress, and what kind of information there is: missing inputs, noise, unique and shared bits."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.capitals import capitalised
from mmcore.base.name_lists import list_of
from mmcore.base.progress import Progress, part_of
from mmcore.base.score_digits import written
from mmcore.base.settings import _
from mmcore.cohorts import Cohort
from mmcore.evaluation import lower_is_better, metric_label
from mmcore.figures import robustness as drawn
from mmcore.figures import theme
from mmcore.figures.comparison import method_name
from mmcore.figures.information import pairs
from mmcore.runs import EncoderChoice, Run
from mmcore.studies.information import SHOWN, information_specs
from pages.frame import cohort_picker
from pages.frame.markdown import escape
from pages.parts import chart, on_request
from pages.parts.comparison import best, colours, label
from pages.study.compare import modality_dropout_twin, same_settings


def robustness(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    """Score of each of these runs while an input goes missing or grows noisy at test time."""
    purpose = f"robust {cohort.key} " + " ".join(sorted(run.key[:12] for run in runs))
    rows = on_request.result(
        purpose,
        _rows,
        runs,
        cohort,
        label=_("Taking inputs away, adding noise"),
        offer=_("Take inputs away and add noise"),
        about=_("Tests these methods with each input missing in ever more cases, or ever noisier. Nothing is trained."),
        seconds=lambda: studies.robustness_seconds(runs),
    )
    if rows is None:
        return
    rows = [*rows, *modality_dropout_twin.rows(runs, cohort)]
    table = pd.DataFrame(rows).assign(metric=runs[0].spec.metric)
    by_key = {run.key: run for run in runs}
    table["name"] = [label(by_key[row["run"]], runs) + row.get("twin", "") for row in rows]
    kinds = {"absent": _("Input missing"), "noise": _("Input noisy")}
    every = colours(runs, cohort)
    tints = {run.method: every[label(run, runs)] for run in runs}
    titles = {"absent": _("When an input goes missing"), "noise": _("When an input grows noisy")}
    kind = st.segmented_control(
        _("How an input fails"),
        list(kinds),
        default="absent",
        format_func=kinds.__getitem__,
        key="stress-kind",
        required=True,
    )
    shown = table[table["kind"] == kind]
    if shown.empty:
        st.info(
            _("The encoders of these inputs read raw values; noise is added only to features."),
            icon=":material/info:",
        )
        return
    top = best([by_key[key] for key in dict.fromkeys(shown["run"])], runs[0].spec.metric)
    if sentence := dearest_input(shown[shown["run"] == top.key], kind, label(top, runs)):
        st.markdown(f"**{escape(sentence)}**")
    note = _("tested on cases that the models had not seen; band: 95% interval of the best method")
    if kind == "noise":
        note += _(
            "; noise: each value is shifted by another case's distance from the average, times the strength; that case "
            "is drawn at random (at 1, values move as much as cases differ)"
        )
    if (shown.get("modality_dropout", pd.Series([1.0])) == 0).any():
        note += _("; dotted: trained without modality dropout")
    chart.show(
        drawn.curves(shown, runs[0].spec.metric, tints, band=label(top, runs)),
        key=f"robust-{kind}",
        title=titles[kind],
        note=note,
        data=shown.drop(columns=["run", "twin", "metric"], errors="ignore"),
        alt=_("Score of each method while an input is missing or noisy"),
    )
    modality_dropout_twin.offer(runs, cohort)


def dearest_input(rows: pd.DataFrame, kind: str, method: str) -> str:
    """Which input one method can do without least, in a sentence; "" where none makes it worse.

    rows: of one method under one kind of stress (`input`, `level`, `mean`, `metric`).
    """
    metric = rows["metric"].iloc[0]
    sign = -1.0 if lower_is_better(metric) else 1.0
    ends = rows.sort_values("level").groupby("input", sort=False)["mean"].agg(["first", "last"]).dropna()
    fall = sign * (ends["first"] - ends["last"])
    if not len(fall) or fall.max() <= 0:
        return ""
    name = str(fall.idxmax())
    sentence = {
        "absent": _("{method} does worst without {input}: {metric} goes from {before} to {after}."),
        "noise": _("Noise in {input} harms {method} most: {metric} goes from {before} to {after}."),
    }[kind]
    before, after = ends.loc[name]
    words = sentence.format(
        method=method_name(method),
        input=name,
        metric=metric_label(metric),
        before=written(before),
        after=written(after),
    )
    return capitalised(words)


def _rows(runs: list[Run], cohort: Cohort, *, progress: Progress) -> list[dict[str, Any]]:
    scores = []
    for i, run in enumerate(runs):
        step = part_of(progress, method_name(run.method), i, len(runs))
        scores += modality_dropout_twin.of_run(run, cohort, step)
    return scores


def information(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    """Unique, redundant and synergistic bits of every pair of inputs."""
    spec = runs[0].spec
    if len(studies.usable_inputs(cohort)) < 2:
        st.info(_("This cohort has a single input: there is nothing to separate."), icon=":material/info:")
        cohort_picker.offer_roles(cohort)
        return
    if mixed := same_settings.differences(runs, options=False):
        st.info(
            escape(
                _(
                    "The runs shown differ in {what}. What inputs hold is estimated with one setting for all: "
                    "show runs of one setting only."
                ).format(what=list_of(mixed))
            ),
            icon=":material/info:",
        )
        return
    encoders, settings = same_settings.encoders_of(runs, cohort), same_settings.settings_of(spec)
    document = on_request.result(
        f"information {cohort.key} {spec.folds} {spec.seeds} {spec.split} "
        + same_settings.purpose(cohort, encoders, spec.training),
        _information,
        cohort,
        encoders,
        settings,
        label=_("Training single inputs, pairs and all"),
        offer=_("Estimate the kinds of information"),
        about=_(
            "Trains each input alone, each pair, and all together, and compares what only one tells, what either "
            "tells, and what only both tell. Models trained before are not trained again."
        ),
        seconds=lambda: studies.expected_seconds(cohort, information_specs(cohort, encoders, settings).values()),
    )
    if document is None:
        return
    if whole := document["whole"]:
        sentence = _(
            "All inputs together give {mean:.2f} of the {entropy:.2f} bits of information that there are "
            "to know (1 bit: the answer to a yes-or-no question whose two answers are equally likely)."
        ).format(mean=whole["mean"], entropy=document["entropy"])
        st.markdown(f"**{sentence}** " + _("The 95% interval runs from {low:.2f} to {high:.2f}.").format(**whole))
    chart.show(
        pairs(document["pairs"], theme.colour_of_input(cohort.inputs)),
        key="information-pairs",
        title=_("Kinds of information in each pair of inputs"),
        note=_(
            "bits of information about {target}, on cases that the models had not seen, with 95% "
            "intervals; grey ticks: the range over other definitions of what both inputs tell; the list "
            "below names only parts whose whole interval lies above {least} bits"
        ).format(target=spec.target, least=SHOWN),
        data=_frame(document),
        alt=_("Unique, redundant and synergistic information of every pair of inputs"),
    )
    st.markdown("\n".join(f"- {escape(pair['text'])}" for pair in document["pairs"]))
    st.caption(document["limits"])
    if any(run.spec.copies for run in runs):
        st.caption(_("Trained without the augmented copies that the runs shown were trained with."))


def _information(
    cohort: Cohort,
    encoders: Mapping[str, EncoderChoice],
    settings: studies.StudySettings,
    *,
    progress: Progress,
) -> dict[str, Any]:
    return studies.information(cohort, encoders, settings, progress=progress).document()


def _frame(document: dict[str, Any]) -> pd.DataFrame:
    rows = []
    for pair in document["pairs"]:
        name = " + ".join(pair["inputs"])
        rows += [
            {"pair": name, "part": _("only {input}").format(input=i), **bits} for i, bits in pair["unique"].items()
        ]
        rows += [{"pair": name, "part": part, **pair[part]} for part in ("redundant", "synergistic", "both")]
    return pd.DataFrame(rows)
