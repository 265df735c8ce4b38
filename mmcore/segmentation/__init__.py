"""Where a finding lies in an image, out of fold, with and without what the other inputs say."""

from mmcore.segmentation.fold_fit import FoldPrediction, Training, locate
from mmcore.segmentation.grid_cells import GridCells, cells_of
from mmcore.segmentation.mask_scores import MaskScores, compared, scores_of
from mmcore.segmentation.plain_cells import PLAIN, plain_cells

__all__ = [
    "PLAIN",
    "FoldPrediction",
    "GridCells",
    "MaskScores",
    "Training",
    "cells_of",
    "compared",
    "locate",
    "plain_cells",
    "scores_of",
]
