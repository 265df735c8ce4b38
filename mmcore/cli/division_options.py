"""How the cases are divided: the options of folds and split, and whether folds were given."""

from __future__ import annotations

import argparse

from mmcore.base.settings import _


class _Counted(argparse.Action):
    """A number, and that it was given and is no default: where it cannot be followed, that has to be said."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        setattr(namespace, self.dest, values)
        namespace.folds_given = True


def add_division(command: argparse.ArgumentParser) -> None:
    folds = _("folds of the cross-validation (default: 5)")
    command.add_argument("--folds", type=int, default=5, action=_Counted, metavar="N", help=folds)
    command.add_argument(
        "--split",
        default="auto",
        metavar="SPLIT",
        help=_(
            "auto, random, group, leave-one-group-out, or column:COL for folds that a column says "
            "(default: auto: by group where there is one)"
        ),
    )
