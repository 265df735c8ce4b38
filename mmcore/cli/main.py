"""Reading the command line, carrying a command out, and telling what went wrong in one line."""

from __future__ import annotations

import argparse
import logging
import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mmcore.base import json_files
from mmcore.base.errors import BadInput, MMError
from mmcore.base.settings import _
from mmcore.cli import beforehand
from mmcore.cli.catalogue import methods
from mmcore.cli.parser import ENCODER, chosen, lists, pairs, parser

if TYPE_CHECKING:
    from mmcore.cohorts import Cohort, Roles
    from mmcore.runs import EncoderChoice, Run
    from mmcore.studies import StudySettings

BAD_INPUT, INTERRUPTED, BROKEN = 2, 130, 1


def main(given: Sequence[str] | None = None) -> int:
    """Carry out one command. Returns the exit code: 0, 2 for a mistake that can be mended, 130 for Ctrl-C."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(message)s")
    try:
        arguments = parser().parse_args(given)
    except SystemExit as stop:
        return int(stop.code or 0)
    try:
        document, show = COMMANDS[arguments.command](arguments)
        if arguments.json:
            print(json_files.dumps(document))
        else:
            show(document)
        sys.stdout.flush()
        return 0
    except MMError as error:
        print("mmcore: " + " ".join(str(error).split()), file=sys.stderr)
        return BAD_INPUT
    except BrokenPipeError:  # the reader of our output went away
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return BROKEN
    except OSError as error:  # a folder that cannot be read or written, a disk that is full
        print("mmcore: " + _("{error}. Check the path and your rights to it.").format(error=error), file=sys.stderr)
        return BAD_INPUT
    except KeyboardInterrupt:
        print(_("mmcore: stopped; what was finished is kept."), file=sys.stderr)
        return INTERRUPTED


Shown = tuple[dict[str, Any], Callable[[dict[str, Any]], None]]


def sample(arguments: argparse.Namespace) -> Shown:
    from mmcore.cli.show import show_sample
    from mmcore.cohorts import write_sample

    folder = write_sample(arguments.name, arguments.out, arguments.cases, arguments.seed)
    cohort = _opened(
        argparse.Namespace(cohort=str(folder), target=None, group=None, input=[], ignore=[], rate=[], positive=None)
    )
    return {
        "name": arguments.name,
        "folder": str(folder),
        "cases": len(cohort),
        "seed": arguments.seed,
        "synthetic": cohort.schema.synthetic,
    }, show_sample


def inspect(arguments: argparse.Namespace) -> Shown:
    from mmcore.cli.show import show_cohort

    cohort = _opened(arguments)
    schema = cohort.schema
    counts = {name: int((cohort.target == i).sum()) for i, name in enumerate(schema.classes)}
    return {
        "name": cohort.name,
        "title": schema.title,
        "synthetic": schema.synthetic,
        "cases": len(cohort),
        "labelled": int(cohort.labelled.sum()) if schema.task else 0,
        "task": schema.task,
        "target": schema.target,
        "classes": counts,
        "group": schema.group,
        "groups": None if cohort.groups is None else len(set(cohort.groups.tolist())),
        "inputs": {
            name: {
                "kind": spec.kind,
                "columns": list(spec.columns),
                "missing": int((~cohort.present(name)).sum()),
                "rate_hz": spec.rate_hz,
            }
            for name, spec in cohort.inputs.items()
        },
        "ignored": dict(schema.ignored),
        "licence": schema.licence,
        "citation": schema.citation,
        "problems": cohort.problems,
    }, show_cohort


def encode(arguments: argparse.Namespace) -> Shown:
    from mmcore import studies
    from mmcore.cli.show import Bar, show_features

    cohort, encoders = _opened(arguments), _encoders(arguments)
    beforehand.warn(cohort, encoders)
    with Bar(arguments.json) as progress:
        said = studies.encode(cohort, encoders, progress)
    rows = {
        name: {
            "encoder": one.encoder,
            "dims": one.dims,
            "tokens": int(one.counts.max(initial=0)),
            "cases": int((one.counts > 0).sum()),
            "computed": one.computed,
            "seconds": one.seconds,
            "failed": dict(one.failed),
        }
        for name, one in said.items()
    }
    return {"name": cohort.name, "cases": len(cohort), "inputs": rows, "problems": cohort.problems}, show_features


def compare(arguments: argparse.Namespace) -> Shown:
    from mmcore import studies
    from mmcore.cli.show import Bar, show_comparison
    from mmcore.jobs import engine

    cohort, encoders = _opened(arguments), _encoders(arguments)
    settings = _settings(arguments, augmentations=_several(arguments.augment, "--augment"))
    specs = studies.planned(cohort, arguments.fusion, encoders, settings)
    beforehand.warn(cohort, encoders)
    beforehand.announce(cohort, specs)
    with Bar(arguments.json) as progress:
        comparison = engine.run(studies.compare_planned, cohort, specs, progress=progress, label=_("compare"))
    return comparison.document(), show_comparison


def features(arguments: argparse.Namespace) -> Shown:
    from mmcore import studies
    from mmcore.cli.show import Bar, show_separation
    from mmcore.jobs import engine

    cohort = _opened(arguments)
    with Bar(arguments.json) as progress:
        study = engine.run(
            studies.features,
            cohort,
            _several(arguments.encoder, "--encoder"),
            studies.StudySettings(folds=arguments.folds, split=arguments.split),
            progress=progress,
            label=_("features"),
        )
    return study.document(), show_separation


def explain(arguments: argparse.Namespace) -> Shown:
    from mmcore import studies
    from mmcore.cli.show import Bar
    from mmcore.cli.show_explanation import show_explanation
    from mmcore.jobs import engine

    cohort, encoders = _opened(arguments), _encoders(arguments)
    beforehand.warn(cohort, encoders)
    with Bar(arguments.json) as progress:
        explanation = engine.run(
            studies.explain,
            cohort,
            arguments.fusion,
            encoders,
            _settings(arguments),
            cases=arguments.cases,
            progress=progress,
            label=_("explain"),
        )
    return explanation.document(), show_explanation


def predict(arguments: argparse.Namespace) -> Shown:
    from mmcore import studies
    from mmcore.cli.show import Bar, show_predictions

    run = _run(arguments.run)
    cohort = studies.open_for(run, arguments.cohort)
    with Bar(arguments.json) as progress:
        predictions = studies.predict(run, cohort, progress)
    return {
        "run": run.key,
        "method": run.method,
        "task": run.spec.task,
        "cohort": cohort.name,
        "predictions": [one.document() for one in predictions],
        "problems": cohort.problems,
    }, show_predictions


def export(arguments: argparse.Namespace) -> Shown:
    from mmcore import studies
    from mmcore.cli.show import show_export

    run = _run(arguments.run)
    folder = studies.export(run, arguments.folder)
    return {"run": run.key, "folder": str(folder), "files": sorted(path.name for path in folder.iterdir())}, show_export


COMMANDS: dict[str, Callable[[argparse.Namespace], Shown]] = {
    "methods": methods,
    "sample": sample,
    "inspect": inspect,
    "encode": encode,
    "compare": compare,
    "features": features,
    "explain": explain,
    "predict": predict,
    "export": export,
}


def _opened(arguments: argparse.Namespace) -> Cohort:
    from mmcore import cohorts

    return cohorts.open_cohort(arguments.cohort, _roles(arguments))


def _encoders(arguments: argparse.Namespace) -> dict[str, EncoderChoice | str]:
    return {name: chosen(text, "--encoder") for name, text in pairs(arguments.encoder, "--encoder", ENCODER).items()}


def _settings(arguments: argparse.Namespace, **more: Any) -> StudySettings:
    from mmcore.studies import StudySettings

    return StudySettings(folds=arguments.folds, seeds=arguments.seeds, split=arguments.split, **more)


def _several(given: list[str], option: str) -> dict[str, list[EncoderChoice | str]]:
    """INPUT=NAME, INPUT=NAME,NAME or INPUT=NAME:OPTION=VALUE,..., repeated, by input."""
    return {
        name: [chosen(one, option) for text in texts for one in ([text] if ":" in text else text.split(","))]
        for name, texts in lists(given, option, ENCODER).items()
    }


def _roles(arguments: argparse.Namespace) -> Roles:
    from mmcore.cohorts import Roles

    rates = {}
    for name, text in pairs(arguments.rate, "--rate", "INPUT=HZ").items():
        try:
            rates[name] = float(text)
        except ValueError:
            raise BadInput(
                _("--rate {name}={text} is no number.").format(name=name, text=text),
                _("Give samples a second: --rate ecg=100."),
            ) from None
    return Roles(
        target=arguments.target,
        group=arguments.group,
        inputs=dict(pairs(arguments.input, "--input", "NAME=KIND:COL[,COL...]")),
        ignore=tuple(arguments.ignore),
        rates=rates,
        positive=arguments.positive,
    )


def _run(name: str) -> Run:
    from mmcore import runs

    folder = Path(name).expanduser()
    if folder.is_dir():
        return runs.open_folder(folder)
    return runs.store().get(name)
