"""From words on the command line to encoders, settings and runs."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from mmcore import runs
from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.cli.cohort_arguments import lists, numbers_by_name, pairs
from mmcore.cli.parser import ENCODER
from mmcore.runs import EncoderChoice, Run
from mmcore.studies import Budget, StudySettings
from mmcore.training import TrainingSpec


def encoders_of(arguments: argparse.Namespace) -> dict[str, EncoderChoice | str]:
    return {name: choice_of(text, "--encoder") for name, text in pairs(arguments.encoder, "--encoder", ENCODER).items()}


def settings_of(arguments: argparse.Namespace, **more: Any) -> StudySettings:
    given = {name: getattr(arguments, name, None) for name in ("recalibrate", "epoch_by")}
    if training := {name: value for name, value in given.items() if value}:
        more["training"] = TrainingSpec.model_validate(training)
    return StudySettings(seeds=arguments.seeds, **divided(arguments), **more)


def divided(arguments: argparse.Namespace) -> dict[str, Any]:
    """How the cases are to be divided; folds only where a number was given, since studies tell what becomes of it."""
    folds = {} if arguments.folds is None else {"folds": arguments.folds}
    return {"split": arguments.split, **folds}


def several_encoders(given: list[str], option: str) -> dict[str, list[EncoderChoice | str]]:
    """INPUT=NAME, INPUT=NAME,NAME or INPUT=NAME:OPTION=VALUE,..., repeated, by input."""
    return {
        name: [choice_of(name_of, option) for text in texts for name_of in ([text] if ":" in text else text.split(","))]
        for name, texts in lists(given, option, ENCODER).items()
    }


def costs_of(arguments: argparse.Namespace) -> dict[str, float]:
    """What inputs cost. Raises BadInput for what is no number."""
    return numbers_by_name(arguments.cost, "--cost", "INPUT=NUMBER", _("Give a number: --cost ecg=40."))


def budget_of(arguments: argparse.Namespace) -> Budget | None:
    """What every method may spend on tuning. Raises BadInput for what is neither trials=N nor seconds=S."""
    if arguments.tune is None:
        return None
    name, _equals, number = arguments.tune.partition("=")
    if name in ("trials", "seconds"):
        try:
            return Budget.model_validate({name: number})
        except ValueError:
            pass  # told below
    raise BadInput(
        _("{option} {text} is not understood.").format(option="--tune", text=arguments.tune),
        _("Give a budget: --tune trials=20, or --tune seconds=120."),
    )


def run_of(name: str) -> Run:
    folder = Path(name).expanduser()
    if folder.is_dir():
        return runs.open_folder(folder)
    return runs.store().get(name)


def choice_of(text: str, option: str) -> EncoderChoice | str:
    """ "NAME" as it is, "NAME:OPTION=VALUE,OPTION=VALUE" as a choice. Raises BadInput for another form."""
    name, colon, rest = text.partition(":")
    if not colon:
        return text
    words = [word.partition("=") for word in rest.split(",")]
    if not name or not all(key and equals for key, equals, _value in words):
        raise BadInput(
            _("{option} INPUT={text} is not understood.").format(option=option, text=text),
            _("Write options as NAME:OPTION=VALUE,OPTION=VALUE."),
        )
    return EncoderChoice(name=name, options={key: value for key, _equals, value in words})
