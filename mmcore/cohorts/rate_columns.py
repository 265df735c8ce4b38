"""Columns of a table that say how many samples per second the recordings of a case hold."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _, counted
from mmcore.cohorts.names import plain, words
from mmcore.readers.signals import MAX_RATE

_NAMES = {
    "fs", "srate", "samplingrate", "samplerate", "samplingfrequency", "samplefrequency", "samplingfreq", "samplefreq",
    "samplespersecond", "ratehz", "采样率", "采样频率",
}  # fmt: skip
_LEAST = 1.0  # Hz


@dataclass(frozen=True)
class RateColumn:
    """column: its name in the table. rates: Hz by case id, of the cases that have one."""

    column: str
    rates: dict[str, float]

    @property
    def common(self) -> float | None:
        """The rate of all cases, None where they differ."""
        different = {*self.rates.values()}
        return different.pop() if len(different) == 1 else None


def named_as_rates(table: pd.DataFrame, taken: Collection[str]) -> list[str]:
    """Columns called as sampling rates are, alone or beside the name of another column, that hold such numbers."""
    others = [str(column) for column in table.columns]
    return [
        column
        for column in filter(_mentions_rate, others)  # few of thousands are held against all others
        if column not in taken
        and (_alone(column) or any(_beside(column, other) for other in others if other != column))
        and _rates(table, column)
    ]


def rate_columns(
    table: pd.DataFrame, signals: Collection[str], taken: Collection[str | None], problems: list[str]
) -> dict[str, RateColumn]:
    """For signal inputs the column that gives their rates; where one may mean several inputs, it is told instead.

    signals: inputs whose rate nobody gave. taken: columns that mean something else.
    """
    given: dict[str, RateColumn] = {}
    for column in filter(_mentions_rate, map(str, table.columns)):
        meant = [name for name in signals if _beside(column, name)] or [*signals] * _alone(column)
        if column in taken or not meant or not (rates := _rates(table, column)):
            continue
        if len(meant) > 1:
            problems.append(
                _(
                    "Column '{column}' holds sampling rates, but it is not clear of which input: {inputs}. Name "
                    "the column after its input, such as '{example}'."
                ).format(column=column, inputs=list_of(meant), example=f"{meant[0]}_{column}")
            )
        elif meant[0] not in given:
            given[meant[0]] = RateColumn(column, rates)
            problems.append(_sentence(meant[0], given[meant[0]], len(table)))
    return given


def _sentence(input: str, given: RateColumn, cases: int) -> str:
    low, high = min(given.rates.values()), max(given.rates.values())
    sentence = (
        _(
            "Column '{column}' gives the sampling rate of '{input}', {low:g} Hz, where a recording does not state "
            "its own."
        )
        if given.common
        else _(
            "Column '{column}' gives the sampling rates of '{input}', {low:g} to {high:g} Hz, where a recording does "
            "not state its own."
        )
    ).format(column=given.column, input=input, low=low, high=high)
    without = cases - len(given.rates)
    if without and not given.common:
        sentence += " " + counted(
            without,
            "It is empty in {count} case.",
            "It is empty in {count} cases.",
        )
    return sentence


def _rates(table: pd.DataFrame, column: str) -> dict[str, float]:
    """Hz by case; empty where a cell holds no possible rate."""
    cells = pd.to_numeric(table[column], errors="coerce").astype(float) * (1000 if _in_khz(column) else 1)
    filled = cells[table[column].notna()]
    if filled.empty or not filled.between(_LEAST, MAX_RATE).all():
        return {}
    return {str(id): float(rate) for id, rate in filled.items()}


def _mentions_rate(column: str) -> bool:
    bare = plain(column)
    return any(name in bare for name in _NAMES)


def _alone(column: str) -> bool:
    return _bare(column) in _NAMES


def _beside(column: str, input: str) -> bool:
    """Whether a rate's name stands before or behind that of the input: ecg_fs, "sampling rate (ECG)"."""
    bare = plain(column)
    owners = {plain(input), *words(input)}
    return any(_without_unit(bare.removeprefix(owner)) in _NAMES for owner in owners if bare.startswith(owner)) or any(
        _without_unit(bare.removesuffix(owner)) in _NAMES for owner in owners if bare.endswith(owner)
    )


def _bare(column: str) -> str:
    return _without_unit(plain(column))


def _without_unit(name: str) -> str:
    return name if name in _NAMES else name.removesuffix("khz").removesuffix("hz")


def _in_khz(column: str) -> bool:
    return plain(column).endswith("khz")
