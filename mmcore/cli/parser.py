"""The words of the command line: commands, options, and what they mean."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from typing import NoReturn, TypeAlias

from mmcore.base.languages import ENGLISH, LANGUAGES
from mmcore.base.settings import _
from mmcore.cli.division_options import add_division
from mmcore.cli.training_options import add_training

ENCODER = "INPUT=NAME[:OPTION=VALUE,...]"
AddCommand: TypeAlias = Callable[[str, str], argparse.ArgumentParser]  # name, what it does


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

    def add(name: str, text: str) -> argparse.ArgumentParser:
        command: argparse.ArgumentParser = commands.add_parser(name, help=text, description=text)
        command.add_argument("--json", action="store_true", help=_("print one JSON document and nothing else"))
        return command

    add("methods", _("Encoders and fusion methods: what is available here, and who invented it."))
    _sample(add)
    _catalogue(add)
    _add_cohort(add("inspect", _("What a cohort holds: inputs, task, counts, what is missing, licence.")))
    _import(add)
    _add_cohort(add("audit", _("What could mislead a study of a cohort: copies, leaks, confounders, errors.")))
    encode = add("encode", _("Fill the feature cache for a cohort."))
    _add_cohort(encode)
    _add_encoders(encode)
    _compare(add)
    _features(add)
    _segment(add)
    _explain(add)
    _report(add)
    _predict(add)
    _export(add)
    return top


def _sample(add: AddCommand) -> None:
    command = add("sample", _("Write a built-in cohort as a plain folder."))
    command.add_argument("name", metavar="NAME", help=_("name of a built-in cohort"))
    command.add_argument("--out", required=True, metavar="DIR", help=_("new folder to write"))
    command.add_argument("--cases", type=int, metavar="N", help=_("number of cases"))
    command.add_argument(
        "--seed", type=int, default=0, metavar="S", help=_("the same seed gives the same cases (default: 0)")
    )
    command.add_argument(
        "--language",
        choices=sorted(LANGUAGES),
        default=ENGLISH,
        help=_("language of its notes; the cases and their probabilities are the same (default: en)"),
    )


def _import(add: AddCommand) -> None:
    command = add("import", _("The same cohort as a plain folder with cohort.toml, its media checked and copied."))
    _add_cohort(command)
    command.add_argument("--out", required=True, metavar="DIR", help=_("new folder to write"))
    command.add_argument("--name", default="", help=_("name of the cohort, if not that of its file or folder"))
    command.add_argument("--table", metavar="FILE", help=_("which of several tables in the folder"))


def _catalogue(add: AddCommand) -> None:
    command = add("catalogue", _("Public data sets: list them with their licences, or get one as a cohort folder."))
    command.add_argument("action", choices=("list", "get"), help=_("list all, or get one"))
    command.add_argument("name", nargs="?", metavar="NAME", help=_("name of a data set, to get it"))
    command.add_argument("--out", metavar="DIR", help=_("new folder to write"))


def _compare(add: AddCommand) -> None:
    command = add(
        "compare", _("Train fusion methods and single inputs on the same folds, and compare them out of fold.")
    )
    _add_cohort(command)
    _add_methods(command, _("every input alone and the standard methods"))
    _add_encoders(command)
    command.add_argument(
        "--augment",
        action="append",
        default=[],
        metavar="INPUT=NAME[,NAME]",
        help=_("train on altered copies of the cases too; one name may carry options: INPUT=NAME:OPTION=VALUE,..."),
    )
    command.add_argument(
        "--lattice",
        action="store_true",
        help=_("train concat on every subset of the inputs, too: what each input adds to the others"),
    )
    command.add_argument(
        "--cost",
        action="append",
        default=[],
        metavar="INPUT=NUMBER",
        help=_("what acquiring an input costs, in any unit; repeat for several; switches --lattice on"),
    )
    add_training(command)
    _add_plain(command)
    add_division(command)


def _features(add: AddCommand) -> None:
    command = add(
        "features", _("How well each encoder's features separate the target, out of fold, before anything is trained.")
    )
    _add_cohort(command)
    command.add_argument(
        "--encoder",
        action="append",
        default=[],
        metavar=ENCODER,
        help=_(
            "encoder to measure; repeat to compare several, also for the same input. INPUT=all: every "
            "available encoder that does not learn during training and encodes the cohort within two minutes. "
            "Inputs not named get their default encoder"
        ),
    )
    add_division(command)


def _segment(add: AddCommand) -> None:
    command = add("segment", _("Where a finding lies in the images, and whether the other inputs help to find it."))
    _add_cohort(command)
    option = command.add_argument
    option("--image", metavar="INPUT", help=_("image input (default: the first with outlines)"))
    option("--finding", metavar="NAME", help=_("what to find (default: the most frequent finding)"))
    option("--with", action="append", dest="others", metavar="INPUT", help=_("input that helps (default: all others)"))
    option("--seeds", type=int, default=3, metavar="N", help=_("random starts per fold (default: 3)"))
    _add_encoders(command)
    _add_plain(command)
    add_division(command)


def _explain(add: AddCommand) -> None:
    command = add(
        "explain",
        _("Is the attention right? Explanations against known evidence, against one another, and by deletion."),
    )
    _add_cohort(command)
    _add_methods(command, _("the standard fusion methods"))
    _add_encoders(command)
    add_division(command)
    command.add_argument(
        "--cases",
        type=int,
        default=100,
        metavar="N",
        help=_("number of cases examined, drawn at random (default: 100)"),
    )


def _report(add: AddCommand) -> None:
    command = add(
        "report", _("Write what was compared and found as HTML, PDF or slides, for people who were not there.")
    )
    _add_cohort(command)
    command.add_argument("--out", required=True, metavar="FILE.html|.pdf|.pptx", help=_("file to write"))
    command.add_argument("--case", metavar="ID", help=_("show this one case in it (default: no single case is shown)"))
    _add_methods(command, _("every input alone and the standard methods"))
    _add_encoders(command)
    _add_plain(command)
    add_division(command)


def _predict(add: AddCommand) -> None:
    command = add("predict", _("Apply a finished run to a cohort; no target is needed."))
    _add_run(command)
    command.add_argument("cohort", metavar="COHORT", help=_cohort_forms())
    command.add_argument(
        "--contributions",
        action="store_true",
        help=_("report for each case what each input adds, and what would be predicted without it"),
    )


def _export(add: AddCommand) -> None:
    command = add("export", _("Write weights, spec and model card of a run, loadable without this app."))
    _add_run(command)
    command.add_argument("folder", metavar="DIR", help=_("new folder to write"))


def _cohort_forms() -> str:
    return _("name of a built-in cohort, a folder, a zip, or a CSV, Excel or Parquet table")


def _add_run(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "run", metavar="RUN", help=_("key of a run (its beginning is enough), or a folder that `export` wrote")
    )


def _add_cohort(command: argparse.ArgumentParser) -> None:
    command.add_argument("cohort", metavar="COHORT", help=_cohort_forms())
    roles = command.add_argument_group(
        _("roles of the columns, where cohort.toml does not say and guessing is not wanted")
    )
    roles.add_argument("--target", metavar="COL", help=_("what is to be predicted"))
    roles.add_argument(
        "--positive", metavar="CLASS", help=_("the class whose probability is predicted in a binary task")
    )
    roles.add_argument(
        "--id",
        metavar="COL",
        help=_("column that names the cases; if names repeat and this is also the group, the cases are numbered"),
    )
    roles.add_argument("--group", metavar="COL", help=_("cases that belong together (patient, site, speaker)"))
    roles.add_argument("--event", metavar="COL", help=_("whether something happened in follow-up"))
    roles.add_argument("--time", metavar="COL", help=_("when it happened, or how long a case was followed"))
    roles.add_argument(
        "--input",
        action="append",
        default=[],
        metavar="NAME=KIND:COL[,COL...]",
        help=_(
            "an input: kind is image, text, signal or table; a table takes several columns; repeat for several "
            'inputs. A column whose name holds a comma or a colon is quoted: v=table:age,"BP, systolic"; * stands '
            "for any characters: mrna=table:mrna_*"
        ),
    )
    roles.add_argument(
        "--mask",
        action="append",
        default=[],
        metavar="INPUT=COL[,COL...]",
        help=_("columns with paths of masks, which outline what the pictures of an image input show"),
    )
    roles.add_argument(
        "--ignore", action="append", default=[], metavar="COL", help=_("a column to leave out; repeat for several")
    )
    roles.add_argument(
        "--deidentify",
        action="store_true",
        help=_(
            "remove names, dates, telephone numbers, addresses and personal identity numbers from texts, as "
            "far as rules can"
        ),
    )
    roles.add_argument(
        "--rate",
        action="append",
        default=[],
        metavar="INPUT=HZ",
        help=_("sampling rate in Hz of signal files that do not state it; without it, time is counted in samples"),
    )


def _add_encoders(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--encoder",
        action="append",
        default=[],
        metavar=ENCODER,
        help=_("encoder of an input, with options other than the usual ones; repeat for several (see `methods`)"),
    )


def _add_methods(command: argparse.ArgumentParser, default: str) -> None:
    command.add_argument(
        "--fusion",
        action="append",
        metavar="NAME",
        help=_(
            "fusion method, or the name of an input for that input alone; repeat for several; `all` for every one "
            "(default: {default})"
        ).format(default=default),
    )
    command.add_argument("--seeds", type=int, default=5, metavar="N", help=_("random starts per fold (default: 5)"))
    command.add_argument(
        "--recalibrate",
        choices=["temperature", "isotonic"],
        help=_("recalibrate probabilities, on cases of each training fold that the model was not trained on"),
    )


def _add_plain(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--plain",
        action=argparse.BooleanOptionalAction,
        default=True,
        help=_("fit plain baselines of scikit-learn on the same features and folds beside the methods (default: yes)"),
    )
