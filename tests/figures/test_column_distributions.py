"""Protects the distributions of columns: every task can be drawn, names are escaped."""

from __future__ import annotations

import re

import pytest

from mmcore.figures import case_table, column_distributions
from mmcore.figures import cohort as drawn


@pytest.mark.parametrize(
    ("task", "classes"), [("binary", ("no", "yes")), ("multiclass", tuple("abcdef")), ("regression", ()), (None, ())]
)
def test_every_task_can_be_drawn(made, task, classes):
    cohort = made(task, classes)
    assert column_distributions.drawable(cohort) == ["age", "sex", "code"]
    assert all(
        column_distributions.spread(cohort, column).startswith("<svg")
        for column in column_distributions.drawable(cohort)
    )
    assert drawn.presence(cohort).shape == (24, 2) and len(case_table.listing(cohort)) == 24
    assert column_distributions.alt_text(cohort, "age").endswith(" by class") is bool(classes)
    if task not in (None, "regression"):
        assert drawn.balance_table(cohort)["cases"].sum() == 24


def test_names_are_escaped(made):
    assert "<i>" not in drawn.class_legend(["<i>x</i>", "y"])
    assert "<i>" not in column_distributions.spread(made(classes=("<i>x</i>", "y")), "sex")


def test_names_of_boxes_and_the_last_tick_are_whole(made):
    classes = ("antibiotics", "diuretic", "transfusion", "fluids")
    cohort = made("multiclass", classes)
    drawn_boxes = column_distributions.spread(cohort, "age")
    assert column_distributions.boxed(cohort, ["age"]) and not column_distributions.boxed(made(), ["age"])
    ends = float(re.search(r'<text x="([\d.]+)"[^>]*>antibiotics<', drawn_boxes)[1])
    assert 6 * len("antibiotics") < ends < 90, "all of it has room, and no more than it needs"
    wide = max(
        float(x) + 3.5 * len(text) for x, text in re.findall(r'<text x="([\d.]+)"[^>]*>([\d.]+)</text>', drawn_boxes)
    )
    assert wide <= 290


def test_names_of_categories_are_whole_however_many_there_are(made):
    cohort = made()
    devices = [f"AT-6 C 5.{number}" for number in range(8)]
    cohort.table["sex"] = [devices[row % 8] for row in range(len(cohort))]
    lying = column_distributions.spread(cohort, "sex")
    assert all(f">{name}<" in lying for name in devices), "none is cut to what the others begin with"


def test_long_names_have_room_and_short_ones_leave_it_to_the_bars(made):
    cohort = made()
    cohort.table["sex"] = ["non-anginal pain" if row % 2 else "typical angina" for row in range(len(cohort))]
    assert ">non-anginal pain<" in column_distributions.spread(cohort, "sex")
    cohort.table["sex"] = [str(row % 12) for row in range(len(cohort))]
    assert 'x="43.' in column_distributions.spread(cohort, "sex"), "no more than “others” needs"


def test_no_tick_is_less_than_nothing(made):
    cohort = made(None, (), count=240)
    cohort.table["age"] = [row % 24 for row in range(240)]
    assert ">0<" in (drawing := column_distributions.spread(cohort, "age")) and ">-0<" not in drawing


def test_codes_are_bars_and_what_is_rare_stands_together(made):
    cohort = made()
    codes = [0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 9, 10, 11, 12, 13, 14, 15]
    cohort.table["sex"], cohort.table["age"] = codes, codes
    assert "<polygon" in column_distributions.spread(cohort, "age"), "amounts have outlines"
    bars = column_distributions.spread(cohort, "sex")
    assert "<polygon" not in bars and bars.count(">others<") == 1 and ">8<" not in bars
    assert "others: 33%" in bars, "8 of 24 cases"


def test_whole_numbers_are_counted_alike_in_every_bin(made):
    cohort = made(None, (), count=240)
    cohort.table["age"] = [row % 24 for row in range(240)]  # each of 24 numbers equally often
    outline = column_distributions.spread(cohort, "age").split("points=")[1].split('"')[1]
    heights = set(re.findall(r",([\d.]+)", outline))
    assert len(heights) == 2, "the axis, and one height for all"
