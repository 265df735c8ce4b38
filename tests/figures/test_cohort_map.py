"""The map of a cohort leaves missing cases out, marks neighbours and keeps a selection."""

from __future__ import annotations

import numpy as np
import pandas as pd

from mmcore.figures import cohort_map, thumbnails


def test_map_leaves_missing_cases_out_and_rings_the_present_one():
    points = np.array([[0.0, 1], [np.nan, np.nan], [2, 3]])
    figure = cohort_map.cohort_map(
        points, np.array([0.5, 0.2]), ["a", "b", "c"], pd.Series(["x", "y", "x"], name="target"), case="c"
    )
    ids = [id for trace in figure.data if trace.customdata is not None for id in trace.customdata]
    assert sorted(ids) == ["a", "c"]
    assert tuple(figure.data[-1].x) == (2.0,)
    assert "50%" in figure.layout.xaxis.title.text


def test_map_colours_numbers_on_a_scale_and_words_as_classes():
    points, ids = np.random.default_rng(0).normal(size=(20, 2)), [str(i) for i in range(20)]
    ages = pd.Series([*range(19), None], name="age", dtype=float)
    scaled = cohort_map.cohort_map(points, np.ones(2), ids, ages)
    assert {trace.name for trace in scaled.data} == {"age", "unknown"} and scaled.data[
        1
    ].marker.colorbar.title.text == "age"
    sexes = pd.Series([*["f", "m"] * 9, None, "f"], name="sex")
    classes = cohort_map.cohort_map(points, np.ones(2), ids, sexes, tints={"f": "#123456"})
    assert [trace.name for trace in classes.data] == ["f", "m", "unknown"] and classes.data[0].marker.color == "#123456"


def test_the_map_marks_neighbours_and_keeps_a_selection():
    points = np.random.default_rng(0).normal(size=(6, 2))
    figure = cohort_map.cohort_map(
        points, np.zeros(0), list("abcdef"), None, method="umap", case="a", near=["c", "e"], chosen=["b", "f"]
    )
    assert list(figure.data[0].selectedpoints) == [1, 5]
    assert list(figure.data[1].text) == ["1", "2"] and tuple(figure.data[1].x) == (points[2, 0], points[4, 0])
    assert figure.layout.xaxis.title.text == "UMAP 1" and not figure.layout.xaxis.showticklabels


def test_a_card_shows_the_values_of_a_table_and_escapes_them():
    drawn = cohort_map.card({"age": 63.0, "<b>": "x", "gone": None}, "#123456", "values")
    assert "age 63" in drawn and "&lt;b&gt; x" in drawn and "gone" not in drawn


def test_a_card_shows_as_much_of_a_text_as_it_has_room_for_in_any_language():
    english = cohort_map.card("Since this morning severe chest pain, radiating. " * 4, "#123456", "note")
    chinese = cohort_map.card("今晨起出现剧烈胸痛，向左臂放射。兄弟姐妹健康。" * 6, "#123456", "note")
    assert english.count("<text") == chinese.count("<text") == 8 and "…" in english
    assert thumbnails.text_rows("ECG 正常", 19, 8) == ["ECG 正常"]
    rows = thumbnails.text_rows("胸痛" * 30, 19, 3)
    assert [len(row) for row in rows] == [9, 9, 10], "nine letters, and a sign that there is more"
