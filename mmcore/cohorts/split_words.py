"""How tables say which part of a published split a case is in."""

from __future__ import annotations

import re
from collections.abc import Iterable

_COLUMNS = re.compile(r"^(fold|folds|split|subset|partition|strat_fold|cv_fold|is_train|is_test)$", re.IGNORECASE)
TRAIN = {"train", "training", "trn", "tr", "dev", "development", "derivation", "训练"}
VALIDATION = {"val", "valid", "validation", "internal validation", "tune", "tuning", "验证"}
TEST = {
    "test", "testing", "tst", "te", "holdout", "hold-out", "hold out", "heldout", "held out", "external",
    "external validation", "external test", "测试",
}  # fmt: skip
_TAIL = re.compile(r"(?<=.)(?:[\s_-]+(?:set|cohort|data|dataset|split|sample|group)|set|集)$")


def marks_a_split(name: str) -> bool:
    """Whether a column is called as those that say train and test, or number folds."""
    return bool(_COLUMNS.match(name))


def part_of(cell: str) -> str:
    """A part of a split as it is compared: "Training set" is "training"."""
    return re.sub(r"[\s_]+", " ", _TAIL.sub("", cell.strip().casefold())).strip()


def says_parts(cells: Iterable[str]) -> bool:
    """Whether cells say train, and validation or test, and nothing else."""
    parts = {part_of(cell) for cell in cells}
    return parts <= TRAIN | VALIDATION | TEST and bool(parts & TRAIN) and bool(parts & (VALIDATION | TEST))
