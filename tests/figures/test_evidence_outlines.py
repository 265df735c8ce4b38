"""Protects the outlines of evidence: each where its mask or box lies, names apart from each other."""

from __future__ import annotations

import numpy as np

from mmcore.base.values import Box, Evidence
from mmcore.figures import case, evidence_outlines


def test_evidence_is_outlined_as_mask_or_box():
    mask = np.zeros((32, 32), bool)
    mask[4:9, 4:9] = True
    proof = [Evidence("mask", (Box(0, 0, 1, 1),), mask=mask), Evidence("box", (Box(0.1, 0.1, 0.5, 0.5),), effect=-1)]
    figure = case.image(np.zeros((32, 32, 3), np.uint8), evidence=proof)
    assert len(figure.data) == 2 and len(figure.layout.shapes) == 1
    assert [note.text for note in figure.layout.annotations] == ["mask", "box"]
    assert figure.layout.shapes[0].x1 == 16 and figure.data[1].dx == 1, "in pixels of the image"
    colours = [figure.data[1].line.color, figure.layout.shapes[0].line.color]
    assert colours == list(evidence_outlines.PROOFS[:2]) == [note.font.color for note in figure.layout.annotations]


def test_names_of_outlines_that_overlap_stand_apart():
    heart, lobe, corner = Box(0.4, 0.3, 0.8, 0.8), Box(0.42, 0.32, 0.7, 0.75), Box(0.0, 0.0, 0.1, 0.1)
    spots = evidence_outlines.label_spots([(heart, 0.5), (lobe, 0.5), (corner, 0.05)])
    assert spots[0][2] == "bottom" and spots[1][2] == "top", "the second below, where the first is above"
    assert spots[2][1] > 0, "not outside of the picture"
