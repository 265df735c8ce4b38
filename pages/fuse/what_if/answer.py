"""What a run says of the changed case, beside what it said of the case as it is."""

from __future__ import annotations

import numpy as np
import pandas as pd
import streamlit as st

from mmcore.base.name_lists import list_of
from mmcore.base.number_text import number_text
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.explain.what_if import WhatIf, WhatIfAnswer
from mmcore.figures import theme
from mmcore.figures import what_if as drawn
from mmcore.runs import Run
from pages.frame.markdown import escape
from pages.parts import chart, event_curve

_CLASSES = 10  # drawn


def show(run: Run, cohort: Cohort, session: WhatIf, answer: WhatIfAnswer, changed: bool) -> None:
    """The finding in a sentence, the prediction before and now, and the weights of the inputs."""
    start, models = session.start, len(session.panel)
    with st.container(border=True):
        st.markdown(_finding(run, start, answer, changed))
        if run.spec.task == "regression":
            st.metric(
                _("Predicted {target}").format(target=escape(run.spec.target or "")),
                number_text(answer.probabilities[0], 3),
                delta=number_text(answer.probabilities[0] - start.probabilities[0], 3, signed=True)
                if changed
                else None,
                help=_("range over the models: {low} to {high}").format(
                    low=number_text(answer.low[0], 3), high=number_text(answer.high[0], 3)
                )
                if models > 1
                else _("one model: spread unknown"),
            )
        elif run.spec.task == "survival":
            before = start.probabilities if changed else None
            event_curve.headline(run, answer.probabilities, answer.low, answer.high, before, models=models)
            event_curve.curve(
                run, answer.probabilities, answer.low, answer.high, key="what-if-classes", before=before,
                note=_band(models, _("band: range over the models")),
            )  # fmt: skip
        else:
            _classes(run, start, answer, changed, models)
        if changed:
            took = f"{answer.seconds:.1f} s" if answer.seconds >= 1 else f"{1000 * answer.seconds:.0f} ms"
            st.caption(_("Answered in {time}.").format(time=took))
    if answer.weights or start.weights:
        with st.container(border=True):
            _weights(cohort, start, answer, changed, models)


def _band(models: int, several: str, changed: bool = False) -> str:
    """What the marks of a figure mean; a single model has no band. several: what the band of several models is."""
    marks = [_("ring: as the case is; dot: changed")] if changed else []
    return "; ".join([*marks, several if models > 1 else _("one model: spread unknown")])


def _finding(run: Run, start: WhatIfAnswer, answer: WhatIfAnswer, changed: bool) -> str:
    """What the change did, in a sentence."""
    if run.spec.task == "regression":
        target = escape(run.spec.target or "")
        if not changed:
            return _("**Nothing is changed yet.** Predicted {target}: {value}.").format(
                target=target, value=number_text(start.probabilities[0], 3)
            )
        before, after = (number_text(prediction.probabilities[0], 3) for prediction in (start, answer))
        if before == after:
            return _("**The change hardly matters**: the predicted {target} is still {value}.").format(
                target=target, value=after
            )
        return _("The predicted {target} moves from **{before}** to **{after}**.").format(
            target=target, before=before, after=after
        )
    if run.spec.task == "survival":
        at, horizon = start.chosen, escape(run.spec.classes[start.chosen])
        if not changed:
            return _("**Nothing is changed yet.** The probability of the event by {horizon} is {value:.0%}.").format(
                value=start.probabilities[at], horizon=horizon
            )
        before, after = (f"{prediction.probabilities[at]:.0%}" for prediction in (start, answer))
        if before == after:
            return _("**The change hardly matters**: the risk of the event by {horizon} is still {value}.").format(
                horizon=horizon, value=after
            )
        return _("The risk of the event by {horizon} moves from **{before}** to **{after}**.").format(
            horizon=horizon, before=before, after=after
        )
    if run.spec.task == "multilabel":
        return _finding_of_labels(run, start, answer, changed)
    before, after = (escape(_classes_in_words(run)[prediction.chosen]) for prediction in (start, answer))
    sure, now = float(start.probabilities[start.chosen]), float(answer.probabilities[start.chosen])
    if not changed:
        return _("**Nothing is changed yet.** The model predicts {class_}, {sure:.0%} likely.").format(
            class_=before, sure=sure
        )
    if answer.chosen != start.chosen:
        return _(":material/swap_horiz: **The prediction flips from {before} to {after}** ({sure:.0%}).").format(
            before=before, after=after, sure=float(answer.probabilities[answer.chosen])
        )
    points = round(100 * now) - round(100 * sure)  # as they are read: 82% instead of 80% is 2 points
    if points == 0:
        return _("**The change hardly matters**: still {class_}, {now:.0%}.").format(class_=before, now=now)
    return counted(
        abs(points),
        "**{sign}{count} point**: still {class_}, {now:.0%} instead of {sure:.0%}.",
        "**{sign}{count} points**: still {class_}, {now:.0%} instead of {sure:.0%}.",
        sign="+" if points > 0 else "−", class_=before, now=now, sure=sure,
    )  # fmt: skip


def _classes_in_words(run: Run) -> list[str]:
    return [name.replace("_", " ") for name in run.spec.classes]


def _finding_of_labels(run: Run, start: WhatIfAnswer, answer: WhatIfAnswer, changed: bool) -> str:
    """Which labels come and go; where none does, how far the likeliest one moves."""
    names = _classes_in_words(run)
    if not changed:
        calls = list_of(names[k] for k in sorted(start.decision)) or _("none")
        return _("**Nothing is changed yet.** The model predicts: {labels}.").format(labels=escape(calls))
    more = list_of(names[k] for k in sorted(answer.decision - start.decision)) or _("none")
    less = list_of(names[k] for k in sorted(start.decision - answer.decision)) or _("none")
    if answer.decision != start.decision:
        return _(":material/swap_horiz: **The predicted labels change**: added: {more}; dropped: {less}.").format(
            more=escape(more), less=escape(less)
        )
    k = int(np.abs(answer.probabilities - start.probabilities).argmax())
    before, now = f"{start.probabilities[k]:.0%}", f"{answer.probabilities[k]:.0%}"
    if before == now:
        return _("**The change hardly matters**: the same labels are predicted.")
    return _("**The same labels are predicted**; {label} moves most, from {before} to {now}.").format(
        label=escape(names[k]), before=before, now=now
    )


def _classes(run: Run, start: WhatIfAnswer, answer: WhatIfAnswer, changed: bool, models: int) -> None:
    order = np.argsort(-np.maximum(start.probabilities, answer.probabilities))[:_CLASSES]
    order = np.sort(order)
    every = _classes_in_words(run)
    names = [every[i] for i in order]
    rows = pd.DataFrame(
        {
            "class": names,
            "before": start.probabilities[order],
            "now": answer.probabilities[order],
            "low": answer.low[order],
            "high": answer.high[order],
        }
    )
    chart.show(
        drawn.before_after(
            names,
            start.probabilities[order] if changed else None,
            answer.probabilities[order],
            answer.low[order],
            answer.high[order],
            theme.class_colours(every),
            title=_("probability"),
        ),
        key="what-if-classes",
        title=_("Prediction of {target}").format(target=run.spec.target),
        note=_band(models, _("band: range over the models"), changed),
        data=rows,
        alt=_("Predicted probabilities before and after the change"),
    )


def _weights(cohort: Cohort, start: WhatIfAnswer, answer: WhatIfAnswer, changed: bool, models: int) -> None:
    names = [name for name in start.weights or answer.weights if not {name} <= {*start.missing} & {*answer.missing}]
    before, now, sd = (
        np.array([weights.get(name, (0.0, 0.0))[i] for name in names])
        for weights, i in ((start.weights, 0), (answer.weights, 0), (answer.weights, 1))
    )
    chart.show(
        drawn.before_after(
            names,
            before if changed else None,
            now,
            np.clip(now - sd, 0, 1),
            np.clip(now + sd, 0, 1),
            theme.colour_of_input(cohort.inputs),
            title=_("share of the weight"),
        ),
        key="what-if-weights",
        title=_("Weight of each input"),
        note=_band(models, _("band: ± standard deviation over models"), changed),
        data=pd.DataFrame({"input": names, "before": before, "now": now, "sd": sd}),
        alt=_("Input weights before and after the change"),
    )
