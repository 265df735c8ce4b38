"""How numbers are written: signs, limits, units, and what commas and points mean in a column."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

_DIGITS = str.maketrans(
    {"\u2212": "-", "\u2013": "-", "\u2019": "'", "\u066b": ".", "\u066c": ","}
)  # Arabic separators too
_RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻⁺", "0123456789-+")
_POWER = re.compile(r"\s*[x×*·]\s*10(?:\s*\^\s*([-+]?\d+)|([⁻⁺]?[⁰¹²³⁴-⁹]+))", re.IGNORECASE)  # 1.2x10^3
# Limits in words: "less than 0.5", "unter 0,5", "0.3未満".
_BELOW = re.compile(
    r"^(?:less than|lower than|under|below|unter|kleiner(?: als)?|moins de|inf[ée]rieur [àa]|menor (?:de|que)"
    r"|小于|低于|少于)\s*(?=\d)|(?<=\d)\s*[^\W\d_]{0,3}?(?:未満|以下|未满|미만|이하)$",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"^(?:more than|greater than|higher than|over|above|über|größer(?: als)?|plus de|sup[ée]rieur [àa]|mayor (?:de|que)"
    r"|大于|高于|超过)\s*(?=\d)|(?<=\d)\s*[^\W\d_]{0,3}?(?:以上|超|이상|초과)$",
    re.IGNORECASE,
)
# What stands behind the day of a date: "01MAR2020" is no 1 with a unit.
_MONTH = re.compile(
    r"(?:jan|feb|f[ée]v|mar|m[äa]r|apr|avr|ma[iy]|jun|jui|jul|aug|ao[uû]|sep|o[ck]t|nov|de[cz])[^\W\d]*\.?[\s-]*\d{2,4}.*",
    re.IGNORECASE,
)
_CURRENCY = re.compile(r"^([-+]?)\s*[$€£¥₩]\s*(?=\d)")
_NUMBER = re.compile(
    r"^(?P<limit>[<>≤≥~≈]=?)?\s*(?P<number>[-+]?(?:\d+(?:[.,']\d+)*|[.,]\d+|\d+[.,](?=$))(?:[eE][-+]?\d+)?)"
    r"\s*(?P<unit>[%$€£¥₩]|[^\W\d_°][\w%°/²³^*·. ]{0,14}|°[CFcf]?|[/*]\w{1,8})?$"
)
_THOUSANDS = re.compile(r"^[-+]?[1-9]\d{0,2}([.,'])\d{3}(\1\d{3})*$")
# One mark before the decimals, or digits in groups of three (or, as in India, of two) before it; no date, no version.
_SHAPE = re.compile(
    r"^[-+]?(\d+[.,]?\d*|[.,]\d+|\d{1,3}(?:'\d{3})+(?:[.,]\d+)?|\d{1,3}(?:\.\d{3})+(?:,\d*)?"
    r"|\d{1,3}(?:,\d{3})+(?:\.\d*)?|\d{1,2}(?:,\d{2})+,\d{3}(?:\.\d*)?)([eE][-+]?\d+)?$"
)


@dataclass(frozen=True)
class Written:
    """A number as it is written: its digits with separators, and what stands around them."""

    digits: str
    limit: str = ""
    unit: str = ""


def written(cell: str) -> Written | None:
    """What a cell says if it is a number, whatever signs, digits and spaces it is written with."""
    if len(cell) > 40:
        return None
    text = _POWER.sub(lambda power: "e" + (power[1] or power[2].translate(_RAISED)), cell)
    text = unicodedata.normalize("NFKC", text).translate(_DIGITS).strip()
    text = _CURRENCY.sub(r"\1", text)
    text = re.sub(r"(?<=\d)[ \u00a0\u202f](?=\d{3}(?!\d))", "", text)
    for limit, words in (("<", _BELOW), (">", _ABOVE)):
        if words.search(text):
            text = limit + words.sub("", text)
    match = _NUMBER.match(text)
    if not match or not _SHAPE.match(match["number"]) or _MONTH.fullmatch(match["unit"] or ""):
        return None
    return Written(match["number"], match["limit"] or "", (match["unit"] or "").strip())


def same_unit(unit: str) -> str:
    return unit.casefold().replace("μ", "µ").rstrip(".")


def decimal_comma(written: Iterable[str], default: bool) -> tuple[bool, str]:
    """Whether a comma stands before the decimals of a column, and a cell that leaves it open where nothing decides."""
    comma = point = False
    unsure = ""
    for text in written:
        commas, points = text.count(","), text.count(".")
        if commas and points:
            comma, point = comma or text.rfind(",") > text.rfind("."), point or text.rfind(".") > text.rfind(",")
        elif _THOUSANDS.match(text):
            if commas == 1 or points == 1:
                unsure = unsure or (text if commas else "")
            else:
                comma, point = comma or points > 1, point or commas > 1
        else:
            comma, point = comma or commas == 1, point or points == 1
    if comma != point:
        return comma, ""
    return (default and not comma), (unsure if not comma else "")


def number_of(text: str, comma: bool) -> float:
    """The number, NaN for digits that are none."""
    text = text.replace("'", "")
    if "," in text and "." in text:
        decimal = max(",", ".", key=text.rfind)
    elif "," in text:
        if not comma and not _THOUSANDS.match(text):
            return float("nan")  # a decimal comma in a column of decimal points
        decimal = "," if comma else "."
    elif text.count(".") > 1 or (comma and _THOUSANDS.match(text)):
        decimal = ","
    else:
        decimal = "."
    other = "." if decimal == "," else ","
    try:
        number = float(text.replace(other, "").replace(decimal, "."))
    except ValueError:
        return float("nan")
    return number if np.isfinite(number) else float("nan")
