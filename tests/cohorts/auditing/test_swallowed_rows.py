"""Protects: rows that a quote left open made part of a cell are counted, told and found by the audit."""

from __future__ import annotations

import pytest

from mmcore.cohorts.auditing import audit
from mmcore.cohorts.opening import open_cohort

NOTE = "seen on day {i} without complaints"


def opened(folder, opens: int, closes: int):
    lines = [f"{i},{i % 2},{30 + 7 * i % 40},{NOTE.format(i=i)}" for i in range(40)]
    lines[opens] = lines[opens].replace("seen", '"seen')
    lines[closes] += '"'
    (folder / "cases.csv").write_text("\n".join(["id,label,age,note", *lines]))
    return open_cohort(folder)


@pytest.mark.parametrize(("opens", "closes", "words"), [(5, 9, "4 lines that look"), (5, 6, "1 line that looks")])
def test_as_many_are_told_as_are_lost(tmp_path, opens, closes, words):
    cohort = opened(tmp_path, opens, closes)
    lost = closes - opens
    assert len(cohort) == 40 - lost and any(words in sentence for sentence in cohort.problems)
    (finding,) = [finding for finding in audit(cohort) if finding.check == "swallowed_rows"]
    assert finding.cases == (str(opens),) and finding.numbers["rows"] == {str(opens): lost}


def test_a_note_of_several_lines_is_none(tmp_path):
    lines = [f'{i},{i % 2},{30 + i},"seen, well\nno pain, no fever, cough, {i}"' for i in range(40)]
    (tmp_path / "cases.csv").write_text("\n".join(["id,label,age,note", *lines]))
    cohort = open_cohort(tmp_path)
    assert len(cohort) == 40 and not [f for f in audit(cohort) if f.check == "swallowed_rows"]
    assert not any("quote" in sentence for sentence in cohort.problems)
