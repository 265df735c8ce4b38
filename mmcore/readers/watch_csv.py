"""ECGs as a watch exports them: facts above the samples, a line each, then one column of numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass

_RATE = re.compile(r'^[^,\n]{2,30},\s*"?(\d+(?:[.,]\d+)?)\s*(?:hertz|hz|赫兹|赫茲)"?\s*$', re.IGNORECASE | re.MULTILINE)
_UNIT = re.compile(r'^[^,\n]{2,30},\s*"?((?:µ|μ|u|m)?V)"?\s*$', re.MULTILINE)
_LEAD = re.compile(r'^[^,\n]{2,30},\s*"?(?:\w+\s+)?(I{1,3}|aV[RLF]|V[1-6])"?\s*$', re.MULTILINE)
_FACT = re.compile(r'^[^\W\d][^,\n]{1,40},(?:"[^"\n]*"|[^\n]*)$')
_NUMBER = re.compile(r'^\s*"?[+-]?\d+(?:[.,]\d+)?(?:[eE][+-]?\d+)?"?\s*,?\s*$')
_MOST, _FEWEST = 40, 3  # lines above the samples
_PERSONS = ("name", "date of birth", "geburtsdatum", "nom", "date de naissance", "nombre", "姓名", "出生日期")


@dataclass(frozen=True)
class WatchEcg:
    """samples: the lines of numbers, with decimal points. rate_hz; lead and unit, "" where they are not said; persons:
    whether a line says whose it is."""

    samples: str
    rate_hz: float
    lead: str
    unit: str
    persons: bool


def watch_ecg(text: str) -> WatchEcg | None:
    """What such a file says, or None for any other."""
    lines = text.lstrip("\ufeff\r\n").splitlines()
    above = 0
    while above < min(len(lines), _MOST) and not _NUMBER.match(lines[above]):
        if lines[above].strip(" ,") and not _FACT.match(lines[above].rstrip()):
            return None
        above += 1
    head = "\n".join(line.rstrip() for line in lines[:above])
    rate = _RATE.search(head)
    if rate is None or sum(bool(line.strip()) for line in lines[:above]) < _FEWEST or above == len(lines):
        return None
    unit, lead = _UNIT.search(head), _LEAD.search(head)
    rows = (line.strip().strip('",').replace(",", ".") for line in lines[above:])
    facts = [line.partition(",") for line in head.splitlines()]
    filled = {name.strip().casefold() for name, _comma, value in facts if value.strip(' "')}
    return WatchEcg(
        "\n".join(row for row in rows if row),
        float(rate[1].replace(",", ".")),
        lead[1] if lead else "",
        unit[1] if unit else "",
        bool(filled & {*_PERSONS}),
    )
