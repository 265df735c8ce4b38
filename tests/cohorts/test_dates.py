"""Protects: 03/02/2020 is read as its column writes days and months, and a column that does not tell is named."""

import pandas as pd
import pytest

from mmcore.cohorts.dates import dates_of, day_first, order_sentences


@pytest.mark.parametrize(
    ("cells", "first", "month"),
    [
        (["03/02/2020", "13/02/2020"], True, 2),
        (["03/02/2020", "02/13/2020"], False, 3),
        (["03.02.2020", "04.02.2020"], None, 2),
        (["2020-02-03", "2020-02-13"], None, 2),
    ],
)
def test_the_order_of_day_and_month(cells, first, month):
    column = pd.Series(cells, name="seen")
    assert day_first(column) is first and dates_of(column)[0].month == month


@pytest.mark.parametrize(
    ("cells", "word"),
    [
        (["03/02/2020", "04/02/2020"], "day and month cannot be told apart"),
        (["13/02/2020", "02/13/2020", "01/01/2020"], "the order is not known"),
    ],
)
def test_what_can_be_read_in_two_ways_is_named(cells, word):
    (sentence,) = order_sentences(pd.Series(cells, name="seen"))
    assert word in sentence and "'seen'" in sentence


@pytest.mark.parametrize("cells", [["13/02/2020", "01/02/2020"], ["2020-02-03"], ["1/2", "a"], [1.5, 2.5], []])
def test_other_columns_say_nothing(cells):
    assert order_sentences(pd.Series(cells, name="seen")) == []
