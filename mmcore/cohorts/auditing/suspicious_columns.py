"""Columns that know too much, hold what cannot be, or hide that something is missing."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmcore.base.name_lists import first_of
from mmcore.base.number_text import number_text
from mmcore.base.settings import _, counted
from mmcore.base.values import Kind
from mmcore.cohorts.auditing.association import LEAST, associate, design
from mmcore.cohorts.auditing.base import ANY_TARGET, AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.cohorts.auditing.derived import derived_columns
from mmcore.cohorts.auditing.likeliest import MOST, TRIED, likeliest
from mmcore.cohorts.auditing.table_columns import numbers_of_tables
from mmcore.cohorts.missing_codes import MissingCode, missing_codes

NEARLY = {"auroc": 0.95, "r2": 0.9}  # from which one column alone is too good to be a cause


@checks.register("telling_columns")
class TellingColumns(Check):
    """Single columns that predict the target too well to be true."""

    tasks, least = ANY_TARGET, LEAST

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        if audited.task is None:
            return
        columns: Collection[str] = audited.table_columns()
        tables = [name for name, spec in audited.cohort.inputs.items() if spec.kind is Kind.TABLE]
        alone = len(audited.cohort.inputs) == 1 and len(tables) == 1 and len(columns) == 1
        if len(columns) > MOST:
            designs = [design(audited.cohort.table[column].to_frame()) for column in columns]
            yield _limit_of_the_search(len(columns), len(numbers_of_tables(audited.cohort).columns))
            columns = likeliest(list(columns), designs, audited.target, audited.task)
        scores = {
            column: link
            for column in columns
            if not alone
            and (link := associate(design(audited.cohort.table[column].to_frame()), audited.target, audited.task))
        }
        telling = {name: link for name, link in scores.items() if link.score >= NEARLY[link.metric]}
        if telling:
            best = max(telling.values(), key=lambda link: link.score)
            yield AuditFinding(
                self.name,
                Severity.HIGH if best.score > 0.995 else Severity.MEDIUM if best.score > 0.98 else Severity.LOW,
                _(
                    "Columns that alone predict the target almost perfectly ({metric} up to {score:.2f}): {columns}."
                ).format(metric=best.metric.upper(), score=best.score, columns=_listed(list(telling))),
                _(
                    "Ask when each becomes known. A column known only after the target, or one that is "
                    "the target in another form, must be left out."
                ),
                {best.metric: {name: link.score for name, link in telling.items()}},
            )
        if audited.cohort.leaks:
            yield AuditFinding(
                self.name,
                Severity.LOW,
                _("Left out, since each alone determines the target: {columns}.").format(
                    columns=_listed(audited.cohort.leaks)
                ),
                _("No action is needed, unless you want to use one of them: then give it a role."),
                {"columns": audited.cohort.leaks},
            )


def _limit_of_the_search(count: int, numbers: int) -> AuditFinding:
    chosen = _("These are the columns whose ranks correlate best with the target.")
    unchecked = _(
        "Whether a column is calculated from others was not checked: that is done only where there are "
        "at most {most} columns of numbers."
    ).format(most=MOST)
    return AuditFinding(
        TellingColumns.name,
        Severity.LOW,
        _("Of {count:,} columns, only {most} were checked for whether they predict the target by themselves.").format(
            count=count, most=TRIED
        ),
        f"{chosen} {unchecked}" if numbers > MOST else chosen,
        {"columns": count, "tried": TRIED},
    )


@checks.register("derived_columns")
class DerivedColumns(Check):
    """Numbers calculated from other columns, such as the body mass index."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        numbers = numbers_of_tables(audited.cohort)
        if len(numbers.columns) < 2 or len(numbers.columns) > MOST:
            return
        made = derived_columns(numbers)
        if made:
            yield AuditFinding(
                self.name,
                Severity.LOW,
                _("Each of these columns can be calculated from others: {columns}.").format(columns=_listed(made)),
                _(
                    "This does not harm prediction, but weights and explanations are divided between "
                    "such columns by chance. If one is a score that already contains the target, leave "
                    "it out."
                ),
                {"columns": made},
            )


# What no living person has nothing of, however widely it is spread.
NEVER_ZERO = re.compile(
    r"^(serum_?|total_?|plasma_?|fasting_?)*(cholest\w*|chol|glucose|insulin|bmi|blood_?pressure|(rest(ing)?_?|s|d)bp|trestbps"
    r"|skin_?thickness|max_?hr|thalach|heart_?rate|hr|pulse|weight|height|creatinine|h(a?e)?moglobin|hb|hgb|albumin|platelets?"
    r"|sodium|potassium|calcium|wbc|rbc|temp(erature)?|spo2|ph|age_?years?|ldl|hdl|triglycerides?|lactate|urea|bun)"
    r"([ _(\[].*)?$|^(胆固醇|血糖|体重|身高|血压|收缩压|舒张压|心率|体温|血红蛋白|白细胞|血小板|肌酐)",
    re.IGNORECASE,
)
_SEVERAL_ZEROS = 3


@checks.register("zero_for_missing")
class ZeroForMissing(Check):
    """Zeros that mean “not measured”."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        numbers = numbers_of_tables(audited.cohort)
        for column in numbers:
            values = numbers[column].to_numpy(float)
            zero, others = values == 0, values[np.isfinite(values) & (values != 0)]
            if not zero.any() or len(others) < 20 or (others < 0).any() or len(np.unique(others)) < 8:
                continue
            first, third = np.percentile(others, [25, 75])
            far = first - 3 * max(third - first, 0.05 * first) > 0
            if not far and not (NEVER_ZERO.search(column) and int(zero.sum()) >= _SEVERAL_ZEROS):
                continue
            summary = _(
                "'{column}' is 0 in {count} of {all} cases; its other values start at {low}, so 0 may mean 'not "
                "measured'."
            ).format(column=column, count=int(zero.sum()), all=len(values), low=number_text(float(others.min()), 3))
            whole = _groups_of(audited.cohort.groups, zero)
            if whole:
                everywhere = _("It is 0 in every case of {groups}.").format(groups=_listed(whole))
                summary = f"{summary} {everywhere}"
            yield AuditFinding(
                self.name,
                Severity.MEDIUM if zero.mean() > 0.02 else Severity.LOW,
                summary,
                _("If so, empty these cells: a model takes 0 for a very low value."),
                {
                    "column": column,
                    "zeros": int(zero.sum()),
                    "lowest_other": float(others.min()),
                    **({"groups": whole} if whole else {}),
                },
                tuple(audited.ids[zero]),
            )


def _groups_of(groups: np.ndarray | None, rows: np.ndarray) -> list[str]:
    """The groups of several cases that lie in `rows` [N] altogether."""
    if groups is None:
        return []
    names, places, counts = np.unique(groups, return_inverse=True, return_counts=True)
    inside = np.bincount(places, rows, len(names))
    return [str(name) for name in names[(inside == counts) & (counts >= _SEVERAL_ZEROS)]]


@checks.register("codes_for_missing")
class CodesForMissing(Check):
    """Codes such as 999 or -9 that mean “not measured”."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        for code in missing_codes(numbers_of_tables(audited.cohort)):
            if _cannot_be(code):  # told as such
                continue
            yield AuditFinding(
                self.name,
                Severity.MEDIUM,
                _(
                    "'{column}' is {code:g} in {count} of {all} cases, far from the others ({low:g} to {high:g}): "
                    "it may mean 'not measured'."
                ).format(
                    column=code.column, code=code.code, count=int(code.cells.sum()), all=len(code.cells), low=code.low,
                    high=code.high,
                ),
                _("If so, empty these cells: a model takes {code:g} for a measurement.").format(code=code.code),
                {"column": code.column, "code": code.code, "count": int(code.cells.sum())},
                tuple(audited.ids[code.cells]),
            )  # fmt: skip


@dataclass(frozen=True)
class Possible:
    """Names of columns, and the range that their values can have in a living person, whatever the unit."""

    names: re.Pattern[str]
    low: float
    high: float

    def measures(self, column: str) -> bool:
        """Whether a column is called so; a unit in brackets behind its name does not matter."""
        return bool(self.names.search(re.sub(r"\s*[(\[][^)\]]*[)\]]\s*$", "", column.strip())))


POSSIBLE = [
    Possible(re.compile(r"^age(_?years?)?$|^年龄$", re.IGNORECASE), 0, 120),
    Possible(
        re.compile(r"^(sbp|dbp|trestbps|bp|blood_?pressure|systolic.*|diastolic.*|血压)$", re.IGNORECASE), 10, 350
    ),
    Possible(re.compile(r"^(hr|heart_?rate.*|pulse|thalach|心率)$", re.IGNORECASE), 10, 350),
    Possible(re.compile(r"^(spo2|sao2|oxygen_?saturation)$", re.IGNORECASE), 0, 100),
    Possible(re.compile(r"^(temp(erature)?(_?c)?|体温)$", re.IGNORECASE), 20, 115),
    Possible(re.compile(r"^(weight|body_?weight|体重)(_?kg)?$", re.IGNORECASE), 0.2, 650),
    Possible(re.compile(r"^(height|body_?height|身高)(_?cm)?$", re.IGNORECASE), 0.2, 280),
    Possible(re.compile(r"^bmi$", re.IGNORECASE), 5, 200),
    Possible(re.compile(r"^ph(_?arterial)?$", re.IGNORECASE), 6, 8.5),
]


def _cannot_be(code: MissingCode) -> bool:
    names = [possible for possible in POSSIBLE if possible.measures(code.column)]
    return any(not possible.low <= code.code <= possible.high for possible in names)


@checks.register("impossible_values")
class ImpossibleValues(Check):
    """Values that no living person has."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        numbers = numbers_of_tables(audited.cohort)
        for column in numbers:
            for possible in POSSIBLE:
                if not possible.measures(str(column)):
                    continue
                values = numbers[column].to_numpy(float)
                wrong = (values < possible.low) | (values > possible.high)
                if wrong.any():
                    examples = [f"{value:g}" for value in sorted(set(values[wrong].tolist()))]
                    yield AuditFinding(
                        self.name,
                        Severity.MEDIUM,
                        _("'{column}' has {values}: {examples}.").format(
                            column=column,
                            values=counted(int(wrong.sum()), "{count} impossible value", "{count} impossible values"),
                            examples=first_of(examples, 5),
                        ),
                        _("Correct or empty these cells. A code such as 999 means 'missing' in many files."),
                        {"column": column, "count": int(wrong.sum()), "low": possible.low, "high": possible.high},
                        tuple(audited.ids[wrong]),
                    )


@checks.register("constant_columns")
class ConstantColumns(Check):
    """Columns with the same value in every case, or with no value at all."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        table = audited.cohort.table[list(audited.table_columns())]
        same = [column for column, cells in table.items() if _is_same(cells)]
        if same:
            yield AuditFinding(
                self.name,
                Severity.LOW,
                _("Columns that are the same for all cases, or empty: {columns}.").format(columns=_listed(same)),
                _("They teach nothing; leave them out."),
                {"columns": same},
            )


def _is_same(cells: pd.Series) -> bool:
    if cells.dtype == float:
        numbers = cells.to_numpy()
        numbers = numbers[~np.isnan(numbers)]
        return not len(numbers) or bool((numbers == numbers[0]).all())
    return cells.nunique() < 2


def _listed(names: list[str], most: int = 6) -> str:
    return first_of([f"'{name}'" for name in names], most)
