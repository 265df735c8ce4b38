"""Protects the pages against a file of a part that is wrong: they open, offer the others, and say what is wrong."""

from __future__ import annotations

import pytest

from mmcore.augmentation import augmentations
from mmcore.base.modules import Broken
from mmcore.cohorts import samples
from mmcore.encoders import encoders
from mmcore.fusion import fusions
from tests.pages.opened import FEATURES, TRAIN, folder, open_page

__all__ = ["folder"]


def text(app) -> str:
    return " ".join(str(warning.value) for warning in app.warning)


@pytest.mark.parametrize(
    ("registry", "module", "page", "link"),
    [
        (fusions, "mmcore.fusion.torn", TRAIN, {}),
        (encoders, "mmcore.encoders.signal.torn", FEATURES, {"input": "ecg"}),
        (augmentations, "mmcore.augmentation.torn", FEATURES, {"input": "ecg", "view": "varied"}),
    ],
    ids=["fusion", "encoder", "augmentation"],
)
def test_a_broken_part_is_named_with_its_reason(folder, monkeypatch, registry, module, page, link):
    list(registry)
    monkeypatch.setattr(registry, "_contents", (frozenset(), {"torn": Broken(module, "It was bent.")}))
    app = open_page(page, cohort=folder, **link)
    assert "**torn** is not available. It was bent." in text(app)


def test_a_broken_sample_cohort_is_listed_and_says_why_when_it_is_chosen(monkeypatch):
    len(samples)
    monkeypatch.setattr(samples, "_broken", {"torn": Broken("mmcore.cohorts.torn", "It was bent.")})
    app = open_page("pages/explore/1_cohort.py", cohort="torn")
    (picker,) = [box for box in app.selectbox if box.key == "cohort-picker"]
    assert "torn (built-in, not available)" in picker.options
    assert "It was bent." in " ".join(str(error.value) for error in (*app.error, *app.warning, *app.info))


def test_a_part_that_fails_to_say_whether_it_can_be_used_is_listed_as_unavailable(folder, monkeypatch):
    def undecided(cls):
        raise RuntimeError("no such driver")

    monkeypatch.setattr(fusions["gated"], "unavailable", classmethod(undecided))
    app = open_page(TRAIN, cohort=folder, method="gated")
    assert not app.exception and "no such driver" in " ".join(str(each.value) for each in (*app.warning, *app.error))
