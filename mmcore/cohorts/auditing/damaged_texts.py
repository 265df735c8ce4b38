"""Texts whose letters an export damaged."""

from __future__ import annotations

from collections.abc import Iterator

from mmcore.base.name_lists import list_of
from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts.auditing.base import AuditedCohort, AuditFinding, Check, Severity, checks
from mmcore.cohorts.damaged_letters import only_in_capitals

MANY = 0.2  # share of the texts from which on it may change what is learnt
LEAST = 2  # texts: a single one may be a slip
_EXAMPLES = 3


@checks.register("damaged_texts")
class DamagedTexts(Check):
    """Words with damaged letters, which are other words to an encoder."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        for name, spec in audited.cohort.inputs.items():
            if spec.kind is not Kind.TEXT:
                continue
            facts = audited.facts[name]
            damaged = {id: f.damaged for id, f in facts.items() if f.damaged}
            if len(damaged) < LEAST:
                continue
            words = list(dict.fromkeys(damaged.values()))
            capitals = all(map(only_in_capitals, words))
            summary = (
                _("Words of '{name}' have capitals inside them in {count} of {all} cases, such as {words}.")
                if capitals
                else _("Letters of '{name}' are damaged in {count} of {all} cases, such as in {words}.")
            )
            yield AuditFinding(
                self.name,
                Severity.MEDIUM if len(damaged) > MANY * len(facts) else Severity.LOW,
                summary.format(
                    name=name,
                    count=len(damaged),
                    all=len(facts),
                    words=list_of(f"'{word}'" for word in words[:_EXAMPLES]),
                ),
                _(
                    "An encoder takes a word with capitals inside it for another word, and the capitals "
                    "may tell where a text comes from. Write such words in small letters; the characters "
                    "themselves were read correctly."
                )
                if capitals
                else _(
                    "A word with damaged letters is another word to an encoder, and may tell where a text comes from. "
                    "Export the texts again, in UTF-8."
                ),
                {"input": name, "cases": len(damaged), "words": words[:20]},
                tuple(damaged),
            )
