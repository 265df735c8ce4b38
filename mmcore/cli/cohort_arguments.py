"""From words on the command line to a cohort and its roles, without what trains networks."""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.cohorts import Cohort, Roles, open_cohort
from mmcore.cohorts.importing.open_questions import open_questions
from mmcore.cohorts.roles import MASK, parse


def opened(arguments: argparse.Namespace) -> Cohort:
    """The cohort, with a problem for each signal input whose rate is not known or can hardly be right."""
    cohort = open_cohort(arguments.cohort, roles_of(arguments))
    cohort.tell(
        _("{question} Give it with --rate {input}=HZ.").format(question=question.question, input=question.name)
        for question in open_questions(cohort)
    )
    return cohort


def roles_of(arguments: argparse.Namespace) -> Roles:
    """What is said of columns. Raises BadInput for a rate that is no number."""
    rates = numbers_by_name(arguments.rate, "--rate", "INPUT=HZ", _("Give a rate in Hz: --rate ecg=100."))
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
        columns={
            column: f"{MASK}:{name}"
            for name, text in pairs(arguments.mask, "--mask", "INPUT=COL[,COL...]").items()
            for column in parse(f"{MASK}:{text}")[1]
        },
    )


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


def numbers_by_name(given: list[str], option: str, form: str, hint: str) -> dict[str, float]:
    numbers = {}
    for name, text in pairs(given, option, form).items():
        try:
            numbers[name] = float(text)
        except ValueError:
            message = _("{option} {name}={text} is not a number.").format(option=option, name=name, text=text)
            raise BadInput(message, hint) from None
    return numbers
