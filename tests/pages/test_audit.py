"""Protects the page Audit: findings with their advice and cases, and a calm word where all is well."""

from __future__ import annotations

import pandas as pd
import pytest

from mmcore.cohorts.auditing import AuditFinding, Severity
from pages.explore.audit import details
from tests.pages.opened import finish, open_page, words

AUDIT = "pages/explore/4_audit.py"


@pytest.fixture
def faulty(tmp_path) -> str:
    """Sixty patients: two ages that cannot be, and a pressure of 0."""
    rows = pd.DataFrame({"id": [f"p{i:02d}" for i in range(60)], "age": [40 + i % 30 for i in range(60)]})
    rows["pressure"] = [118 + i % 23 for i in range(60)]
    rows.loc[:1, "age"], rows.loc[3, "pressure"] = 999, 0
    rows["label"] = ["ill" if i % 3 == 0 else "well" for i in range(60)]
    rows.to_csv(tmp_path / "cases.csv", index=False)
    return str(tmp_path)


def test_findings_are_shown_with_what_to_do_and_open_their_cases(faulty):
    app = finish(open_page(AUDIT, cohort=faulty))
    assert not app.error and "'age' has 2 impossible values: 999" in words(app)
    assert "can make scores look better or worse" in " ".join(part.value for part in app.warning)
    assert "Correct or empty these cells" in words(app)
    button = next(b for b in app.button if b.label == "p01")  # of the first of the findings that name it
    button.click().run()
    assert app.query_params["case"] == ["p01"] or app.query_params["case"] == "p01"


def test_where_nothing_is_wrong_it_says_so(tmp_path):
    rows = pd.DataFrame({"id": [f"p{i:02d}" for i in range(60)], "age": [40 + (7 * i) % 31 for i in range(60)]})
    rows["pressure"] = [118 + (11 * i) % 23 for i in range(60)]
    rows["label"] = ["ill" if i % 2 == 0 else "well" for i in range(60)]
    rows.to_csv(tmp_path / "cases.csv", index=False)
    app = finish(open_page(AUDIT, cohort=str(tmp_path)))
    assert not app.error and "Nothing was found" in app.success[0].value
    looked_for, unfit = words(app).split("Not checked, as these need more cases, groups or another kind of target")
    assert "Values that no living person has" in looked_for  # what was looked for is listed
    assert "that some groups have and others lack" in unfit, "there are no groups"


def test_details_are_told_in_words_and_not_what_the_sentence_names():
    finding = AuditFinding(
        "x", Severity.LOW, "'dose' gives the target away.", "Ask.",
        {"column": "dose", "left_out": True, "auroc": 0.9, "alone": {"site": 0.7}, "examples": [["a", "b"], ["c", "d"]],
         "scores": [{"column": "risk", "from": ["age", "sex"]}], "nothing": None},
    )  # fmt: skip
    assert details.rows(finding) == {
        "AUROC": "0.900", "alone: site": "0.700", "examples": "a = b; c = d", "scores": "risk: age; sex"
    }  # fmt: skip
