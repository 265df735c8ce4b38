"""Where a finding lies in an image, out of fold, with and without what the other inputs say."""

from mmcore.segmentation.fold_fit import (
    FoldCases,
    FoldLogits,
    FoldPlain,
    FoldPrediction,
    Training,
    blended,
    by_networks,
    by_plain,
)
from mmcore.segmentation.grid_cells import GridCells, cells_of
from mmcore.segmentation.mask_scores import MaskScores, compared, scores_of
from mmcore.segmentation.plain_cells import PLAIN

__all__ = [
    "PLAIN",
    "FoldCases",
    "FoldLogits",
    "FoldPlain",
    "FoldPrediction",
    "GridCells",
    "MaskScores",
    "Training",
    "blended",
    "by_networks",
    "by_plain",
    "cells_of",
    "compared",
    "scores_of",
]
