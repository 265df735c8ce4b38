"""Texts that already state what is to be predicted."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts.auditing.association import LEAST, associate
from mmcore.cohorts.auditing.base import CLASSES, AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.cohorts.column_content import is_prose

GIVEN_AWAY = 0.93  # AUROC of counted words alone from which the text is suspected to follow from the diagnosis
WORDS = 400  # the most frequent words and pairs of words are looked at
_SHORTEST = 4  # letters of a class that is looked for by its name
_NAMED, _NAMED_ELSEWHERE = 0.3, 0.1  # share of its own cases that name it, and of that the share that others may
ONE_WORD = 0.85  # AUROC of a single phrase that states the verdict


@checks.register("stated_verdict")
class StatedVerdict(Check):
    """Texts that already state the target, or give it away."""

    tasks, least = (*CLASSES, "survival"), LEAST

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        if audited.task not in self.tasks:
            return
        for name, spec in audited.cohort.inputs.items():
            if spec.kind is Kind.TEXT and len(audited.facts[name]) >= LEAST:
                findings = [*self._of_input(audited, name)]
                yield from findings or self._named_class(audited, name)
        for column in audited.cohort.leaks:
            if is_prose(audited.cohort.table[column]):
                yield AuditFinding(
                    self.name,
                    Severity.HIGH,
                    _("The texts of '{column}' state the target in every case; the column is left out.").format(
                        column=column
                    ),
                    _(
                        "If the text was written after the target was known, there is nothing to do. If "
                        "it was written before, cut the concluding phrases and make it an input."
                    ),
                    {"column": column, "left_out": True},
                )

    def _named_class(self, audited: AuditedCohort, name: str) -> Iterator[AuditFinding]:
        """Texts of one class that call it by its name, which those of the others hardly do."""
        facts = audited.facts[name]
        target, there = audited.target, np.array([id in facts for id in audited.ids])
        for number, title in enumerate(audited.cohort.schema.classes):
            own, others = there & (target == number), there & np.isfinite(target) & (target != number)
            if len(title) < _SHORTEST or audited.task == "multilabel" or min(own.sum(), others.sum()) < LEAST / 4:
                continue
            word = re.compile(rf"(?<!\w){re.escape(' '.join(title.lower().split()))}(?!\w)")
            named = np.array([id in facts and bool(word.search(facts[id].text)) for id in audited.ids])
            inside, outside = float(named[own].mean()), float(named[others].mean())
            if inside >= _NAMED and outside <= _NAMED_ELSEWHERE * inside:
                area = 0.5 + (inside - outside) / 2
                yield AuditFinding(
                    self.name,
                    Severity.HIGH if area >= ONE_WORD else Severity.MEDIUM,
                    _(
                        "'{name}' names the class '{title}' in {inside:.0%} of the cases that have it, and in "
                        "{outside:.0%} of the others."
                    ).format(name=name, title=title, inside=inside, outside=outside),
                    _(
                        "Ask whether it was written before the target was known. If not, cut the phrases "
                        "that name the class."
                    ),
                    {"input": name, "auroc": area, "words": {title: area}},
                    tuple(str(id) for id in audited.ids[named & own]),
                )

    def _of_input(self, audited: AuditedCohort, name: str) -> Iterator[AuditFinding]:
        facts = audited.facts[name]
        texts = [facts[id].text if id in facts else "" for id in audited.ids]
        there = np.array([bool(text) for text in texts])
        target = np.where(there, audited.target, np.nan)
        try:
            counter = CountVectorizer(
                ngram_range=(1, 2), max_features=WORDS, min_df=3, binary=True, token_pattern=r"(?u)\b\w\w+\b"
            )
            words = counter.fit_transform(texts).toarray().astype(float)
        except ValueError:  # no word occurs often enough
            return
        link = associate(words, target, str(audited.task), audited.cohort.groups)
        if link is None or link.score < ONE_WORD:
            return
        phrases = _telling(words, counter.get_feature_names_out(), target)
        stated = [phrase for phrase, area in phrases if area >= ONE_WORD]
        if not stated and link.score < GIVEN_AWAY:
            return
        shown = list_of(f"'{phrase}'" for phrase, _area in phrases[:5])
        yield AuditFinding(
            self.name,
            Severity.HIGH if stated else Severity.MEDIUM,
            _("'{name}' may state the target: its words alone reach AUROC {score:.2f}; most telling: {words}.").format(
                name=name, score=link.score, words=shown
            ),
            _(
                "Ask whether the text was written before the target was known. If not, a model can copy "
                "the answer from it: remove the concluding phrases, or leave the text out."
            ),
            {"input": name, "auroc": link.score, "words": dict(phrases[:10])},
        )


def _telling(words: np.ndarray, names: np.ndarray, target: np.ndarray) -> list[tuple[str, float]]:
    """Phrases with how far the presence of each alone tells one class from the others (AUROC), the best first."""
    has_target = np.isfinite(target)
    present, classes = words[has_target] > 0, target[has_target]
    best = np.zeros(words.shape[1])
    for number in np.unique(classes):
        inside, outside = present[classes == number].mean(0), present[classes != number].mean(0)
        best = np.maximum(best, 0.5 + np.abs(inside - outside) / 2)
    order = np.argsort(-best)
    return [(str(names[i]), float(best[i])) for i in order]
