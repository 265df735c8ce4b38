"""The words of the command line: commands, options, and what they mean."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import NoReturn

from mmcore.errors import BadInput
from mmcore.settings import _

_COHORT = _("name of a built-in cohort, a folder, or a CSV or Parquet table")


class Parser(argparse.ArgumentParser):
    """Mistakes are one line on stderr, as all errors are."""

    def error(self, message: str) -> NoReturn:
        hint = _("See: {program} --help").format(program=self.prog)
        print(f"{self.prog.split()[0]}: {message}. {hint}", file=sys.stderr)
        sys.exit(2)


def parser() -> argparse.ArgumentParser:
    """The parser; `arguments.command` names the command."""
    top = Parser(
        prog="mmcore", description=_("Encode, fuse and compare multimodal medical data. Not for clinical use.")
    )
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND", parser_class=Parser)

    def command(name: str, text: str) -> argparse.ArgumentParser:
        one = commands.add_parser(name, help=text, description=text)
        one.add_argument("--json", action="store_true", help=_("print one JSON document and nothing else"))
        return one

    command("methods", _("Encoders and fusion methods: what is available here, and who invented it."))

    sample = command("sample", _("Write a built-in cohort as a plain folder."))
    sample.add_argument("name", metavar="NAME", help=_("name of a built-in cohort"))
    sample.add_argument("--out", required=True, metavar="DIR", help=_("new folder to write"))
    sample.add_argument("--cases", type=int, metavar="N", help=_("number of cases"))
    sample.add_argument(
        "--seed", type=int, default=0, metavar="S", help=_("the same seed gives the same cases (default: 0)")
    )

    inspect = command("inspect", _("What a cohort holds: inputs, task, counts, what is missing, licence."))
    _add_cohort(inspect)

    encode = command("encode", _("Fill the feature cache for a cohort."))
    _add_cohort(encode)
    _add_encoders(encode)

    compare = command(
        "compare", _("Train fusion methods and single inputs on the same folds, and compare them out of fold.")
    )
    _add_cohort(compare)
    compare.add_argument(
        "--fusion",
        action="append",
        metavar="NAME",
        help=_(
            "fusion method, or the name of an input for that input alone; repeat for several (default: all of both)"
        ),
    )
    _add_encoders(compare)
    compare.add_argument(
        "--folds", type=int, default=5, metavar="N", help=_("folds of the cross-validation (default: 5)")
    )
    compare.add_argument("--seeds", type=int, default=5, metavar="N", help=_("random starts per fold (default: 5)"))
    compare.add_argument(
        "--split",
        default="auto",
        metavar="SPLIT",
        help=_("auto, random, group or leave-one-group-out (default: auto: by group where there is one)"),
    )

    predict = command("predict", _("Apply a finished run to a cohort; no target is needed."))
    predict.add_argument(
        "run", metavar="RUN", help=_("key of a run (its beginning is enough), or a folder that `export` wrote")
    )
    predict.add_argument("cohort", metavar="COHORT", help=_COHORT)

    export = command("export", _("Write weights, spec and model card of a run, loadable without this app."))
    export.add_argument(
        "run", metavar="RUN", help=_("key of a run (its beginning is enough), or a folder that `export` wrote")
    )
    export.add_argument("folder", metavar="DIR", help=_("new folder to write"))
    return top


def _add_cohort(one: argparse.ArgumentParser) -> None:
    one.add_argument("cohort", metavar="COHORT", help=_COHORT)
    roles = one.add_argument_group(_("roles of the columns, where cohort.toml does not say and guessing is not wanted"))
    roles.add_argument("--target", metavar="COL", help=_("what is to be predicted"))
    roles.add_argument("--positive", metavar="CLASS", help=_("the class a binary task asks for"))
    roles.add_argument("--group", metavar="COL", help=_("cases that belong together (patient, site, speaker)"))
    roles.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="NAME=KIND:COL[,COL...]",
        help=_(
            "an input: kind is image, text, signal or table; a table takes several columns; repeat for several inputs"
        ),
    )
    roles.add_argument(
        "--ignore", action="append", default=[], metavar="COL", help=_("a column to leave out; repeat for several")
    )
    roles.add_argument(
        "--rate",
        action="append",
        default=[],
        metavar="INPUT=HZ",
        help=_("samples a second of signal files that do not say; else time is counted in samples"),
    )


def _add_encoders(one: argparse.ArgumentParser) -> None:
    one.add_argument(
        "--encoder",
        action="append",
        default=[],
        metavar="INPUT=NAME",
        help=_("encoder of an input; repeat for several (see `methods`)"),
    )


def pairs(given: list[str], option: str, form: str) -> Mapping[str, str]:
    """["a=b", ...] as a mapping. Raises BadInput for what has another form, or a name given twice."""
    found: dict[str, str] = {}
    for text in given:
        name, equals, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not (name and equals and value):
            raise BadInput(
                _("{option} {text} is not understood.").format(option=option, text=text),
                _("Write {option} {form}.").format(option=option, form=form),
            )
        if name in found:
            raise BadInput(_("{option} names '{name}' twice.").format(option=option, name=name), _("Give each once."))
        found[name] = value
    return found
