"""Protects the pages against a file of a part that is wrong: they open, offer the others, and say what is wrong."""

from __future__ import annotations

import pytest

from mmcore.augmentation import augmentations
from mmcore.base.modules import Broken
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
