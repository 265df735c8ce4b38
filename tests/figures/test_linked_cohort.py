"""Protects the linked picture of a cohort: every chart filters all others, and what is picked means the right cases."""

from __future__ import annotations

import numpy as np
import pytest

from mmcore.cohorts import samples
from mmcore.figures import linked_cohort as drawn
from mmcore.figures import linked_views as views
from mmcore.figures import theme


@pytest.fixture
def picture(made):
    """(cohort, charts, frame) with a map of 24 cases."""
    cohort = made()
    points = np.column_stack([np.arange(24.0), np.arange(24.0) ** 2])
    columns = ["age", "sex"]
    charts = drawn.cohort_charts(cohort, columns, "Map")
    return cohort, charts, drawn.cohort_frame(cohort, charts, columns, points, [])


def test_every_chart_has_a_selection_and_filters_by_all(picture):
    cohort, charts, frame = picture
    assert [chart.title for chart in charts] == ["target", "Inputs", "age", "sex", "Map"]
    spec = views.linked_views(frame, charts, theme.class_colours(cohort.schema.classes)).to_dict()
    named = {parameter["name"] for parameter in spec["params"]}
    assert named == {views.OPEN, *(chart.parameter for chart in charts)} and len(spec["concat"]) == 5
    for chart in spec["concat"]:
        filters = [step["filter"]["and"] for layer in chart["layer"] for step in layer.get("transform", ())
                   if isinstance(step.get("filter"), dict)]  # fmt: skip
        assert {part["param"] for part in filters[0] if "param" in part} == named - {views.OPEN}
    scale = spec["concat"][0]["layer"][1]["encoding"]["color"]["scale"]
    assert scale == {"domain": ["no", "yes"], "range": list(theme.TWO_CLASSES)}


def test_what_is_picked_means_the_cases_that_hold_everywhere(picture):
    _cohort, charts, frame = picture
    assert views.passing(frame, charts, {}) is None and views.passing(frame, charts, {"pick_c0": {}}) is None
    brush = {"pick_c0": {"c0": [60.0, 20.0]}}
    by_age = views.passing(frame, charts, brush)
    assert by_age.tolist() == (frame["c0"] <= 60).tolist() and 0 < by_age.sum() < 24
    both = views.passing(frame, charts, brush | {"pick_target": [{"target": "yes"}]})
    assert both.tolist() == ((frame["c0"] <= 60) & (frame["target"] == "yes")).tolist()
    assert frame["pattern"].value_counts().to_dict() == {"all present": 20, "no note": 4}
    lacking = views.passing(frame, charts, {"pick_pattern": [{"pattern": "no note"}]})
    assert frame["id"][lacking].tolist() == ["c00", "c01", "c02", "c03"]
    corner = views.passing(frame, charts, {"pick_map": {"map_x": [0, 5], "map_y": [4, 100]}})
    assert frame["id"][corner].tolist() == ["c02", "c03", "c04", "c05"]


def test_a_picture_starts_from_what_was_selected_elsewhere(picture):
    cohort, charts, _frame = picture
    frame = drawn.cohort_frame(cohort, charts, ["age", "sex"], None, ["c04", "c05"])
    assert frame["id"][views.passing(frame, charts, {"pick_target": [{"target": "yes"}]})].tolist() == ["c05"]
    assert frame["chosen"].sum() == 2 and frame["map_x"].isna().all()


@pytest.mark.parametrize("task", ["regression", "multiclass", None])
def test_any_task_has_a_picture(made, task):
    cohort = made(task, ("a", "b", "c") if task == "multiclass" else ("no", "yes"))
    charts = drawn.cohort_charts(cohort, drawn.linkable_columns(cohort))
    frame = drawn.cohort_frame(cohort, charts, drawn.linkable_columns(cohort), None, [])
    assert len(
        views.linked_views(frame, charts, theme.class_colours(cohort.schema.classes)).to_dict()["concat"]
    ) == len(charts)
    assert charts[0].field == ("target" if task else "pattern")


def test_many_cases_are_drawn_in_part_and_counted_whole(made):
    cohort = made(count=60)
    charts = drawn.cohort_charts(cohort, ["age"])
    frame = drawn.cohort_frame(cohort, charts, ["age"], None, [])
    shown = views.drawn_rows(frame, most=20)
    assert len(shown) == 20 and shown.index.is_monotonic_increasing and len(views.drawn_rows(frame)) == 60
    assert views.passing(frame, charts, {"pick_c0": {"c0": [0, 200]}}).sum() == 60


def test_rare_values_share_one_bar(made):
    cohort = made()
    cohort.table["ward"] = [f"ward {i % 12}" for i in range(24)]
    charts = drawn.cohort_charts(cohort, ["ward"])
    frame = drawn.cohort_frame(cohort, charts, ["ward"], None, [])
    assert charts[-1].order[-1] == "others" and set(frame["c0"]) == set(charts[-1].order)


def test_codes_are_categories_and_time_to_an_event_is_a_number(made):
    cohort = made()
    cohort.table["sex"] = range(24)
    assert [chart.kind for chart in drawn.cohort_charts(cohort, ["sex"])][-1] is views.ChartKind.BARS
    followed = samples["diabetes"](cases=12)
    charts = drawn.cohort_charts(followed, [])
    assert [(chart.title, chart.unit) for chart in charts[:2]] == [("Event", ""), ("time to onset", "years")]
    assert charts[1].kind is views.ChartKind.NUMBERS
    assert drawn.cohort_frame(followed, charts, [], None, [])["time"].min() >= 0
