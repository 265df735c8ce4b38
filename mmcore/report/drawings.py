"""Pictures of a report, drawn for paper: intervals of methods, calibration, missing inputs, as PNG."""

from __future__ import annotations

import io
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from mmcore.base.settings import _
from mmcore.evaluation.curves import Calibration
from mmcore.evaluation.kaplan_meier import KaplanMeier
from mmcore.report import fonts
from mmcore.report.document import Picture

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, GREY, FAINT = "#18242E", "#66747F", "#DFE6EB"
ACCENT, PLAIN, SINGLE = "#0E7C86", "#B0653A", "#8593A0"
DPI = 160


@dataclass(frozen=True)
class PredictedCurve:
    """What is predicted of one case over time.

    horizons, mean, low, high: [H] times, and the probability of the event by each with the least and the most that a
    model says. unit: of times. beside: what was seen in the thirds of the cohort with low, middle and high risk. seen:
    time to the event, or to the end of follow-up, and whether it came; None where that is not known.
    """

    horizons: np.ndarray
    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray
    unit: str
    beside: Mapping[str, KaplanMeier]
    seen: tuple[float, bool] | None = None


@dataclass(frozen=True)
class MethodScore:
    """A line of the picture of intervals. kind: "fusion", "single" or "plain"."""

    name: str
    mean: float
    low: float
    high: float
    kind: str


def intervals(scores: Sequence[MethodScore], metric: str, ceiling: float | None) -> Picture:
    """A dot with its interval for each method, in three groups told apart by their marks, not by colour alone."""
    height = 0.9 + 0.26 * len(scores)
    figure, axes = _blank(6.4, height)
    looks = {"fusion": (ACCENT, "o", ACCENT), "single": (SINGLE, "s", SINGLE), "plain": (PLAIN, "D", "white")}
    for row, score in enumerate(reversed(scores)):
        colour, mark, fill = looks[score.kind]
        if math.isfinite(score.low) and math.isfinite(score.high):
            axes.plot([score.low, score.high], [row, row], color=colour, lw=2, solid_capstyle="round")
        axes.plot([score.mean], [row], marker=mark, color=colour, markerfacecolor=fill, markersize=7, ls="none")
    axes.set_yticks(range(len(scores)), [score.name for score in reversed(scores)])
    if ceiling is not None:
        axes.axvline(ceiling, color=GREY, lw=1, ls="--")
        axes.annotate(
            _("best possible"), (ceiling, 1.0), xycoords=("data", "axes fraction"), color=GREY, fontsize=8, va="bottom"
        )
    axes.set_xlabel(metric)
    axes.set_ylim(-0.7, len(scores) - 0.3)
    return finished(figure, _("Intervals of {metric} by method").format(metric=metric), 6.4, height)


def calibration(curve: Calibration) -> Picture:
    """Stated probability against what came true, with intervals."""
    figure, axes = _blank(4.2, 3.6)
    axes.plot([0, 1], [0, 1], color=GREY, lw=1, ls="--")
    errors = np.abs(np.stack([curve.observed - curve.low, curve.high - curve.observed]))
    axes.errorbar(curve.stated, curve.observed, yerr=np.nan_to_num(errors), color=ACCENT, marker="o", lw=1.5, capsize=3)
    axes.set_xlim(-0.02, 1.02)
    axes.set_ylim(-0.02, 1.02)
    axes.set_xlabel(_("probability stated"))
    axes.set_ylabel(_("share that came true"))
    return finished(figure, _("Calibration: stated probability against what came true"), 4.2, 3.6)


def missing(shares: Mapping[str, float]) -> Picture:
    """How many cases lack each input, in percent."""
    height = 0.8 + 0.32 * len(shares)
    figure, axes = _blank(6.4, height)
    names = list(shares)[::-1]
    axes.barh(range(len(names)), [100 * shares[name] for name in names], color=ACCENT, height=0.55)
    for row, name in enumerate(names):
        digits = 1 if 0 < shares[name] < 0.01 else 0
        axes.annotate(f"{100 * shares[name]:.{digits}f} %", (100 * shares[name], row), xytext=(4, 0), va="center",
                      textcoords="offset points", color=GREY, fontsize=8)  # fmt: skip
    axes.set_yticks(range(len(names)), names)
    axes.set_xlim(0, max(10.0, 115 * max(shares.values(), default=0)))
    axes.set_xlabel(_("cases without this input, %"))
    return finished(figure, _("Share of cases that lack each input"), 6.4, height)


def without_event(groups: Mapping[str, KaplanMeier], unit: str, last: float) -> Picture:
    """Share without the event over time in each group, up to the time `last`, with 95% bands; three groups or fewer
    and all cases, told apart by their lines, not by colour alone."""
    figure, axes = _blank(6.4, 3.4)
    looks = [(ACCENT, "-"), (GREY, "-."), (PLAIN, "--"), (INK, ":")]  # dotted: all cases, without a band
    for (name, curve), (colour, line) in zip(groups.items(), looks, strict=False):
        inside = curve.times <= last
        times, free, low, high = (
            np.append(own[inside], own[inside][-1]) for own in (curve.times, curve.free, curve.low, curve.high)
        )
        times[-1] = last
        if line != ":":
            axes.fill_between(times, low, high, step="post", color=colour, alpha=0.12, lw=0)
        label = f"{name} (n = {int(curve.at_risk[0])})"
        axes.step(times, free, where="post", color=colour, ls=line, lw=1.8, label=label)
    _over_time(axes, unit, last)
    return finished(figure, _("Share without the event over time, by third of the predicted risk"), 6.4, 3.4)


def without_event_of_case(curve: PredictedCurve) -> Picture:
    """Share without the event that is predicted of one case, with its band, beside what was seen in the cohort."""
    figure, axes = _blank(6.4, 3.4)
    last = float(curve.horizons[-1])
    for (name, group), line in zip(curve.beside.items(), (":", "-.", "--"), strict=False):
        inside = group.times <= last
        times, free = (np.append(own[inside], own[inside][-1]) for own in (group.times, group.free))
        times[-1] = last
        axes.step(times, free, where="post", color=GREY, ls=line, lw=1.0, label=name)
    free, low, high = (1 - np.append(0.0, own) for own in (curve.mean, curve.high, curve.low))
    times = np.append(0.0, curve.horizons)
    axes.fill_between(times, low, high, color=ACCENT, alpha=0.15, lw=0)
    axes.plot(times, free, color=ACCENT, lw=2, label=_("predicted"))
    if curve.seen is not None:
        label = _("event") if curve.seen[1] else _("followed this far without the event")
        axes.axvline(min(curve.seen[0], last), color=PLAIN, ls=(0, (1, 1.5)), lw=1.5, label=label)
    _over_time(axes, curve.unit, last)
    return finished(figure, _("Curve of the predicted share without the event over time, with its band"), 6.4, 3.4)


def predicted_values(truth: np.ndarray, predicted: np.ndarray, target: str) -> Picture:
    """True values [N] against predicted ones [N], a dot a case; on the dashed line they are the same."""
    figure, axes = _blank(4.6, 3.9)
    ends = [float(min(truth.min(), predicted.min())), float(max(truth.max(), predicted.max()))]
    axes.plot(ends, ends, color=GREY, lw=1, ls="--")
    axes.scatter(predicted, truth, s=14, color=ACCENT, alpha=0.5, linewidths=0)
    axes.set_xlabel(_("predicted {target}").format(target=target))
    axes.set_ylabel(_("true {target}").format(target=target))
    return finished(figure, _("Predicted against true values"), 4.6, 3.9)


def _over_time(axes: Axes, unit: str, last: float) -> None:
    """Axes and legend of a share over time, up to the time `last`."""
    axes.set_xlim(0, last)
    axes.set_ylim(0, 1.02)
    axes.yaxis.set_major_formatter(lambda share, _at: f"{100 * share:.0f} %")
    axes.set_xlabel(_("time in {unit}").format(unit=unit) if unit else _("time"))
    axes.set_ylabel(_("without the event"))
    axes.legend(frameon=False, fontsize=8, loc="best", labelcolor=INK)


def _blank(width: float, height: float) -> tuple[Figure, Axes]:
    from matplotlib.figure import Figure  # without pyplot, which holds state and is not safe in threads

    figure = Figure(figsize=(width, height), dpi=DPI, layout="constrained")
    axes = figure.add_subplot()
    for side in ("top", "right"):
        axes.spines[side].set_visible(False)
    for side in ("left", "bottom"):
        axes.spines[side].set_color(FAINT)
    axes.grid(axis="x", color=FAINT, lw=0.8)
    axes.set_axisbelow(True)
    axes.tick_params(colors=INK, labelsize=9, length=0)
    axes.xaxis.label.set_color(GREY)
    axes.yaxis.label.set_color(GREY)
    return figure, axes


def finished(figure: Figure, alt: str, width: float, height: float) -> Picture:
    content = io.BytesIO()
    fonts.write_in(figure)
    figure.savefig(content, format="png", facecolor="white")
    return Picture(content.getvalue(), alt, width, height)
