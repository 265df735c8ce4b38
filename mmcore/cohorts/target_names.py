"""Columns that are called as outcomes are: which of them is the target where none has one of the plain names."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pandas as pd

from mmcore.cohorts.names import plain, words

# Words for what a study asks, in the name of a column.
_OUTCOMES = {
    "label", "labels", "target", "outcome", "outcomes", "diagnosis", "diagnose", "diagnostic", "diagnóstico",
    "diagnostico", "diagnosi", "mortality", "mortalität", "mortalité", "mortalidad", "died", "death", "deceased",
    "readmitted",
    "readmission", "readmit", "prognosis", "décès", "deces", "décédé", "verstorben", "tod", "gestorben", "muerte",
    "fallecido", "fallecimiento", "decesso", "esito", "диагноз", "исход", "التشخيص", "النتيجة",
}  # fmt: skip
# Words that name a finding as often as an outcome: the last column of a table is one.
_FINDINGS = {
    "disease", "heartdisease", "cancer", "tumor", "tumour", "stroke", "sepsis", "diabetes", "malignant", "malignancy",
    "result", "finding", "findings", "ergebnis", "befund", "résultat", "resultat", "resultado", "status", "class",
    "type", "severity", "grade", "stage", "recurrence", "relapse", "response", "survival", "survived", "pneumonia",
    "dementia", "depression", "infarction", "malade", "krank", "erkrankung", "maladie", "enfermedad", "aki", "ards",
    "arrhythmia", "результат",
}  # fmt: skip
_OUTCOME_SIGNS = re.compile(
    "诊断|診斷|診断|结局|結局|转归|转歸|転帰|预后|預後|予後|是否死亡|是否患|标签|標籤|진단|예후|사망"
)
_FINDING_SIGNS = re.compile("结果|結果|判定|是否|病$|症$|炎$|癌$|분류|결과|판정|병$|암$")
# Not the outcome itself: when, how, or in whom.
_ABOUT = {
    "age", "year", "date", "time", "method", "code", "history", "family", "prior", "previous",
    "past", "admission", "initial", "primary", "secondary", "referral", "basis", "count", "number", "name", "text",
    "id", "risk", "score", "predicted", "probability", "since", "to",
}  # fmt: skip
_MOST_CLASSES = 10


def named_outcome(table: pd.DataFrame, taken: set[str]) -> str | None:
    """The only column of classes that is called as outcomes are; else the last column, if it is called as findings are.

    None where several are: a person has to choose.
    """
    outcomes = [column for column in _classes(table, taken) if _called(column, _OUTCOMES, _OUTCOME_SIGNS)]
    if outcomes:
        return outcomes[0] if len(outcomes) == 1 else None
    rest = [column for column in table.columns if column not in taken]
    last = rest[-1] if rest else ""
    findings = [column for column in _classes(table, taken) if _called(column, _FINDINGS, _FINDING_SIGNS)]
    return last if last in findings else None


def _called(column: str, names: set[str], signs: re.Pattern[str]) -> bool:
    parts = {*words(column), plain(column)}
    return (bool(parts & names) and not parts & _ABOUT) or bool(signs.search(column))


def _classes(table: pd.DataFrame, taken: set[str]) -> Iterator[str]:
    for column in table.columns:
        if column in taken:
            continue
        different = table[column].nunique()
        if 2 <= different <= min(_MOST_CLASSES, max(2, int(table[column].notna().sum()) // 2)):
            yield column
