"""Protects the table of cases: pictures and lines on demand, as part of the link."""

from tests.pages.opened import folder, open_page

__all__ = ["folder"]


def test_pictures_are_part_of_the_link(folder):
    app = open_page("pages/explore/1_cohort.py", cohort=folder, pictures="1")
    (table,) = [each.value for each in app.dataframe if "ecg" in each.value]
    assert len(table["ecg"]["p00"]) > 40, "a line of the signal"
    assert table["ecg"]["p05"] is None, "there is none"
