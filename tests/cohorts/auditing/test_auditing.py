"""Protects the audit: each way in which a cohort misleads is found, named with its cases, and a clean one is clean."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from mmcore.base.errors import Cancelled
from mmcore.base.values import Signal
from mmcore.cohorts import open_cohort
from mmcore.cohorts.auditing import AuditFinding, Severity, audit, checks
from mmcore.cohorts.auditing.balance import advice_on
from tests.cohorts.auditing.made import clean, cohort_of


def result(cohort, check: str) -> list[AuditFinding]:
    return [finding for finding in audit(cohort) if finding.check == check]


def test_a_clean_cohort_is_clean():
    assert audit(cohort_of(*clean())) == []


def test_the_built_in_cohort_raises_no_high_alarm():
    assert [finding for finding in audit(open_cohort("heart")) if finding.severity is Severity.HIGH] == []


def test_every_finding_is_a_document_of_plain_values():
    table, values = clean()
    table.loc[table.index[:5], "pressure"] = 0
    (finding,) = result(cohort_of(table, values), "zero_for_missing")
    document = finding.document()
    assert set(document) == {"check", "severity", "summary", "numbers", "cases", "advice"}
    assert document["cases"] == list(table.index[:5]) and document["severity"] in ("high", "medium", "low")


def test_findings_come_gravest_first_and_without_a_target_nothing_breaks():
    table, values = clean()
    table["copy"] = np.where(table["ill"] == "yes", 1.0, 0.0) + np.linspace(0, 0.01, len(table))
    table.loc[table.index[:3], "pressure"] = 0
    findings = audit(cohort_of(table, values, columns=("age", "pressure", "copy")))
    order = list(Severity)
    assert [order.index(f.severity) for f in findings] == sorted(order.index(f.severity) for f in findings)
    bare = cohort_of(*clean())
    without = type(bare)(
        bare.schema.model_copy(update={"task": None, "target": None, "classes": ()}), bare.table, bare._media
    )
    assert audit(without) == []


def test_progress_may_stop_it():
    def stop(step):
        raise Cancelled("stop")

    with pytest.raises(Cancelled):
        audit(cohort_of(*clean()), stop)


@pytest.mark.parametrize("name", list(checks))
def test_every_check_says_what_it_looks_for(name):
    assert (checks[name].__doc__ or "").strip() and checks[name].unavailable() is None


def test_a_check_says_which_cohorts_it_can_be_made_of():
    table, values = clean()
    cohort = cohort_of(table, values)
    no_target = type(cohort)(
        cohort.schema.model_copy(update={"task": None, "target": None, "classes": ()}), cohort.table, cohort._media
    )
    unfit = {name for name, check in checks.items() if not check.fits(cohort)}
    assert unfit == {"missing_by_group", "random_against_grouped", "second_measurement"}, "no groups; no number"
    small = {name for name, check in checks.items() if not check.fits(cohort.select(list(cohort.ids[:12])))}
    for lacking in ({name for name, check in checks.items() if not check.fits(no_target)}, small):
        assert lacking > unfit and {"telling_columns", "doubtful_labels", "stated_verdict"} <= lacking
        assert not {"impossible_values", "duplicates"} & lacking
    assert not small & {"imbalance"}, "that classes are small can be seen in few cases"


class TestDuplicates:
    @pytest.mark.parametrize("copy", ["exact", "brighter", "smaller"])
    def test_a_film_stored_twice(self, copy):
        table, values = clean()
        first, second = table.index[:2]
        smooth = np.kron(np.random.default_rng(1).integers(60, 150, (8, 8)), np.ones((8, 8))).astype(np.uint8)
        other = {"exact": smooth, "brighter": smooth + 20, "smaller": np.kron(smooth, np.ones((2, 2), np.uint8))}[copy]
        values["film"] |= {first: smooth, second: other}
        (finding,) = result(cohort_of(table, values), "duplicates")
        assert set(finding.cases) == {first, second} and finding.severity is not Severity.LOW

    def test_a_recording_stored_with_another_rounding_under_another_patient_and_label(self):
        table, values = clean()
        table["patient"] = table.index
        ill, well = table.index[table["ill"] == "yes"][0], table.index[table["ill"] == "no"][0]
        original = values["ecg"][ill]
        values["ecg"][well] = Signal((original.samples * 1000).round() / 1000, 100.0, ("I", "II"), "mV")
        (finding,) = result(cohort_of(table, values, group="patient"), "duplicates")
        assert set(finding.cases) == {ill, well} and finding.severity is Severity.HIGH
        assert finding.numbers["different_targets"] == 1 and finding.numbers["different_groups"] == 1

    def test_copies_of_one_patient_that_share_a_group_are_good_to_know_only(self):
        table, values = clean()
        table["patient"] = table.index
        ids = table.index[table["ill"] == "yes"][:2]
        table.loc[ids[1], "patient"] = ids[0]
        values["note"][ids[1]] = values["note"][ids[0]]
        (finding,) = result(cohort_of(table, values, group="patient"), "duplicates")
        assert finding.severity is Severity.LOW

    def test_short_texts_may_be_the_same(self):
        table, values = clean()
        values["note"] = dict.fromkeys(table.index, "no complaints")
        assert result(cohort_of(table, values), "duplicates") == []

    def test_films_that_all_look_alike_are_no_copies(self):
        table, values = clean()
        rng = np.random.default_rng(2)
        phantom = np.kron(rng.integers(0, 200, (8, 8)), np.ones((8, 8))).astype(np.uint8)
        values["film"] = {id: phantom + rng.integers(0, 3, phantom.shape).astype(np.uint8) for id in table.index}
        assert result(cohort_of(table, values), "duplicates") == []


class TestMissing:
    def test_an_input_that_lacks_because_of_the_target(self):
        table, values = clean()
        well = table.index[table["ill"] == "no"]
        for id in well[:40]:
            del values["film"][id]
        (finding,) = result(cohort_of(table, values), "missing_inputs")
        assert finding.numbers["name"] == "film" and finding.numbers["by_class"]["no"] > 0.6
        assert set(finding.cases) == set(well[:40])

    def test_one_that_lacks_by_chance_is_fine(self):
        table, values = clean()
        for id in np.random.default_rng(3).permutation(table.index)[:40]:
            del values["film"][id]
        assert result(cohort_of(table, values), "missing_inputs") == []


class TestConfounders:
    def test_a_site_that_sends_the_ill(self):
        table, values = clean()
        rng = np.random.default_rng(4)
        table["site"] = np.where((table["ill"] == "yes") ^ (rng.random(len(table)) < 0.15), "A", "B").astype(object)
        (finding,) = result(cohort_of(table, values), "confounders")
        assert finding.numbers["alone"]["site"] > 0.75

    def test_films_of_the_ill_that_are_larger(self):
        table, values = clean()
        rng = np.random.default_rng(5)
        for id in table.index[table["ill"] == "yes"][:50]:
            values["film"][id] = rng.integers(0, 255, (80, 64)).astype(np.uint8)
        (finding,) = result(cohort_of(table, values), "confounders")
        assert "film" in finding.summary

    def test_a_date_without_news_is_fine(self):
        table, values = clean()
        days = np.random.default_rng(6).integers(0, 900, len(table))
        table["recording_date"] = (pd.Timestamp("2020-01-01") + pd.to_timedelta(days, "D")).astype(str)
        assert result(cohort_of(table, values), "confounders") == []

    def test_what_a_time_to_an_event_was_made_from_is_no_circumstance(self):
        assert [f for f in audit(open_cohort("diabetes")) if "years" in f.summary] == []


class TestColumns:
    def test_a_column_known_after_the_fact(self):
        table, values = clean()
        rng = np.random.default_rng(7)
        table["troponin_after"] = np.where(table["ill"] == "yes", 3, 0) + rng.normal(0, 0.5, len(table))
        (finding,) = result(cohort_of(table, values, columns=("age", "troponin_after")), "telling_columns")
        assert "troponin_after" in finding.summary and finding.severity is Severity.HIGH

    def test_a_score_made_of_other_columns(self):
        table, values = clean()
        table["score"] = 2 * table["age"] - table["pressure"]
        (finding,) = result(cohort_of(table, values, columns=("age", "pressure", "score")), "derived_columns")
        assert "score" in finding.numbers["columns"]

    def test_zeros_where_no_living_person_has_none_however_wide_the_others(self):
        table, values = clean()
        table["Insulin"] = np.random.default_rng(8).uniform(14, 400, len(table)).round()
        table.loc[table.index[:9], "Insulin"] = 0
        (finding,) = result(cohort_of(table, values, columns=("age", "Insulin")), "zero_for_missing")
        assert finding.numbers["zeros"] == 9

    def test_zeros_of_a_site_that_measured_nothing_are_told_with_its_name(self):
        table, values = clean()
        table["chol"] = np.random.default_rng(8).normal(240, 30, len(table)).round()
        table["site"] = np.repeat(["bern", "basel", "chur"], len(table) // 3)
        table.loc[table["site"] == "chur", "chol"] = 0
        table.loc[table.index[:2], "chol"] = 0
        made = cohort_of(table, values, columns=("age", "chol"), group="site")
        (finding,) = result(made, "zero_for_missing")
        assert finding.numbers["groups"] == ["chur"] and "'chur'" in finding.summary

    def test_zeros_that_belong_are_fine(self):
        table, values = clean()
        table["vessels"] = np.arange(len(table)) % 4 * 1.0
        table["depression"] = np.random.default_rng(8).exponential(1, len(table)).round(1)
        assert result(cohort_of(table, values, columns=("vessels", "depression")), "zero_for_missing") == []

    def test_what_cannot_be(self):
        table, values = clean()
        table.loc[table.index[0], "age"] = 999
        (finding,) = result(cohort_of(table, values), "impossible_values")
        assert finding.cases == (table.index[0],) and "999" in finding.summary

    def test_a_unit_behind_the_name_does_not_hide_it(self):
        table, values = clean()
        table = table.rename(columns={"age": "Age (years)"})
        table.loc[table.index[0], "Age (years)"] = 173
        (finding,) = result(cohort_of(table, values, columns=("Age (years)", "pressure")), "impossible_values")
        assert finding.cases == (table.index[0],)

    def test_a_code_is_told_once(self):
        table, values = clean()
        table.loc[table.index[0], "age"] = 999
        table["score"] = np.arange(len(table)) % 13 * 1.0
        table.loc[table.index[1], "score"] = 999
        cohort = cohort_of(table, values, columns=("age", "score"))
        (finding,) = result(cohort, "codes_for_missing")
        assert finding.numbers["column"] == "score" and len(result(cohort, "impossible_values")) == 1

    def test_what_never_changes(self):
        table, values = clean()
        table["scale"] = 1.0
        (finding,) = result(cohort_of(table, values, columns=("age", "scale")), "constant_columns")
        assert finding.numbers["columns"] == ["scale"]


class TestTexts:
    def test_a_note_that_ends_with_the_verdict(self):
        table, values = clean()
        for id in table.index:
            values["note"][id] += " impression disease confirmed" if table.loc[id, "ill"] == "yes" else " unremarkable"
        (finding,) = result(cohort_of(table, values), "stated_verdict")
        assert finding.severity is Severity.HIGH and finding.numbers["auroc"] > 0.95
        assert any("confirmed" in phrase or "unremarkable" in phrase for phrase in finding.numbers["words"])


class TestRecordings:
    def test_blank_silent_flat_and_clipped(self):
        table, values = clean()
        blank, silent, flat, clipped, empty = table.index[:5]
        values["film"][blank] = np.full((64, 64), 7, np.uint8)
        values["ecg"][silent] = Signal(np.zeros((2, 500), np.float32), 100.0, ("I", "II"), "mV")
        samples = values["ecg"][flat].samples.copy()
        samples[1] = 0
        values["ecg"][flat] = Signal(samples, 100.0, ("I", "II"), "mV")
        values["ecg"][clipped] = Signal(values["ecg"][clipped].samples.clip(-0.8, 0.8), 100.0, ("I", "II"), "mV")
        values["note"][empty] = "   "
        findings = result(cohort_of(table, values), "empty_recordings")
        assert {finding.cases for finding in findings} == {(id,) for id in (blank, silent, flat, clipped, empty)}

    def test_two_rates_and_a_recording_cut_off(self):
        table, values = clean()
        fast, short = table.index[:2]
        values["ecg"][fast] = Signal(values["ecg"][fast].samples, 500.0, ("I", "II"), "mV")
        values["ecg"][short] = Signal(values["ecg"][short].samples[:, :50], 100.0, ("I", "II"), "mV")
        findings = result(cohort_of(table, values), "mixed_recordings")
        assert {"rate", "usual_duration"} <= {key for finding in findings for key in finding.numbers}
        assert any(short in finding.cases for finding in findings)
        assert any("500 (1 case)" in finding.summary for finding in findings)


class TestBalance:
    def test_a_rare_class(self):
        table, values = clean()
        table["ill"] = np.where(np.arange(len(table)) < 4, "yes", "no").astype(object)
        (finding,) = result(cohort_of(table, values), "imbalance")
        assert finding.severity is Severity.HIGH and finding.numbers["cases"] == 4

    def test_advice_tells_few_cases_from_a_rare_class(self):
        table, values = clean()
        few, own = clean(cases=12)
        few["ill"] = ["yes", "no"] * 6
        findings = result(cohort_of(few, own), "imbalance")
        assert len(findings) == 2
        assert all("Gather more" in each.advice and "most frequent" not in each.advice for each in findings)
        table["ill"] = np.where(np.arange(len(table)) < 1, "yes", "no").astype(object)
        (rare,) = result(cohort_of(table, values), "imbalance")
        assert f"{1 - 1 / len(table):.1%}" in rare.advice or f"{1 - 1 / len(table):.0%}" in rare.advice
        assert "100%" not in rare.advice

    def test_accuracy_is_not_called_high_where_no_class_is_frequent(self):
        many = np.repeat(np.arange(30), 12)
        assert "Gather more" in advice_on("multiclass", many, 1 / 30)

    def test_patients_with_several_cases_and_no_group(self):
        table, values = clean()
        table["Patient ID"] = [f"m{i // 2}" for i in range(len(table))]
        (finding,) = result(cohort_of(table, values), "groups")
        assert finding.numbers["cases"] == len(table) and finding.severity is Severity.HIGH
        table["family"] = [f"f{i // 4}" for i in range(len(table))]
        assert result(cohort_of(table, values, group="family"), "groups") == []


class TestRealCohorts:
    def test_known_problems_of_real_ecgs(self, shared_data):
        findings = audit(open_cohort(shared_data / "ecg_ptbxl"))
        pairs = {pair for f in findings if f.check == "duplicates" for ids in f.numbers["examples"] for pair in ids}
        assert {"ecg00145", "ecg00463"} <= pairs | {id for f in findings for id in f.cases}
        assert any(f.check == "stated_verdict" for f in findings), "the report is the source of the label"
        assert any(f.check == "confounders" and "device" in f.summary for f in findings)

    def test_known_problems_of_four_hospitals(self, shared_data):
        findings = audit(open_cohort(shared_data / "heart_disease_tabular" / "cases_4sites.csv"))
        zeros = {f.numbers["column"]: f.numbers["zeros"] for f in findings if f.check == "zero_for_missing"}
        assert zeros == {"chol": 172, "trestbps": 1}
        assert any(f.check == "missing_inputs" for f in findings), "what lacks reveals the site"
        assert any(f.check == "confounders" and "site" in f.summary for f in findings)
