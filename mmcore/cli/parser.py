"""The words of the command line: commands, options, and what they mean."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, NoReturn

from mmcore.base.errors import BadInput
from mmcore.base.settings import _

if TYPE_CHECKING:
    from mmcore.runs import EncoderChoice

ENCODER = "INPUT=NAME[:OPTION=VALUE,...]"
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
    _add_methods(compare, _("every input alone and the standard methods"))
    _add_encoders(compare)
    compare.add_argument(
        "--augment",
        action="append",
        default=[],
        metavar="INPUT=NAME[,NAME]",
        help=_("train on altered copies of the cases too; one name may carry options: INPUT=NAME:OPTION=VALUE,..."),
    )
    _add_division(compare)

    features = command(
        "features", _("How well each encoder's features separate the target, out of fold, before anything is trained.")
    )
    _add_cohort(features)
    features.add_argument(
        "--encoder",
        action="append",
        default=[],
        metavar=ENCODER,
        help=_(
            "encoder to measure; repeat it, for one input too, to compare several. INPUT=all: every one that is at "
            "hand, does not learn in a run, and encodes the cohort within two minutes. An input for which none is "
            "named gets its default encoder"
        ),
    )
    _add_division(features)

    explain = command(
        "explain",
        _("Is the attention right? Explanations against known evidence, against one another, and by deletion."),
    )
    _add_cohort(explain)
    _add_methods(explain, _("the standard fusion methods"))
    _add_encoders(explain)
    _add_division(explain)
    explain.add_argument(
        "--cases", type=int, default=100, metavar="N", help=_("cases looked at, drawn at random (default: 100)")
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
        metavar=ENCODER,
        help=_("encoder of an input, with options other than the usual ones; repeat for several (see `methods`)"),
    )


def _add_methods(one: argparse.ArgumentParser, default: str) -> None:
    one.add_argument(
        "--fusion",
        action="append",
        metavar="NAME",
        help=_(
            "fusion method, or the name of an input for that input alone; repeat for several; `all` for every one "
            "(default: {default})"
        ).format(default=default),
    )
    one.add_argument("--seeds", type=int, default=5, metavar="N", help=_("random starts per fold (default: 5)"))


def _add_division(one: argparse.ArgumentParser) -> None:
    one.add_argument("--folds", type=int, default=5, metavar="N", help=_("folds of the cross-validation (default: 5)"))
    one.add_argument(
        "--split",
        default="auto",
        metavar="SPLIT",
        help=_("auto, random, group or leave-one-group-out (default: auto: by group where there is one)"),
    )


def pairs(given: list[str], option: str, form: str) -> Mapping[str, str]:
    """["a=b", ...] as a mapping. Raises BadInput for what has another form, or a name given twice."""
    found: dict[str, str] = {}
    for name, values in lists(given, option, form).items():
        if len(values) > 1:
            raise BadInput(_("{option} names '{name}' twice.").format(option=option, name=name), _("Give each once."))
        found[name] = values[0]
    return found


def lists(given: list[str], option: str, form: str) -> Mapping[str, list[str]]:
    """["a=b", "a=c", ...] as a mapping to all values of a name. Raises BadInput for what has another form."""
    found: dict[str, list[str]] = {}
    for text in given:
        name, equals, value = text.partition("=")
        name, value = name.strip(), value.strip()
        if not (name and equals and value):
            raise BadInput(
                _("{option} {text} is not understood.").format(option=option, text=text),
                _("Write {option} {form}.").format(option=option, form=form),
            )
        found.setdefault(name, []).append(value)
    return found


def chosen(text: str, option: str) -> EncoderChoice | str:
    """ "NAME" as it is, "NAME:OPTION=VALUE,OPTION=VALUE" as a choice. Raises BadInput for another form."""
    from mmcore.runs import EncoderChoice

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
