"""Follow-up in a table: one column says whether something happened, another one when, or how long nothing had."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from mmcore.cohorts.column_content import is_numbers
from mmcore.cohorts.names import plain

_EVENTS = (
    "event", "deathevent", "death", "dead", "died", "deceased", "status", "vitalstatus", "censor", "censored",
    "censoring", "fustat", "osevent", "osstatus", "pfsevent", "pfsstatus", "dfsevent", "dfsstatus", "eventobserved",
    "eventoccurred", "relapse", "verstorben", "gestorben", "tod", "todesfall", "décès", "deces", "décédé", "exitus",
    "fallecido", "muerte", "deceduto", "decesso", "结局", "死亡", "是否死亡", "生存状态", "死亡例", "사망", "사망여부",
)  # fmt: skip
_TIMES = (
    "futime", "followup", "followuptime", "followupdays", "followupmonths", "followupyears", "survivaltime",
    "survivaldays", "survivalmonths", "timetoevent", "tte", "ostime", "osdays", "osmonths", "overallsurvivalmonths",
    "overallsurvivaldays", "timetodeath", "daystodeath", "daystoevent", "eventtime", "pfstime", "pfsmonths", "pfsdays",
    "dfstime", "dfsmonths", "time", "timedays", "timemonths", "timeyears", "duration", "durationdays", "durationmonths",
    "随访时间", "生存时间", "生存期", "总生存期",
)  # fmt: skip
# The same in other languages, before the unit that times are counted in.
_OTHER_TIMES = (
    "followup", "survival", "nachbeobachtung", "nachbeobachtungszeit", "nachbeobachtungsdauer", "überlebenszeit",
    "überleben", "suivi", "duréedesuivi", "duréesuivi", "survie", "duréedesurvie", "seguimiento", "tiempodeseguimiento",
    "supervivencia", "sopravvivenza", "acompanhamento", "随访", "随访时间", "生存时间", "生存期", "观察期", "観察期間",
    "生存期間", "追跡期間", "추적기간", "추적관찰기간", "생존기간",
)  # fmt: skip
_IN_UNITS = re.compile(
    "(in)?(d|days?|weeks?|months?|years?|tage?n?|wochen?|monate?n?|jahre?n?|jours?|semaines?|mois|années?|ans|d[ií]as|semanas"
    "|mes(es)?|años|giorni|settimane|mesi|anni|meses|dias|anos|天|日|周|月|年|个月|月数|日数|ヶ月|か月|개월|일|년)$"
)
# How long those were followed who did not have the event, where the other column is filled for the others only.
_LAST_SEEN = (
    "daystolastfollowup", "daystolastfollow", "daystolastknownalive", "dayslastfollowup", "monthstolastfollowup",
    "lastfollowupdays", "daystolastcontact", "lastcontactdaysto", "daysuntillastcontact", "timetolastfollowup",
)  # fmt: skip
_STATES, _MOMENTS = 3, 6  # most different values of an event, fewest of a time
_POSITIVE = 0.9  # share of times that are not below 0: those that are will be told


@dataclass(frozen=True)
class FollowUp:
    """Names of two columns; either may be "" where only the other one is named. until: a third, which says how long
    cases without the event were followed where the time says nothing of them."""

    event: str
    time: str
    until: str = ""


def follow_up(table: pd.DataFrame, event: str | None, time: str | None, taken: set[str]) -> FollowUp | None:
    """The columns a person named, else the first pair whose names and cells look like follow-up."""
    by_name = {plain(column): column for column in reversed(table.columns) if column not in taken}
    last = [by_name[name] for name in _LAST_SEEN if name in by_name and _measures_time(table[by_name[name]])]
    if event or time:
        return FollowUp(event or "", time or "", _complement(table, time or "", last))
    events = [by_name[name] for name in _EVENTS if name in by_name and 2 <= table[by_name[name]].nunique() <= _STATES]
    named = [by_name[name] for name in _TIMES if name in by_name]
    named += [column for name, column in by_name.items() if _IN_UNITS.sub("", name) in _OTHER_TIMES]
    times = [column for column in named if _measures_time(table[column])]
    return FollowUp(events[0], times[0], _complement(table, times[0], last)) if events and times else None


def _complement(table: pd.DataFrame, time: str, last: list[str]) -> str:
    """The first of these columns that is filled where the time is not, "" if none is or none is needed."""
    if time not in table or not (empty := table[time].isna()).any():
        return ""
    return next((column for column in last if column != time and table[column][empty].notna().any()), "")


def _measures_time(column: pd.Series) -> bool:
    return is_numbers(column) and column.nunique() >= _MOMENTS and bool((column.dropna() >= 0).mean() > _POSITIVE)
