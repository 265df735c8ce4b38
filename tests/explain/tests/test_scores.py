"""Explanations are put to every test that can be made: those of planted evidence point at it, and are needed."""

import numpy as np
import pytest

from mmcore.base.values import Box, Column, Evidence
from mmcore.explain.tests.faithfulness import area
from mmcore.explain.tests.scores import EVERYWHERE, GroundTruth, score_explanations
from tests.trained_methods import PLANTED

CELLS = tuple(Box(0, i / 5, 1, (i + 1) / 5) for i in range(5))


def planted(*places):
    return GroundTruth({"film": CELLS}, {"film": (Evidence("sign", places, 1.0),)})


@pytest.mark.parametrize("fusion", ["cross_attention", "concat"])
def test_attributions_point_at_the_planted_token_and_the_model_needs_it(trained, read, fusion):
    reading = read(trained(fusion), 20)
    scores = score_explanations(reading, [planted(CELLS[PLANTED])] * len(reading), images=["film"])
    hits = [case.pointing["integrated_gradients"]["film"] for case in scores]
    assert np.mean([hit for hit, _chance in hits]) > 0.9 and all(chance == 0.2 for _hit, chance in hits)
    assert {"grad_cam", *EVERYWHERE} <= set(scores[0].pointing)
    needed = np.mean([area(case.deletion["integrated_gradients"]) for case in scores])
    assert needed < np.mean([area(case.deletion["random"]) for case in scores])
    assert all(set(case.gap) == {"integrated_gradients"} for case in scores)
    assert scores[0].level == ("tokens" if fusion == "cross_attention" else None)
    assert bool(scores[0].agreement) == (fusion == "cross_attention")


def test_evidence_under_every_token_cannot_be_missed_and_what_moves_nothing_is_none(trained, read):
    reading = read(trained("concat"), 1)
    (everywhere,) = score_explanations(reading, [planted(*CELLS)])
    assert everywhere.everywhere == ("film",) and everywhere.pointing == {}
    idle = GroundTruth({"labs": [Column("a")]}, {"labs": (Evidence("sign", (Column("a"),), 0.0),)})
    (nothing,) = score_explanations(reading, [idle])
    assert nothing.everywhere == () and nothing.pointing == {}
