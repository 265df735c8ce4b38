"""Encoders side by side: the document others read, scored once and then read, maps that stay the same, nothing scored
that was fitted on all cases."""

import json

import numpy as np
import pandas as pd
import pytest

from mmcore import studies
from mmcore.base import json_files
from mmcore.base.errors import BadInput, MMError, NotFound
from mmcore.base.settings import room
from mmcore.base.values import Case
from mmcore.cohorts import Roles
from mmcore.runs import EncoderChoice
from mmcore.studies import cohort_map, encoder_scores, encoder_timing

THREE = studies.StudySettings(folds=3)
ROLES = Roles(target="ill", group="ward", inputs={"note": "text:note", "blood": "table:a,b"})


def frame(cases=70, seed=0):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, cases))
    ill = np.where(a + 0.5 * rng.normal(size=cases) > 0, "ill", "well")
    words = ["pain", "fever", "cough", "rest", "sleep", "walk"]
    output = [" ".join(rng.choice(words[:3] if x == "ill" else words[2:], 4)) for x in ill]
    ids = [f"p{i:03}" for i in range(cases)]
    return pd.DataFrame({"id": ids, "note": output, "a": a, "b": b, "ill": ill, "ward": np.arange(cases) % 10})


@pytest.fixture
def cohort(tmp_path):
    cases = frame()
    cases.loc[:4, ["a", "b"]] = None
    cases.loc[60:, "ill"] = None
    cases.to_csv(tmp_path / "cases.csv", index=False)
    return studies.open(tmp_path / "cases.csv", ROLES)


def test_the_document_has_the_shape_that_was_promised(cohort):
    study = studies.features(cohort, {"note": ["glove_6b_50d"]}, settings=THREE)
    document = json.loads(json_files.dumps(study.document()))
    assert [row["encoder"] for row in document["encoders"]] == ["glove_6b_50d", "columns"]
    note, blood = document["encoders"]
    for row in document["encoders"]:
        assert {"input", "encoder", "dims", "tokens", "seconds_per_case", "knn", "probe"} <= set(row)
        for kind in ("knn", "probe"):
            assert set(row[kind]) == {"metric", "mean", "low", "high"} and row[kind]["metric"] == "auroc"
            assert row[kind]["low"] <= row[kind]["mean"] <= row[kind]["high"]
        assert row["seconds_per_case"] > 0 and row["timed_cases"] > 0
    assert (note["cases"], note["missing"], note["tokens"]) == (60, 0, 4)
    assert (blood["cases"], blood["missing"]) == (55, 5)
    assert note["probe"]["mean"] > 0.8 and blood["probe"]["mean"] > 0.7
    assert document["chance"] == 0.5 and document["split"] == "group" and document["folds"] == 3
    same = document["agreement"]
    assert np.allclose(np.diag(same["cka"]), 1) and same["cases"][0][1] == 65


def test_several_encoders_of_an_input_are_told_apart_or_not(cohort):
    wanted = {"blood": ["columns", EncoderChoice(name="columns")]}
    assert len(studies.features(cohort, wanted, inputs=["blood"], settings=THREE).rows) == 1, (
        "the same one is measured once"
    )
    study = studies.features(cohort, {"note": ["glove_6b_50d", "tfidf_svd"]}, inputs=["note"], settings=THREE)
    assert [row.encoder for row in study.rows] == ["glove_6b_50d", "tfidf_svd"]
    assert sum(row.vs_best["probe"] is None for row in study.rows) == 1, "the best is not compared with itself"
    verdict = study.verdict("note")
    best = max(study.rows, key=lambda row: row.probe.interval.mean)
    assert verdict.best == best.label and verdict.resolution >= 0 and study.verdict("blood") is None


def test_what_was_scored_is_read(cohort, monkeypatch):
    assert studies.unscored(cohort, {"blood": ["columns"]}, settings=THREE) == ["columns"]
    first = studies.features(cohort, {"blood": "columns"}, inputs=["blood"], settings=THREE)
    assert studies.unscored(cohort, {"blood": ["columns"]}, settings=THREE) == []
    monkeypatch.setattr(encoder_scores, "out_of_fold", lambda *args, **kwargs: pytest.fail("scored again"))
    again = studies.features(cohort, {"blood": "columns"}, inputs=["blood"], settings=THREE)
    assert again.document() == first.document()
    next(room("separation").iterdir()).write_bytes(b"half")
    monkeypatch.undo()
    assert (
        studies.features(cohort, {"blood": "columns"}, inputs=["blood"], settings=THREE).document()["encoders"][0][
            "probe"
        ]
        == (first.document()["encoders"][0]["probe"])
    ), "a broken file is worked out anew"


def test_all_takes_what_is_quick_and_says_what_it_leaves_out(cohort, monkeypatch):
    monkeypatch.setattr(encoder_timing, "seconds_per_case", lambda *args: (1e6, 1))
    study = studies.features(cohort, {"note": "all"}, inputs=["note"], settings=THREE)
    assert study.rows == [] and {name for _input, name, _why in study.left_out} >= {"glove_6b_50d", "minilm_l6"}
    assert any("minutes" in why for _input, _name, why in study.left_out)
    names = {name for _input, name, _why in study.left_out}
    assert names == set(studies.suitable_encoders(cohort.inputs["note"].kind))


def test_an_encoder_that_reads_raw_values_has_nothing_to_score(cohort):
    from mmcore.encoders import encoders

    kinds = {spec.kind: name for name, spec in cohort.inputs.items()}
    raw = next((n for n, part in encoders.items() if part.raw and part.kind in kinds and not part.unavailable()), None)
    if raw is None:
        pytest.skip("no encoder of raw text or tables is at hand")
    input = kinds[encoders[raw].kind]
    (row,) = studies.features(cohort, {input: raw}, inputs=[input], settings=THREE).rows
    assert row.knn is None and row.probe is None and "raw" in row.reason and row.trains_in_run


@pytest.mark.parametrize(
    "wanted, text",
    [
        ({"nota": "glove_6b_50d"}, "Did you mean 'note'"),
        ({"note": ["glove"]}, "glove_6b_50d"),
        ({"blood": "glove_6b_50d"}, "columns"),
    ],
)
def test_wrong_names_are_told(cohort, wanted, text):
    with pytest.raises(MMError, match=text):
        studies.features(cohort, wanted, settings=THREE)
    with pytest.raises(MMError, match="nota"):
        studies.features(cohort, {"nota": "all"}, inputs=["note"], settings=THREE)


def test_neighbours_are_near_labelled_and_not_the_case_itself(cohort):
    near = studies.similar(cohort, "blood", "columns", "p010", 3)
    assert len(near) == 3 and "p010" not in {neighbour.id for neighbour in near}
    assert [neighbour.cosine for neighbour in near] == sorted((neighbour.cosine for neighbour in near), reverse=True)
    table = cohort.table.loc[:, ["a", "b"]].astype(float)
    units = (table - table.mean()) / table.std(ddof=0)
    cosine = units @ units.loc["p010"] / np.linalg.norm(units, axis=1) / np.linalg.norm(units.loc["p010"])
    assert near[0].id == cosine.drop("p010").idxmax() and near[0].cosine == pytest.approx(cosine[near[0].id], abs=1e-3)
    assert {neighbour.label for neighbour in near} <= {"ill", "well", None}
    assert studies.similar(cohort, "blood", "columns", "p001") == [], "the case lacks the input"
    with pytest.raises(NotFound):
        studies.similar(cohort, "blood", "columns", "p999")


def test_a_case_of_ones_own_has_neighbours_too(cohort):
    own = Case("mine", {"blood": cohort.value("p010", "blood")})
    near = studies.similar(cohort, "blood", "columns", own, 2)
    assert near[0].id == "p010" and near[0].cosine == pytest.approx(1, abs=1e-3)
    assert studies.similar(cohort, "blood", "columns", Case("bare", {})) == []


def test_a_map_is_kept_and_the_same_again(cohort, monkeypatch):
    first = studies.layout(cohort, "blood", "columns", "tsne")
    assert first.shape == (70, 2) and np.isnan(first[:5]).all() and np.isfinite(first[5:]).all()
    (file,) = room("layouts").iterdir()
    monkeypatch.setattr(cohort_map.projection, "tsne", lambda *args: pytest.fail("laid out again"))
    assert np.array_equal(studies.layout(cohort, "blood", "columns", "tsne"), first, equal_nan=True)
    monkeypatch.undo()
    file.unlink()
    assert np.allclose(studies.layout(cohort, "blood", "columns", "tsne"), first, equal_nan=True)
    assert studies.mapped(cohort, "blood", "columns").explained.sum() == pytest.approx(1)
    with pytest.raises(NotFound, match="umap"):
        studies.layout(cohort, "blood", "columns", "umapp")


def test_agreement_counts_the_cases_both_have(cohort):
    result = studies.agreement(cohort, {"a": ("note", "glove_6b_50d"), "b": ("blood", "columns")})
    assert result.labels == ["a", "b"] and result.cases.tolist() == [[70, 65], [65, 65]]
    assert np.allclose(result.cka, result.cka.T) and result.cka[0, 0] == pytest.approx(1)


def test_a_part_for_looking_is_fitted_once_on_all_cases(cohort):
    from mmcore.encoders import encoders

    assert studies.fitted_part(cohort, "blood", "columns") is None
    name = next(
        n for n, part in encoders.items() if part.fits_on_fold and part.kind == "text" and not part.unavailable()
    )
    part = studies.fitted_part(cohort, "note", name)
    assert part is not None and studies.fitted_part(cohort, "note", name) is part


def test_a_cohort_without_target_cannot_be_measured(tmp_path):
    frame().drop(columns="ill").to_csv(tmp_path / "cases.csv", index=False)
    bare = studies.open(tmp_path / "cases.csv", Roles(inputs={"blood": "table:a,b"}))
    with pytest.raises(BadInput):
        studies.features(bare)
    assert studies.layout(bare, "blood", "columns").shape == (70, 2), "a map needs no target"
