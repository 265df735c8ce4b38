"""A flag and a time, two columns of a table, made one target: the time to an event, some of them censored."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmcore.base import survival_times
from mmcore.base.errors import RolesNeeded
from mmcore.base.name_lists import any_of, first_of, list_of
from mmcore.base.settings import _, counted
from mmcore.cohorts.followup import FollowUp
from mmcore.cohorts.names import class_name, plain
from mmcore.cohorts.target import positive_of

_LEAST_EVENTS = 5
_CENSORING = ("censor", "censored", "censoring")
_UNITS = (
    ("years", ("year", "yr", "jahre", "années", "años", "年")),
    ("months", ("month", "mth", "monate", "mois", "月", "개월")),
    ("weeks", ("week", "wochen", "semaines", "周")), ("days", ("day", "tage", "jours", "días", "日", "天")),
    ("hours", ("hour",)),
)  # fmt: skip
_NAMED = 5  # ids that are named


@dataclass(frozen=True, eq=False)
class TimeToEvent:
    """name: of the column that is made; cells: written as in `survival_times`; horizons: see there."""

    name: str
    cells: pd.Series
    horizons: tuple[str, ...]
    problems: list[str]


def time_to_event(table: pd.DataFrame, pair: FollowUp, positive: str | None) -> TimeToEvent:
    """The target of two columns. positive: the flag that means that the event was seen; inferred by default.

    Raises RolesNeeded where too few events are left to learn from, NotFound for a flag that is not there.
    """
    flags = [class_name(cell) for cell in table[pair.event]]
    names = sorted({name for name in flags if name is not None})
    event = _event(table[pair.event], pair, names, positive)
    times = pd.to_numeric(table[pair.time], errors="coerce").to_numpy(dtype=float)
    seen = np.array([flag == event for flag in flags])
    if pair.until:
        until = pd.to_numeric(table[pair.until], errors="coerce").to_numpy(dtype=float)
        times = np.where(np.isnan(times) & ~seen, until, times)
    target = survival_times.signed(times, seen)
    target[[flag is None for flag in flags]] = np.nan
    _check(target, pair, event, names)
    name, number = f"time to {pair.event}", 2
    while name in table:
        name, number = f"time to {pair.event} {number}", number + 1
    cells = pd.Series([survival_times.written(own) for own in target], index=table.index, dtype=object)
    problems = [_introduction(target, pair, event, names), *_left_out(table, pair, times, flags)]
    if pair.until:
        problems.append(
            _(
                "Where '{time}' is empty and the event was not seen, '{until}' says how long the case was followed."
            ).format(time=pair.time, until=pair.until)
        )
    if not (target < 0).any():
        problems.append(
            _(
                "The cases without the event have no times, so a model could learn only from cases with "
                "the event, which does not show who will have the event. Fill in how long the others "
                "were followed."
            )
        )
    return TimeToEvent(name, cells, survival_times.horizons(target, _unit(pair.time)), problems)


def codes_in(column: pd.Series) -> np.ndarray:
    """[N] signed times of a column that was made here, NaN where it is empty."""
    return np.array([survival_times.read(cell) for cell in column], dtype=float)


def horizons_of(column: pd.Series) -> tuple[str, ...]:
    """The horizons of such a column; its name may say the unit. Raises RolesNeeded where it holds no events."""
    target = codes_in(column)
    _check(target, FollowUp(str(column.name), str(column.name)), "", [])
    return survival_times.horizons(target, _unit(str(column.name)))


def _event(column: pd.Series, pair: FollowUp, names: list[str], positive: str | None) -> str:
    if len(names) < 2:
        raise RolesNeeded(
            _("Column '{event}' is the same in every case, so it does not show who had the event.").format(
                event=pair.event
            ),
            _("Name the column that tells whether the event was seen."),
        )
    chosen = positive_of(column, positive)
    if positive is None and len(names) == 2 and plain(pair.event) in _CENSORING:
        return next(name for name in names if name != chosen)  # a 1 there says that it was not seen
    return chosen


def _check(target: np.ndarray, pair: FollowUp, event: str, names: list[str]) -> None:
    count = int(survival_times.events(target).sum())
    if count < _LEAST_EVENTS:
        raise RolesNeeded(
            counted(count, "Only {count} case has the event.", "Only {count} cases have the event.")
            if not names
            else counted(
                count,
                "Only {count} case has the event ('{event}' is '{flag}') at a time above 0.",
                "Only {count} cases have the event ('{event}' is '{flag}') at a time above 0.",
                event=pair.event,
                flag=event,
            ),
            _("Say which of these values marks the event: {flags}.").format(flags=list_of(names))
            if names
            else _("Add cases in which the event was seen."),
        )


def _introduction(target: np.ndarray, pair: FollowUp, event: str, names: list[str]) -> str:
    followed = survival_times.followed(target)
    sentence = _(
        "The target is the time to an event. Column '{event}' says whether it was seen ('{flag}'); '{time}' "
        "says when, or how long the case was followed without it. {count} of {cases} cases had the event."
    ).format(
        event=pair.event, flag=event, time=pair.time, count=int(survival_times.events(target).sum()),
        cases=int(followed.sum()),
    )  # fmt: skip
    others = [name for name in names if name != event]
    if len(others) > 1:
        sentence += " " + _("Cases with {flags} are taken to have had no event up to the time given for them.").format(
            flags=any_of([f"'{name}'" for name in others])
        )
    return sentence


def _left_out(table: pd.DataFrame, pair: FollowUp, times: np.ndarray, flags: list[str | None]) -> list[str]:
    """A sentence for every way in which a case cannot be used."""
    flagged = np.array([flag is not None for flag in flags])
    ways = (
        (np.isfinite(times) & (times < 0), _("a time below 0 in '{time}'")),
        (np.isfinite(times) & (times == 0), _("an uninformative time of 0 in '{time}'")),
        (~np.isfinite(times), _("no time in '{time}'")),
        (~flagged, _("no value in '{event}'")),
    )
    sentences = []
    for rows, what in ways:
        ids = [str(id) for id in table.index[rows]]
        if ids:
            sentences.append(
                counted(
                    len(ids),
                    "{count} case has {what} and counts as unlabelled: {ids}.",
                    "{count} cases have {what} and count as unlabelled: {ids}.",
                    what=what.format(time=pair.time, event=pair.event),
                    ids=first_of(ids, _NAMED),
                )
            )
    return sentences


def _unit(name: str) -> str:
    """What times are counted in, if the name of their column says so."""
    parts = plain(name)
    return next((unit for unit, words in _UNITS if any(word in parts for word in words)), "")
