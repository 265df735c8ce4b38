"""Texts that already state what is to be predicted."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from sklearn.feature_extraction.text import CountVectorizer

from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts.auditing.association import LEAST, associate
from mmcore.cohorts.auditing.base import AuditedCohort, AuditFinding, Check, Severity, checks

GIVEN_AWAY = 0.93  # AUROC of counted words alone from which the text is suspected to follow from the diagnosis
WORDS = 400  # the most frequent words and pairs of words are looked at
ONE_WORD = 0.85  # AUROC of a single phrase that states the verdict


@checks.register("stated_verdict")
class StatedVerdict(Check):
    """Texts that already state the diagnosis, or give it away."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        if audited.task in (None, "regression"):
            return
        for name, spec in audited.cohort.inputs.items():
            if spec.kind is Kind.TEXT and len(audited.facts[name]) >= LEAST:
                yield from self._of_input(audited, name)

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
        shown = ", ".join(f"'{phrase}'" for phrase, _area in phrases[:5])
        yield AuditFinding(
            self.name,
            Severity.HIGH if stated else Severity.MEDIUM,
            _("'{name}' may state the verdict: its words alone reach AUROC {score:.2f}; most telling: {words}.").format(
                name=name, score=link.score, words=shown
            ),
            _(
                "Ask whether the text was written before the diagnosis. If not, any model with it wins without having "
                "understood anything: cut the concluding phrases, or leave the text out."
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
