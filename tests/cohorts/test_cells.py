"""Protects: numbers are read however they are written, and what is read otherwise than plainly is told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.cohorts.cells import texts_of, typed
from mmcore.cohorts.plain_numbers import plain_numbers


def read(cells: list, **options) -> tuple[pd.Series, list[str]]:
    """The column of these cells, three times over so that there are enough to tell what they are."""
    problems: list[str] = []
    column = pd.Series(cells * 3, name="x", dtype=object)
    texts = texts_of(column, problems).set_axis([f"c{i}" for i in range(len(column))])
    return typed(texts, problems, **options), problems


PLAIN = [str(i / 4) for i in range(30)]


@pytest.mark.parametrize(
    "cell, number",
    [
        ("\u22123.5", -3.5), ("\uff11\uff12", 12), ("1\u00a0234", 1234), ("1 234.5", 1234.5), ("1,234.5", 1234.5),
        ("+7", 7), ("1e3", 1000), (".5", 0.5), ("8.", 8), ("\u0661\u0662\u066b\u0665", 12.5), ("$12.50", 12.5),
        ("1.5x10^3", 1500), ("2 × 10⁻²", 0.02),
    ],
)  # fmt: skip
def test_signs_spaces_and_digits_of_other_scripts(cell, number):
    values, problems = read([*PLAIN, cell])
    assert values.iloc[30] == number and problems == []


@pytest.mark.parametrize("cells", [["1,5", "22,75", "3"], ["1.234,5", "2,5", "17"]])
def test_decimal_commas(cells):
    values, problems = read(cells)
    assert values.dtype == float and problems == []
    assert values.iloc[0] in (1.5, 1234.5) and values.iloc[1] in (22.75, 2.5)


@pytest.mark.parametrize("commas, number", [(True, 1.234), (False, 1234)])
def test_a_comma_that_can_mean_two_numbers_is_told(commas, number):
    values, problems = read([f"{i},{234 + i}" for i in range(1, 9)], comma_decimals=commas)
    assert values.iloc[0] == pytest.approx(1.235 if commas else 1235) and "in two ways" in problems[0]
    assert number


@pytest.mark.parametrize("cell, number, word", [("<0.5", 0.5, "limit"), ("120 mg", 120, "'mg'"), ("95%", 95, "'%'")])
def test_limits_and_units_are_read_and_told(cell, number, word):
    values, problems = read([*PLAIN, cell])
    assert values.iloc[30] == number
    assert len(problems) == 1 and word in problems[0] and cell in problems[0] and "3" in problems[0]


def test_another_unit_is_no_number():
    values, problems = read([f"{i} mg" for i in range(30)] + ["2 g"])
    assert values.iloc[4] == 4 and np.isnan(values.iloc[30]) and "'2 g' of case c30" in " ".join(problems)


@pytest.mark.parametrize("mark", ["", ".", "-", "--", "None", "n/a", "NaN", "?", "unknown", "Missing", "未知", "none"])
def test_marks_of_missing_numbers(mark):
    values, _problems = read([*PLAIN, mark])
    assert values.dtype == float and np.isnan(values.iloc[30]) and np.isfinite(values.iloc[29])


def test_words_for_missing_are_told():
    _values, problems = read(["F", "M", "unknown"])
    assert "'unknown'" in problems[0] and "3 cells" in problems[0]


def test_none_and_signs_may_mean_something():
    assert set(read(["None", "Mild", "Severe"])[0]) == {"None", "Mild", "Severe"}
    assert set(read(["-", "+", "++"])[0]) == {"-", "+", "++"}


@pytest.mark.parametrize(
    "cells",
    [
        ["2024000000000000001", "2024000000000000002"], ["01", "1", "001"], ["<50", ">50"], ["1a", "2b", "3c"],
        ["12-15", "16-18"], ["1 vessel", "2 vessel"], ["0.jpg", "1.jpg"], ["4A10", "4B20"], ["1st", "2nd"],
    ],
)  # fmt: skip
def test_what_is_no_number(cells):
    values, _problems = read(cells * 4)
    assert values.tolist()[: len(cells)] == cells


def test_a_few_that_are_no_numbers_are_told_with_an_example():
    values, problems = read([*PLAIN, "haemolysed"])
    assert (
        np.isnan(values.iloc[30])
        and "3 cells are not numbers" in problems[0]
        and "'haemolysed' of case c30" in problems[0]
    )


def test_half_a_column_of_numbers_is_words_and_told():
    values, problems = read([*PLAIN, *[f"came on day {i}" for i in range(14)]])
    assert values.dtype == object and "read as words" in problems[0]


@pytest.mark.parametrize("cells", [["1", "", "-2.5"], ["1e-3", "4"], ["", "0.5"]])
def test_the_short_cut_for_plain_numbers_reads_as_the_long_way_does(cells):
    short, long = plain_numbers(pd.DataFrame({"x": cells}, dtype="str"))["x"], read(cells)[0]
    np.testing.assert_array_equal(short, long.to_numpy(float)[: len(cells)])


@pytest.mark.parametrize("cells", [["007", "12"], ["1", "nan"], ["1", "inf"], ["", ""], ["1" * 17], ["1,5"], ["1 mg"]])
def test_what_is_not_plainly_a_number_goes_the_long_way(cells):
    assert plain_numbers(pd.DataFrame({"x": cells}, dtype="str")) == {"x": None}


def test_columns_read_at_once_are_told_apart():
    cells = {
        "a": ["1", ""],
        "b": ["1-2", "3"],
        "c": ["x", "1"],
        "d": ["2.5", "-1e3"],
        "e": ["01", "2"],
        "f": ["8", "9"],
    }
    numbers = plain_numbers(pd.DataFrame(cells, dtype="str"), apart={"f"})
    assert [name for name, values in numbers.items() if values is not None] == ["a", "d"] and "f" not in numbers
    np.testing.assert_array_equal(numbers["a"], [1, np.nan])
    np.testing.assert_array_equal(numbers["d"], [2.5, -1000])


@pytest.mark.parametrize("mark", ["*", "nicht da", "NR", "/", "漏测"])
def test_a_word_again_and_again_beside_many_numbers_is_a_mark_for_missing(mark):
    values, problems = read([*PLAIN[:20], *[mark] * 8])
    assert (
        values.isna().sum() == 24 and f"24 cells are not numbers and count as missing, such as '{mark}'" in problems[0]
    )


def test_words_beside_few_different_numbers_stay_words():
    values, _problems = read(["1", "2", "3", "none yet", "none yet"] * 6)
    assert values.dtype == object


@pytest.mark.parametrize("cell", ["...", "\\N", "不明", "N.A", "s/d"])
def test_marks_of_other_programs_and_languages_are_missing(cell):
    assert texts_of(pd.Series(["a", cell], name="x", dtype=object), []).isna().tolist() == [False, True]
