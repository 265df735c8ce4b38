"""Follow-up in a table: one column says whether something happened, another one when, or how long nothing had."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from mmcore.cohorts.column_content import is_numbers
from mmcore.cohorts.names import plain

_EVENTS = (
    "event", "deathevent", "death", "dead", "died", "deceased", "status", "vitalstatus", "censor", "censored",
    "censoring", "fustat", "osevent", "osstatus", "pfsevent", "pfsstatus", "dfsevent", "dfsstatus", "eventobserved",
    "eventoccurred", "relapse", "结局", "死亡", "生存状态",
)  # fmt: skip
_TIMES = (
    "futime", "followup", "followuptime", "followupdays", "followupmonths", "followupyears", "survivaltime",
    "survivaldays", "survivalmonths", "timetoevent", "tte", "ostime", "osdays", "osmonths", "overallsurvivalmonths",
    "overallsurvivaldays", "timetodeath", "daystodeath", "daystoevent", "eventtime", "pfstime", "pfsmonths", "pfsdays",
    "dfstime", "dfsmonths", "time", "timedays", "timemonths", "timeyears", "duration", "durationdays", "durationmonths",
    "随访时间", "生存时间",
)  # fmt: skip
_STATES, _MOMENTS = 3, 6  # most different values of an event, fewest of a time
_POSITIVE = 0.9  # share of times that are not below 0: those that are will be told


@dataclass(frozen=True)
class FollowUp:
    """Names of two columns; either may be "" where only the other one is named."""

    event: str
    time: str


def follow_up(table: pd.DataFrame, event: str | None, time: str | None, taken: set[str]) -> FollowUp | None:
    """The columns a person named, else the first pair whose names and cells look like follow-up."""
    if event or time:
        return FollowUp(event or "", time or "")
    by_name = {plain(column): column for column in reversed(table.columns) if column not in taken}
    events = [by_name[name] for name in _EVENTS if name in by_name and 2 <= table[by_name[name]].nunique() <= _STATES]
    times = [by_name[name] for name in _TIMES if name in by_name and _measures_time(table[by_name[name]])]
    return FollowUp(events[0], times[0]) if events and times else None


def _measures_time(column: pd.Series) -> bool:
    return is_numbers(column) and column.nunique() >= _MOMENTS and bool((column.dropna() >= 0).mean() > _POSITIVE)
