"""What each input adds: the same method on every subset of the inputs, their fair shares, and what they cost."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from mmcore import studies
from mmcore.base.capitals import capitalised
from mmcore.base.name_lists import list_of
from mmcore.base.progress import Progress
from mmcore.base.settings import _
from mmcore.base.signed_numbers import signed
from mmcore.cohorts import Cohort
from mmcore.evaluation import gap_digits, lower_is_better, metric_label
from mmcore.figures import input_contributions, input_subsets, theme
from mmcore.figures.comparison import method_name
from mmcore.runs import EncoderChoice, Run
from mmcore.studies.lattice import FUSION, MOST, lattice_specs
from pages.frame import cohort_picker
from pages.frame.markdown import escape
from pages.parts import chart, on_request
from pages.study.compare import same_settings


def show(runs: list[Run], cohort: Cohort, tints: dict[str, str]) -> None:
    """Scores of every subset, what each input adds, and, where costs are given, what is worth its price."""
    inputs = choose_inputs(cohort)
    if inputs is None:
        return
    if mixed := same_settings.differences(runs, options=False):
        text = _("The runs shown differ in {what}. What inputs add is estimated with one setting for all: show runs of "
                 "one setting only.")  # fmt: skip
        st.info(escape(text.format(what=list_of(mixed))), icon=":material/info:")
        return
    spec, encoders = runs[0].spec, same_settings.encoders_of(runs, cohort)
    settings = same_settings.settings_of(spec)
    document = on_request.result(
        f"lattice {cohort.key} {spec.folds} {spec.seeds} {spec.split} {inputs} "
        + same_settings.purpose(cohort, encoders, spec.training),
        _lattice, cohort, inputs, encoders, settings,
        label=_("Training every subset of the inputs"),
        offer=_("Train every subset"),
        about=_(
            "Trains {fusion} on every set of inputs, {count} in all, and shows what each input adds to the "
            "others. Sets trained before are not trained again."
        ).format(fusion=method_name(FUSION), count=2 ** len(inputs) - 1),
        seconds=lambda: _seconds(cohort, inputs, encoders, settings),
    )  # fmt: skip
    if document is not None:
        figures(document, cohort)


def choose_inputs(cohort: Cohort) -> list[str] | None:
    """The inputs whose subsets are trained; None where there are too few or too many."""
    usable = studies.usable_inputs(cohort)
    if len(usable) < 2:
        st.info(_("This cohort has a single input: there is nothing to add to it."), icon=":material/info:")
        cohort_picker.offer_roles(cohort)
        return None
    if len(usable) <= MOST:
        return list(usable)
    chosen = st.multiselect(
        _("Inputs, at most {most}").format(most=MOST), usable, default=usable[:MOST], max_selections=MOST,
        format_func=escape, key="lattice-inputs",
    )  # fmt: skip
    if len(chosen) >= 2:
        return [name for name in usable if name in chosen]
    st.info(_("Choose two inputs or more."), icon=":material/info:")
    return None


def figures(document: Mapping[str, Any], cohort: Cohort) -> None:
    """The pictures of a finished lattice."""
    metric, tints = document["metric"], theme.colour_of_input(cohort.inputs)
    subsets, shapley = pd.DataFrame(document["subsets"]), pd.DataFrame(document["shapley"])
    used = {name: tints[name] for name in tints if name in set(shapley["input"])}
    shapley["share"] = shapley["share"].astype(float)
    digits = gap_digits(metric, *shapley["mean"])
    st.markdown(f"**{escape(finding(shapley, metric))}**")
    chart.show(
        input_subsets.subset_scores(subsets, metric, used),
        key="lattice-subsets",
        title=_("{metric} of every set of inputs").format(metric=metric_label(metric)),
        note=_("trained with {fusion}; 95% intervals; filled: the best of all; below: which inputs a set has").format(
            fusion=method_name(FUSION)
        ),
        data=subsets,
        alt=input_subsets.alt_text(subsets, metric),
    )
    chart.show(
        input_contributions.contributions(pd.DataFrame(document["gains"]), shapley, metric, used),
        key="lattice-contributions",
        title=_("What each input adds"),
        note=_("to each set of the others; the diamond is the fair average of these (Shapley value)"),
        data=pd.DataFrame(document["gains"]),
        alt=_("What each input adds: {parts}").format(
            parts=list_of(f"{row.input} {signed(row.mean, digits)}" for row in shapley.itertuples())
        ),
    )
    costs(subsets, metric, list(used))


def finding(shapley: pd.DataFrame, metric: str) -> str:
    """Which input adds most and which least, in a sentence. shapley: `input` and `mean`, more is better."""
    digits = gap_digits(metric, *shapley["mean"])
    most, least = shapley.loc[shapley["mean"].idxmax()], shapley.loc[shapley["mean"].idxmin()]
    high, low = signed(most["mean"], digits), signed(least["mean"], digits)
    if most["mean"] < 0:
        none = (
            _(
                "No input lowers {metric}, averaged over every set of the others: {most} raises it least, by {high}; "
                "{least} raises it most, by {low}."
            )
            if lower_is_better(metric)
            else _(
                "No input raises {metric}, averaged over every set of the others: {most} lowers it least, by {high}; "
                "{least} lowers it most, by {low}."
            )
        )
        return none.format(
            metric=metric_label(metric),
            most=most["input"], high=high.lstrip("−"), least=least["input"], low=low.lstrip("−"),
        )  # fmt: skip
    words = _(
        "{most} adds most: {high} {metric}, averaged over every set of the other inputs. {least} adds least: {low}."
    )
    if lower_is_better(metric):  # what is added is then an error less
        words = (
            _(
                "{most} adds most: it lowers {metric} by {high}, averaged over every set of the other inputs. {least} "
                "adds least: it lowers {metric} by {low}."
            )
            if least["mean"] >= 0
            else _(
                "{most} adds most: it lowers {metric} by {high}, averaged over every set of the other inputs. {least} "
                "adds least: it raises {metric} by {low}."
            )
        )
        high, low = high.removeprefix("+"), low.lstrip("+−")
    most_name, least_name = capitalised(most["input"]), capitalised(least["input"])
    return words.format(most=most_name, high=high, least=least_name, low=low, metric=metric_label(metric))


def costs(subsets: pd.DataFrame, metric: str, inputs: list[str]) -> None:
    """What inputs cost, if the reader says so, against what their sets give."""
    with st.expander(_("What acquiring an input costs"), icon=":material/payments:"):
        st.caption(_("In any unit, such as money, minutes or dose; left at 0 it costs nothing."))
        unit = st.text_input(_("Unit"), key="lattice-unit", placeholder=_("EUR, minutes"), width=240)
        slots = st.columns(len(inputs))
        each = {
            name: slot.number_input(escape(name), min_value=0.0, value=0.0, key=f"lattice-cost-{name}")
            for name, slot in zip(inputs, slots, strict=True)
        }
    if not np.any(list(each.values())):
        return
    priced = subsets.assign(cost=[sum(each[name] for name in some) for some in subsets["inputs"]])
    chart.show(
        input_subsets.acquisition(priced, metric, unit),
        key="lattice-costs",
        title=_("What is worth its price"),
        note=_("named: no other set of inputs is better at the same cost or less"),
        data=priced,
        alt=_("Scatter plot of the cost of sets of inputs against {metric}").format(metric=metric_label(metric)),
    )


def _seconds(
    cohort: Cohort, inputs: list[str], encoders: Mapping[str, EncoderChoice], settings: studies.StudySettings
) -> float:
    return studies.expected_seconds(cohort, lattice_specs(cohort, encoders, settings, inputs=inputs).values())


def _lattice(
    cohort: Cohort, inputs: list[str], encoders: Mapping[str, EncoderChoice], settings: studies.StudySettings, *,
    progress: Progress,
) -> dict[str, Any]:  # fmt: skip
    return studies.lattice(cohort, encoders, settings, inputs=inputs, progress=progress).document()
