"""Options of how the methods of a comparison are trained."""

from __future__ import annotations

import argparse

from mmcore.base.settings import _


def add_training(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--epoch-by",
        choices=("loss", "accuracy"),
        default="loss",
        help=_("which measure on the validation cases chooses the epoch whose weights are used (default: loss)"),
    )
    command.add_argument(
        "--tune",
        metavar="trials=N|seconds=S",
        help=_(
            "choose the training settings of every method inside the training part of each fold, trying N "
            "settings or for S seconds per method; earlier trials are reused"
        ),
    )
