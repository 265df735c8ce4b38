"""How the cases are divided: the options of folds and split."""

from __future__ import annotations

import argparse

from mmcore.base.settings import _


def add_division(command: argparse.ArgumentParser) -> None:
    folds = _("folds of the cross-validation (default: 5)")
    command.add_argument("--folds", type=int, metavar="N", help=folds)
    command.add_argument(
        "--split",
        default="auto",
        metavar="SPLIT",
        help=_(
            "auto, random, group, leave-one-group-out, or column:COL for folds given by a column (default: "
            "auto: as published where the cohort has a column that says so, else by group where there is one)"
        ),
    )
