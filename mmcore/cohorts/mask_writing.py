"""Where findings lie in the pictures of a cohort, as files: a folder of PNG masks for each finding."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from mmcore.base.values import Value
from mmcore.cohorts.base import Cohort

Cells = dict[str, list[str | None]]  # column -> a path for each case


def written_masks(
    cohort: Cohort, input: str, pictures: Mapping[str, Value | None], names: Mapping[str, str], out: Path
) -> tuple[Cells, dict[str, str]]:
    """Write the masks of an image input below `out`; the cells that name them, and what each column outlines.

    A mask has the size of its picture, 255 where the finding lies and 0 elsewhere; one that is black everywhere says
    that there is none, an empty cell that nobody looked. pictures: by case id. names: case id -> name of its files.
    """
    cells: Cells = {}
    outlined: dict[str, str] = {}
    for finding, _count in cohort.outlines.counts(cohort.ids, input).most_common():
        column = _column(finding, input, {*cohort.table.columns, *cohort.inputs, *cells})
        (out / column).mkdir(exist_ok=True)
        cells[column] = [
            _written(cohort, id, input, finding, picture, out / column / f"{names[id]}.png")
            for id, picture in pictures.items()
        ]
        outlined[column] = finding
    return cells, outlined


def _column(finding: str, input: str, taken: set[str]) -> str:
    name = "mask_" + "".join(c if c.isalnum() else "_" for c in finding)
    name = f"{input}_{name}" if name in taken else name
    while name in taken:
        name += "_"
    return name


def _written(cohort: Cohort, id: str, input: str, finding: str, picture: Value | None, path: Path) -> str | None:
    """The path of the mask as a cell names it; None where there is no picture, or nobody looked."""
    if not isinstance(picture, np.ndarray):
        return None
    mask = cohort.outlines.mask(id, input, finding, (picture.shape[0], picture.shape[1]))
    if mask is None:
        return None
    from PIL import Image

    Image.fromarray(np.where(mask, 255, 0).astype(np.uint8)).save(path, compress_level=3)
    return f"{path.parent.name}/{path.name}"
