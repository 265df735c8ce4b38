"""Recordings in which there is nothing, or not what the others have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from mmcore.base.name_lists import first_of
from mmcore.base.settings import _, counted
from mmcore.base.values import Kind
from mmcore.cohorts.auditing.base import AuditedCohort, AuditFinding, Check, Severity, checks

CLIPPED = 0.02  # share of samples at the end of the scale
SHORT = 0.25  # of the usual duration


@checks.register("empty_recordings")
class EmptyRecordings(Check):
    """Blank images, empty texts, silent, flat or clipped signals."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        for name, spec in audited.cohort.inputs.items():
            facts = audited.facts.get(name, {})
            blank = [id for id, f in facts.items() if f.blank]
            flat = [id for id, f in facts.items() if f.flat > 0 and not f.blank]
            clipped = [id for id, f in facts.items() if f.clipped > CLIPPED and not f.blank]
            what = {
                Kind.IMAGE: _("'{name}' is blank in {count} of {all} cases."),
                Kind.TEXT: _("'{name}' is empty in {count} of {all} cases."),
                Kind.SIGNAL: _("'{name}' is silent in {count} of {all} cases."),
            }
            if blank:
                yield self._finding(name, what[spec.kind], blank, len(facts), Severity.MEDIUM)
            if flat:
                summary = _("Some channels of '{name}' are flat in {count} of {all} cases.")
                yield self._finding(name, summary, flat, len(facts), Severity.LOW)
            if clipped:
                summary = _("'{name}' is clipped at the end of its scale in {count} of {all} cases.")
                yield self._finding(name, summary, clipped, len(facts), Severity.LOW)

    def _finding(self, name: str, what: str, cases: list[str], present: int, severity: Severity) -> AuditFinding:
        return AuditFinding(
            self.name,
            severity,
            what.format(name=name, count=len(cases), all=present),
            _("Review them: a failed recording should count as missing, not as a measurement."),
            {"input": name, "cases": len(cases)},
            tuple(cases),
        )


@checks.register("mixed_recordings")
class MixedRecordings(Check):
    """Signals whose rate, channels or length differ from case to case."""

    def find(self, audited: AuditedCohort) -> Iterator[AuditFinding]:
        for name, spec in audited.cohort.inputs.items():
            facts = audited.facts.get(name, {})
            if spec.kind is not Kind.SIGNAL or len(facts) < 2:
                continue
            for part, what in (("rate", _("sampling rates")), ("channels", _("numbers of channels"))):
                counts = Counter(f.shape[part] for f in facts.values())
                if len(counts) > 1:
                    usual = counts.most_common(1)[0][0]
                    odd = [id for id, f in facts.items() if f.shape[part] != usual]
                    yield AuditFinding(
                        self.name,
                        Severity.LOW,
                        _("'{name}' has different {what}: {values}.").format(
                            name=name,
                            what=what,
                            values=first_of(
                                [_of_cases(f"{value:g}", count) for value, count in counts.most_common()], 5
                            ),
                        ),
                        _(
                            "Encoders convert all signals to one rate; check that the channels mean the same in "
                            "every case."
                        ),
                        {"input": name, part: {f"{value:g}": count for value, count in counts.items()}},
                        tuple(odd),
                    )
            lengths = sorted(f.shape["duration"] for f in facts.values())
            usual = lengths[len(lengths) // 2]
            short = [id for id, f in facts.items() if f.shape["duration"] < SHORT * usual]
            if short:
                yield AuditFinding(
                    self.name,
                    Severity.LOW,
                    counted(
                        len(short),
                        "'{name}' is much shorter than usual in {count} case.",
                        "'{name}' is much shorter than usual in {count} cases.",
                        name=name,
                    ),
                    _("Review them: a recording that was cut off holds little information."),
                    {"input": name, "usual_duration": usual, "cases": len(short)},
                    tuple(short),
                )


def _of_cases(value: str, count: int) -> str:
    """A value with how many cases have it."""
    return counted(count, "{label} ({count} case)", "{label} ({count} cases)", label=value)
