"""One case in a report, where somebody picked it: what it holds, what a method says, what each input adds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmcore.base.channel_names import channel_names
from mmcore.base.name_lists import first_of, list_of
from mmcore.base.number_text import cell_text, number_text
from mmcore.base.settings import _, counted
from mmcore.base.values import Case, InputSpec, Kind, Signal, Value
from mmcore.report.document import Picture, Section, Table
from mmcore.report.drawings import DPI, GREY, INK, PredictedCurve, finished, without_event_of_case

if TYPE_CHECKING:
    from matplotlib.axes import Axes

_MOST_LETTERS = 600  # of a text
_HOURS_FROM = 7200.0  # seconds from which time is told in hours
_MOST_CHANNELS = 12


@dataclass(frozen=True)
class WorkedCase:
    """What a method says of one case.

    sentence: the finding. adds, without: by input, as text; what it adds to the answer, and the answer without it.
    over_time: of a time to an event, the curve. in_points: whether what is added is counted in points of a probability,
    not in the target's unit. learnt_from: the models may have learnt from the case.
    """

    case: Case
    method: str
    sentence: str
    adds: Mapping[str, str]
    without: Mapping[str, str]
    over_time: PredictedCurve | None = None
    in_points: bool = True
    learnt_from: bool = False


def worked_case(worked: WorkedCase, inputs: Mapping[str, InputSpec]) -> list[Section]:
    """The answer with the inputs as pictures, of an event its curve; then each input, what it adds, and the answer
    without it."""
    case = worked.case
    lines = [worked.sentence]
    if case.target is not None:
        lines.append(_("In truth: {truth}.").format(truth=str(case.target).replace("_", " ")))
    by_whom = (
        _(
            "Answered by {method}, by models that may have learnt from this case: the answer looks better than one to "
            "a new case. It was picked by hand and proves nothing."
        )
        if worked.learnt_from
        else _(
            "Answered by {method}, by models that had not seen this case. The case was picked by hand and "
            "proves nothing."
        )
    )
    lines.append(by_whom.format(method=worked.method.replace("_", " ")))
    heading = _("One case: {id}").format(id=case.id)
    rows = [
        (
            name,
            _in_words(case.values.get(name), spec),
            worked.adds.get(name, "–"),
            worked.without.get(name, "–"),
        )
        for name, spec in inputs.items()
    ]
    adds = _("adds, in percentage points") if worked.in_points else _("adds, in the target's unit")
    heads = (_("input"), _("content"), adds, _("answer without it"))
    table = Table(heads, tuple(rows), _("Adds: the input's fair share of the answer (its Shapley value)."))
    picture = _picture({name: case.values[name] for name in inputs if name in case.values}, inputs)
    return [
        Section(heading, tuple(lines), None, picture),
        *_curve(worked),
        Section(_("{id}, input by input").format(id=case.id), (), table),
    ]


def _curve(worked: WorkedCase) -> list[Section]:
    curve = worked.over_time
    if curve is None:
        return []
    single = np.array_equal(curve.low, curve.high)
    line = _(
        "Predicted probability that this case is still without the event; {band}. Thin steps: "
        "what was observed in the thirds of the cohort that the method gave low, middle and high risk."
    ).format(band=_("one model: spread unknown") if single else _("band: range over the models"))
    heading = _("{id}, over time").format(id=worked.case.id)
    return [Section(heading, (line,), None, without_event_of_case(curve))]


def _in_words(value: Value | None, spec: InputSpec) -> str:
    """A value as a person would read it out."""
    if value is None:
        return _("missing")
    if isinstance(value, str):
        return value if len(value) <= _MOST_LETTERS else value[:_MOST_LETTERS].rsplit(" ", 1)[0] + " …"
    if isinstance(value, Signal):
        names, length = first_of(value.channel_names, _MOST_CHANNELS), value.samples.shape[1]
        channels = names or counted(len(value.samples), "{count} channel", "{count} channels")
        if not value.rate_hz:  # nobody told it
            return _("{length} samples of {channels}, see the picture").format(length=length, channels=channels)
        if length / value.rate_hz > _HOURS_FROM:
            hours = length / value.rate_hz / 3600
            return _("{hours:.3g} h of {channels}, see the picture").format(hours=hours, channels=channels)
        return _("{seconds} s of {channels}, see the picture").format(
            seconds=number_text(length / value.rate_hz, 3), channels=channels
        )
    if isinstance(value, np.ndarray):
        return _("see the picture")
    units = {column.name: column.unit or "" for column in spec.table}
    return "; ".join(
        f"{name} {cell_text(cell, _('not known'))} {units.get(name, '')}".strip() for name, cell in value.items()
    )


def _picture(values: Mapping[str, Value], inputs: Mapping[str, InputSpec]) -> Picture | None:
    """Images and signals side by side; None where the case has neither."""
    from matplotlib.figure import Figure  # without pyplot, which holds state and is not safe in threads

    drawn = [name for name, value in values.items() if isinstance(value, (np.ndarray, Signal))]
    if not drawn:
        return None
    most = max((len(v.samples) for v in values.values() if isinstance(v, Signal)), default=1)
    height = min(2.2 + 0.22 * max(min(most, _MOST_CHANNELS) - 1, 0), 4.4)
    figure = Figure(figsize=(6.4, height), dpi=DPI, layout="constrained")
    wide = [1.0 if inputs[name].kind is Kind.IMAGE else 1.6 for name in drawn]
    for axes, name in zip(figure.subplots(1, len(drawn), width_ratios=wide, squeeze=False)[0], drawn, strict=True):
        value = values[name]
        axes.set_title(name, fontsize=9, color=INK, loc="left")
        for side in axes.spines.values():
            side.set_visible(False)
        axes.tick_params(colors=GREY, labelsize=7, length=0)
        axes.set_yticks([])
        if isinstance(value, Signal):
            _traces(axes, value)
        elif isinstance(value, np.ndarray):
            axes.imshow(value, cmap="gray" if value.ndim == 2 else None)
            axes.set_xticks([])
    return finished(figure, _("The inputs of the case: {names}").format(names=list_of(drawn)), 6.4, height)


def _traces(axes: Axes, signal: Signal) -> None:
    """Channels one under the other, each on the same scale."""
    samples = np.nan_to_num(signal.samples[:_MOST_CHANNELS].astype(float))
    step = 1.1 * max(float(np.ptp(samples, axis=1).max()), 1e-9)
    times, unit = np.arange(samples.shape[1]) / signal.rate, _("seconds") if signal.rate_hz else _("samples")
    if signal.rate_hz and times[-1] > _HOURS_FROM:
        times, unit = times / 3600, _("hours")
    for row, channel in enumerate(samples):
        axes.plot(times, channel - np.median(channel) - row * step, color=INK, lw=0.6)
    names = channel_names(signal)[: len(samples)] if len(signal.samples) > 1 else list(signal.channel_names) or [""]
    axes.set_yticks([-row * step for row in range(len(samples))], names)
    axes.set_xlabel(unit, fontsize=8, color=GREY)
