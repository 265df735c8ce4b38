"""Names of folders, files and columns that outline what pictures show: masks, segmentations, ground truth."""

from __future__ import annotations

import re

from mmcore.cohorts.names import words

_OUTLINES = {
    "mask", "masks", "segmentation", "segmentations", "annotation", "annotations", "groundtruth", "contour", "contours",
}  # fmt: skip
_MARKED = re.compile(r"^(.+?)[\s_-]+(?:mask|segmentation|seg|gt|groundtruth)(?:[\s_-]*\d+)?$", re.IGNORECASE)
FINDING = "finding"  # what is outlined, where no name says it


def is_outline(name: str) -> bool:
    """Whether a folder or column of this name holds outlines."""
    return bool(set(words(name)) & _OUTLINES) or name.casefold().replace("_", " ") == "ground truth"


def outlined_stem(stem: str) -> str | None:
    """The stem of the picture that a file called so outlines ("017_mask" and "017_mask_1": "017"); None for another."""
    match = _MARKED.match(stem)
    return match[1] if match else None


def finding_of(name: str, *others: str) -> str:
    """What a column or folder of masks outlines: its name without such words and those of `others` (its input)."""
    left = [word for word in words(name) if word not in _OUTLINES and word not in {w for o in others for w in words(o)}]
    return " ".join(left) or FINDING
