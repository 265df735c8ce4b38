"""How results are shown to a person: tables on stdout, progress on stderr."""

from __future__ import annotations

from typing import Any

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from mmcore import report
from mmcore.base.progress import Step, time_left
from mmcore.base.settings import _
from mmcore.evaluation import Difference, Interval, metric_label

_SHOWN = 20  # predictions shown to a person; --json has them all


class Bar:
    """A progress bar on stderr; with `quiet` and no terminal, nothing. Used as the `progress` of long work."""

    def __init__(self, quiet: bool) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
        self.bar = Progress(*columns, console=console, transient=True, disable=not console.is_terminal or quiet)

    def __enter__(self) -> Bar:
        self.bar.start()
        self.task = self.bar.add_task("", total=None)
        return self

    def __exit__(self, *error: object) -> None:
        self.bar.stop()

    def __call__(self, step: Step) -> None:
        left = "" if step.left is None else f" · {time_left(step.left)}"
        self.bar.update(self.task, description=step.label + left, completed=step.done, total=step.total or None)


def show_methods(document: dict[str, Any]) -> None:
    last = (_("available"), _("options"))
    table = _table(_("Encoders"), _("name"), _("kind"), _("what it is"), _("width"), _("weights"), *last)
    for row in document["encoders"]:
        sizes = ("" if row[key] is None else f"{row[key]:,}" for key in ("dims", "weights"))
        table.add_row(row["name"], row["kind"], row["label"], *sizes, *_offered(row))
    _print(table)
    table = _table(_("Fusion methods"), _("name"), _("what it is"), *last)
    for row in document["fusion"]:
        table.add_row(row["name"], row["label"], *_offered(row))
    _print(table)


def _offered(row: dict[str, Any]) -> tuple[str, str]:
    here = _("yes") if row["available"] else row["reason"]
    return here, ", ".join(f"{p['name']}={p['default']}" for p in row["parameters"])


def show_sample(document: dict[str, Any]) -> None:
    _print(_("{cases} cases of '{name}' are in {folder}.").format(**document))


def show_cohort(document: dict[str, Any]) -> None:
    title = document["title"] or document["name"]
    _print(f"[bold]{title}[/bold]" + (f" ({_('synthetic')})" if document["synthetic"] else ""))
    facts = [_("{cases} cases, {labelled} with a target").format(**document)]
    if document["task"]:
        counts = ", ".join(f"{name} {count}" for name, count in document["classes"].items())
        facts.append(_("task: {task}, target: {target}").format(**document) + (f" ({counts})" if counts else ""))
    if document["group"]:
        facts.append(_("group: {group} ({groups})").format(**document))
    facts.append(_("licence: {licence}").format(licence=document["licence"] or _("not stated")))
    _print("\n".join(facts))
    table = _table("", _("input"), _("kind"), _("columns"), _("missing"))
    for name, row in document["inputs"].items():
        table.add_row(name, row["kind"], ", ".join(row["columns"]), str(row["missing"]))
    _print(table)
    if document["ignored"]:
        _print(_("Left out: ") + "; ".join(f"{column} ({why})" for column, why in document["ignored"].items()))
    _problems(document)


def show_features(document: dict[str, Any]) -> None:
    table = _table("", _("input"), _("encoder"), _("width"), _("tokens"), _("cases"), _("computed now"), _("seconds"))
    for name, row in document["inputs"].items():
        table.add_row(
            name,
            row["encoder"],
            str(row["dims"]),
            str(row["tokens"]),
            str(row["cases"]),
            str(row["computed"]),
            report.number(row["seconds"], 1),
        )
    _print(table)
    _problems(
        {
            "problems": [
                f"{name} {id}: {reason}"
                for name, row in document["inputs"].items()
                for id, reason in row["failed"].items()
            ]
        }
    )


def show_comparison(document: dict[str, Any]) -> None:
    metric = document["metric"]
    others = [m for m in ("accuracy", "ece", "mae", "r2") if m in document["methods"][0]["metrics"]]
    division = _("{folds} folds, seeds: {seeds}, split: {split}, {cases} cases").format(**document)
    note = _("synthetic") + ", " if document["synthetic"] else ""
    paired = any(row["vs_best_single"] for row in document["methods"])
    against = [_("against {name}").format(name=document["best_single"])] if paired else []
    table = _table(
        f"{document['cohort']} ({note}{division})",
        _("method"),
        f"{metric_label(metric)} [95%]",
        *against,
        *(m.upper() if m == "ece" else metric_label(m) for m in others),
        _("weights"),
        _("seconds"),
        _("run"),
    )
    for row in document["methods"]:
        gap = Difference(**row["vs_best_single"]) if row["vs_best_single"] else None
        gaps = [f"{report.difference(gap)} {report.sign(gap)}".strip()] if against else []
        seconds = report.number(row["fit_seconds"], 1) + ("*" if row["cached"] else "")
        values = [report.number(row["metrics"][m]["mean"]) for m in others]
        mean = report.interval(Interval(**row["metrics"][metric]))
        table.add_row(row["method"], mean, *gaps, *values, f"{row['parameters']:,}", seconds, row["run"][:8])
    _print(table)
    notes = []
    fusing = [row for row in document["methods"] if row["vs_best_single"] and row["inputs"] != [row["method"]]]
    if fusing:
        gaps = {row["method"]: Difference(**row["vs_best_single"]) for row in fusing}
        notes += [report.standing(gaps, document["best_single"]), report.leading(gaps)]
    if against:
        notes.append(
            _("▲ better, ▼ worse, ≈ no clear difference: whether the 95% interval of the difference excludes zero.")
        )
    if document["ceiling"]:
        best = report.number(document["ceiling"][metric])
        notes.append(
            _("Best reachable {metric} (by the true probabilities): {best}.").format(
                metric=metric_label(metric), best=best
            )
        )
    if any(row["cached"] for row in document["methods"]):
        notes.append(_("* from the cache; the seconds are those it took to train."))
    _print("\n".join(notes))
    _problems(document)


def show_separation(document: dict[str, Any]) -> None:
    metric = metric_label(document["metric"])
    division = _("{folds} folds, split: {split}, {cases} cases").format(**document)
    note = _("synthetic") + ", " if document["synthetic"] else ""
    table = _table(
        f"{document['cohort']} ({note}{division})",
        _("input"),
        _("encoder"),
        _("width"),
        _("tokens"),
        _("ms a case"),
        _("cases"),
        _("{metric} of neighbours [95%]").format(metric=metric),
        _("{metric} of a linear probe [95%]").format(metric=metric),
        _("against the best"),
    )
    for row in document["encoders"]:
        seconds = row["seconds_per_case"]
        gap = Difference(**row["vs_best"]["probe"]) if row["vs_best"].get("probe") else None
        scores = [_scored(row[kind]) for kind in ("knn", "probe")] if row["probe"] else [row["reason"], ""]
        table.add_row(
            row["input"],
            row["encoder"] + (" †" if row["learns"] else ""),
            str(row["dims"]),
            str(row["tokens"]),
            report.number(None if seconds is None else 1000 * seconds, 1),
            str(row["cases"]),
            *scores,
            f"{report.difference(gap)} {report.sign(gap)}".strip(),
        )
    _print(table)
    chance = report.number(document["chance"])
    notes = [_("{metric} of one answer for all: {chance}.").format(metric=metric, chance=chance)]
    if any(row["vs_best"].get("probe") for row in document["encoders"]):
        notes.append(
            _("Against the best probe of the same input: ▼ worse, ≈ no clear difference (95% interval, paired).")
        )
    if any(row["learns"] for row in document["encoders"]):
        notes.append(_("† learns in a run; measured is what goes into the part that learns."))
    notes += [_("{input}: {encoder} is left out. {reason}").format(**left) for left in document["left_out"]]
    _print("\n".join(notes))
    alike = document["agreement"]
    if alike:
        told = _table(_("How alike encoders place the cases (debiased linear CKA; 1: the same, 0: unrelated)"), "")
        for number in range(1, len(alike["labels"]) + 1):
            told.add_column(str(number))
        for number, (label, values) in enumerate(zip(alike["labels"], alike["cka"], strict=True), 1):
            told.add_row(f"{number} {label}", *(_alike(value) for value in values))
        _print(told)
    _problems(document)


def _alike(value: float | None) -> str:
    return report.number(value if value is None or abs(value) >= 0.005 else 0.0, 2)


def _scored(value: dict[str, Any] | None) -> str:
    return "" if value is None else report.interval(Interval(value["mean"], value["low"], value["high"], float("nan")))


def show_predictions(document: dict[str, Any]) -> None:
    rows = document["predictions"]
    table = _table(
        _("run {run}").format(run=document["run"][:8]),
        _("case"),
        _("prediction"),
        _("probabilities"),
        _("weights"),
        _("missing"),
    )
    for row in rows[:_SHOWN]:
        said = row["prediction"] if isinstance(row["prediction"], str) else report.number(row["prediction"])
        table.add_row(
            row["id"], said, _shares(row["probabilities"]), _shares(row["weights"] or {}), ", ".join(row["missing"])
        )
    _print(table)
    if len(rows) > _SHOWN:
        _print(_("and {count} more; --json has them all").format(count=len(rows) - _SHOWN))
    if any(row["out_of_fold"] for row in rows):
        _print(
            _(
                "{count} of these cases were used in training; they were answered by replicates that had not seen them."
            ).format(count=sum(row["out_of_fold"] for row in rows))
        )
    _problems(document)


def show_export(document: dict[str, Any]) -> None:
    _print(
        _("Run {run} is in {folder}: {names}").format(
            run=document["run"][:8], folder=document["folder"], names=", ".join(document["files"])
        )
    )


def _shares(values: dict[str, float]) -> str:
    return ", ".join(f"{name} {value:.2f}" for name, value in sorted(values.items(), key=lambda pair: -pair[1])[:4])


def _problems(document: dict[str, Any]) -> None:
    problems = document["problems"]
    for problem in problems[:10]:
        Console(stderr=True).print(f"! {problem}", style="yellow", markup=False)
    if len(problems) > 10:
        Console(stderr=True).print(
            _("and {count} more problems; --json has them all").format(count=len(problems) - 10),
            style="yellow",
            markup=False,
        )


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title or None, title_justify="left", header_style="bold", box=SIMPLE_HEAD, padding=(0, 1))
    for column in columns:
        table.add_column(column, overflow="fold")
    return table


def _print(what: Any) -> None:
    markup = not isinstance(what, str) or what.startswith("[bold]")
    plain = Console()
    console = plain if plain.is_terminal else Console(width=160)  # a file or pipe has no width to mind
    console.print(what, highlight=False, markup=markup)
