"""Protects the study of places: all methods answer, it is read when asked again, told, drawn, refused where absurd."""

import importlib
import json

import numpy as np
import pytest

from mmcore import cli, studies
from mmcore.base import json_files
from mmcore.base.errors import BadInput, NotFound
from mmcore.cli.commands import segment
from mmcore.cohorts import open_cohort, write_cohort
from mmcore.cohorts.samples import build_sample
from mmcore.figures import located_finding
from mmcore.storage.results_cache import Result
from mmcore.studies.segmentation import _work, segmentations_before
from mmcore.studies.segmentation_results import finding_in_words


@pytest.fixture(scope="module")
def cohort():
    return build_sample("lung", 44)


@pytest.fixture(scope="module")
def study(cohort):
    return studies.segmentation(cohort, others=["history"], folds=2, seeds=1)


def test_every_method_says_something_of_every_case(study):
    assert set(study.located) >= {"alone", "together", "shuffled", "plain:logistic", "plain:boosted"}
    for probabilities, thresholds, shares in study.located.values():
        assert probabilities.shape == (len(study.lesions.rows), 28 * 28) and (probabilities.max(1) > 0).all()
        assert ((thresholds > 0) & (thresholds <= 1)).all() and ((shares >= 0) & (shares <= 1)).all()
    assert np.nanmean(study.scores["alone"].dice) > 0.2, "far above what random marks reach"


def test_the_document_holds_what_it_promises(study, cohort, capsys):
    document = json.loads(json_files.dumps(study.document))
    assert document["finding"] == "nodule" and document["others"] == {"history": "columns"}
    for row in [*document["methods"], *document["plain"]]:
        assert set(row["metrics"]) == {"dice", "pointing", "clean", "overall"}
        dice = row["metrics"]["dice"]
        assert row["metrics"]["overall"]["cases"] == document["cases"]
        assert dice["low"] <= dice["mean"] <= dice["high"] and dice["cases"] == document["with_finding"]
    assert {(row["method"], row["against"]) for row in document["differences"]} >= {("together", "alone")}
    assert 0.7 < document["reachable"] < 1 and document["text"] == study.in_words()
    segment.show(document)
    assert "Dice" in capsys.readouterr().out
    assert (
        len(
            located_finding.method_scores(
                document["methods"],
                dict.fromkeys(document, "") | {row["method"]: row["method"] for row in document["methods"]},
            ).data
        )
        >= 3
    )
    row = int(np.flatnonzero(study.lesions.there)[0])
    mask, image = study.lesions.masks[row], cohort.value(cohort.ids[study.lesions.rows[row]], "ct")
    names = [trace.name for trace in located_finding.film(image, study.located["alone"][0][row], mask, mask).data]
    assert "marked" in names and "true outline" in names


def test_asked_again_it_is_read(study, cohort, monkeypatch):
    module, times = importlib.import_module("mmcore.studies.segmentation"), []
    arrays = {name: own[0].astype(np.float16) for name, own in study.located.items()}
    arrays |= {f"{name} settled": np.stack(own[1:]) for name, own in study.located.items()}
    result = Result({"seconds": dict(study.seconds)}, arrays)
    monkeypatch.setattr(module._Work, "carried_out", lambda *_: times.append(1) or result)
    first, again = (studies.segmentation(cohort, others=["history"], folds=2, seeds=1) for _time in range(2))
    assert len(times) == 1 and again.cached and not first.cached
    assert np.array_equal(again.located["alone"][0], study.located["alone"][0])
    assert studies.segmentation_seconds(cohort) > 1, "with all inputs it was not asked yet"
    assert not segmentations_before(cohort), "only with settings of its own"
    studies.segmentation(cohort, others=["history"])
    (before,) = segmentations_before(cohort)
    assert before.cached and before.lesions.finding == "nodule" and list(before.others) == ["history"]


def test_a_written_cohort_is_studied_as_the_built_in_one(cohort, tmp_path):
    """Everything that decides the numbers is the same: masks, encoders, folds; values are compared where they are
    written."""
    back = open_cohort(write_cohort(cohort, tmp_path / "lung"))
    first, second = (_work(own, None, None, None, ["history"], 2, 1, "auto", True).decides for own in (cohort, back))
    assert [a for a, b in zip(first, second, strict=True) if a != b] == [cohort.key]
    assert np.array_equal(cohort.target, back.target)


def test_pictures_and_masks_alone_are_enough(cohort, tmp_path):
    folder = write_cohort(cohort, tmp_path / "lung")
    (tmp_path / "alone").mkdir()
    (folder / "ct").rename(tmp_path / "alone" / "images")
    (folder / "mask_nodule").rename(tmp_path / "alone" / "masks")
    own = open_cohort(tmp_path / "alone")
    work = _work(own, None, None, None, None, 2, 1, "auto", True)
    assert own.schema.task is None and work.methods == ["alone", "plain:logistic", "plain:boosted"]
    there = work.lesions.there
    counts = [int(there[np.searchsorted(work.lesions.rows, test)].sum()) for _train, test in work.plan.folds]
    assert there.sum() == sum(counts) and max(counts) - min(counts) <= 1, "folds are divided by the finding"


def test_what_cannot_be_asked_is_said(cohort, capsys):
    with pytest.raises(NotFound):
        studies.segmentation(cohort, others=["histry"])
    with pytest.raises(BadInput, match="at least"):
        studies.segmentation(build_sample("lung", 14), folds=2)
    with pytest.raises(BadInput, match="seed"):
        studies.segmentation(cohort, folds=2, seeds=0)
    assert cli.main(["segment", "diabetes", "--json"]) == 2
    assert "has no outlines" in capsys.readouterr().err


def test_a_difference_that_rounds_to_nothing_is_no_better_however_certain():
    def sentence(difference, low, high):
        methods = [{"metrics": {"dice": {"mean": 0.6}}}, {"metrics": {"dice": {"mean": 0.6 + difference}}}]
        gap = {"method": "together", "against": "alone", "metric": "dice", "note": ""}
        gap |= {"difference": difference, "low": low, "high": high}
        return finding_in_words({"finding": "x", "others": {"note": "y"}, "methods": methods, "differences": [gap]})

    assert "equally well" in sentence(0.002, 0.001, 0.003) and "+0.002" in sentence(0.002, 0.001, 0.003)
    assert "equally well" in sentence(0.001, -0.002, 0.004), "so narrow an interval settles that nothing is gained"
    assert "better: " in sentence(0.05, 0.02, 0.08) and "less well: " in sentence(-0.05, -0.08, -0.02)
    assert "+0.002" in sentence(0.03, 0.002, 0.06), "a low end is not shown as +0.00"
    assert "not settled" in sentence(0.02, -0.02, 0.06)
