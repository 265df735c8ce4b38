"""From words on the command line to a cohort, its roles, encoders, settings and runs."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from mmcore import runs
from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.cli.parser import ENCODER
from mmcore.cohorts import Cohort, Roles, open_cohort
from mmcore.runs import EncoderChoice, Run
from mmcore.studies import StudySettings
from mmcore.training import TrainingSpec


def opened(arguments: argparse.Namespace) -> Cohort:
    return open_cohort(arguments.cohort, roles_of(arguments))


def encoders_of(arguments: argparse.Namespace) -> dict[str, EncoderChoice | str]:
    return {name: choice_of(text, "--encoder") for name, text in pairs(arguments.encoder, "--encoder", ENCODER).items()}


def settings_of(arguments: argparse.Namespace, **more: Any) -> StudySettings:
    if getattr(arguments, "recalibrate", None):
        more["training"] = TrainingSpec(recalibrate=arguments.recalibrate)
    return StudySettings(folds=arguments.folds, seeds=arguments.seeds, split=arguments.split, **more)


def several_encoders(given: list[str], option: str) -> dict[str, list[EncoderChoice | str]]:
    """INPUT=NAME, INPUT=NAME,NAME or INPUT=NAME:OPTION=VALUE,..., repeated, by input."""
    return {
        name: [choice_of(name_of, option) for text in texts for name_of in ([text] if ":" in text else text.split(","))]
        for name, texts in lists(given, option, ENCODER).items()
    }


def costs_of(arguments: argparse.Namespace) -> dict[str, float]:
    """What inputs cost. Raises BadInput for what is no number."""
    return _numbers(arguments.cost, "--cost", "INPUT=NUMBER", _("Give a number: --cost ecg=40."))


def _numbers(given: list[str], option: str, form: str, hint: str) -> dict[str, float]:
    numbers = {}
    for name, text in pairs(given, option, form).items():
        try:
            numbers[name] = float(text)
        except ValueError:
            message = _("{option} {name}={text} is no number.").format(option=option, name=name, text=text)
            raise BadInput(message, hint) from None
    return numbers


def roles_of(arguments: argparse.Namespace) -> Roles:
    """What is said of columns. Raises BadInput for a rate that is no number."""
    rates = _numbers(arguments.rate, "--rate", "INPUT=HZ", _("Give samples a second: --rate ecg=100."))
    return Roles(
        target=arguments.target,
        group=arguments.group,
        inputs=dict(pairs(arguments.input, "--input", "NAME=KIND:COL[,COL...]")),
        ignore=tuple(arguments.ignore),
        rates=rates,
        positive=arguments.positive,
        id=arguments.id,
        deidentify=arguments.deidentify,
        event=arguments.event,
        time=arguments.time,
    )


def run_of(name: str) -> Run:
    folder = Path(name).expanduser()
    if folder.is_dir():
        return runs.open_folder(folder)
    return runs.store().get(name)


def pairs(given: list[str], option: str, form: str) -> Mapping[str, str]:
    """["a=b", ...] as a mapping. Raises BadInput for what has another form, or a name given twice."""
    by_name: dict[str, str] = {}
    for name, values in lists(given, option, form).items():
        if len(values) > 1:
            raise BadInput(_("{option} names '{name}' twice.").format(option=option, name=name), _("Give each once."))
        by_name[name] = values[0]
    return by_name


def lists(given: list[str], option: str, form: str) -> Mapping[str, list[str]]:
    """["a=b", "a=c", ...] as a mapping to all values of a name. Raises BadInput for what has another form."""
    by_name: dict[str, list[str]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not (name and equals and value):
            raise BadInput(
                _("{option} {text} is not understood.").format(option=option, text=text),
                _("Write {option} {form}.").format(option=option, form=form),
            )
        by_name.setdefault(name, []).append(value)
    return by_name


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
