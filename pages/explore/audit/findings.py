"""Findings of an audit: how many and how grave, then each with its advice, its numbers and its cases."""

from __future__ import annotations

import json
from collections.abc import Sequence

import streamlit as st

from mmcore.base.progress import Progress
from mmcore.base.registry import label, why_unavailable
from mmcore.base.settings import _, counted
from mmcore.cohorts import Cohort
from mmcore.cohorts.auditing import AuditFinding, Severity, checks
from pages.explore.audit import details
from pages.frame import page, url_state
from pages.frame.markdown import escape

SHOWN_CASES = 12  # buttons that open a case; a finding may list more
_LOOK = {
    Severity.HIGH: ("red", ":material/error:"),
    Severity.MEDIUM: ("orange", ":material/warning:"),
    Severity.LOW: ("gray", ":material/info:"),
}


def audited(cohort: Cohort, *, progress: Progress) -> list[AuditFinding]:
    """Work of the job."""
    from mmcore.studies.audit_with_features import audited as with_features

    return with_features(cohort, progress)


def _meaning(severity: Severity) -> str:
    return {
        Severity.HIGH: _("scores may be worthless"),
        Severity.MEDIUM: _("scores may be wrong"),
        Severity.LOW: _("good to know"),
    }[severity]


def headline(findings: Sequence[AuditFinding]) -> None:
    """The answer first."""
    counts = {severity: sum(finding.severity is severity for finding in findings) for severity in Severity}
    if not findings:
        st.success(
            _(
                "**Nothing was found that would mislead a study of this cohort.**  \nAn audit sees what is in "
                "the data. It cannot know how they were collected: who was included, and who decided."
            ),
            icon=":material/verified:",
        )
        return
    harmless = sum(finding.already_out for finding in findings)
    if harmless and harmless == counts[Severity.HIGH]:
        st.warning(
            _("**What would have made scores worthless is left out already.** Look at what follows."),
            icon=":material/warning:",
        )
    elif counts[Severity.HIGH]:
        sentence = counted(
            counts[Severity.HIGH] - harmless,
            _("**{count} finding can make scores worthless.** Look at it before anything is trained."),
            _("**{count} findings can make scores worthless.** Look at them before anything is trained."),
        )
        st.error(sentence, icon=":material/error:")
    elif counts[Severity.MEDIUM]:
        sentence = counted(
            counts[Severity.MEDIUM],
            _("**{count} finding can make scores look better or worse than they are.**"),
            _("**{count} findings can make scores look better or worse than they are.**"),
        )
        st.warning(sentence, icon=":material/warning:")
    else:
        st.info(_("**Nothing serious was found.** What follows is good to know."), icon=":material/info:")


def card(finding: AuditFinding, number: int) -> None:
    """One finding: what, what to do, and behind it the numbers and the cases."""
    colour, icon = _LOOK[Severity.MEDIUM if finding.already_out else finding.severity]
    with st.container(border=True, gap="small"):
        meaning = _("scores would be worthless if it were used") if finding.already_out else _meaning(finding.severity)
        st.badge(meaning, icon=icon, color=colour)  # type: ignore[arg-type]  # a name of a colour, out of _LOOK
        st.markdown(f"**{escape(finding.summary)}**")
        st.markdown(escape(finding.advice))
        numbers = details.rows(finding)
        if not numbers and not finding.cases:
            return
        with st.expander(_("Details"), icon=":material/numbers:"):
            if numbers:
                st.table({_("What"): list(numbers), _("Value"): list(numbers.values())}, border="horizontal")
            if finding.cases:
                _cases(finding.cases, number)


def passed(findings: Sequence[AuditFinding], cohort: Cohort) -> None:
    """What else was looked for, in vain, and what could not be: that nothing is wrong says little to whoever does not
    know what was tried."""
    noticed = {finding.check for finding in findings}
    others = [check for name, check in checks.items() if name not in noticed and not why_unavailable(check)]
    looked_for, unfit = ([label(check) for check in others if check.fits(cohort) is fits] for fits in (True, False))
    if not others:
        return
    heading = counted(len(looked_for), "Checked and not found: {count} thing", "Checked and not found: {count} things")
    with st.expander(heading, expanded=not findings, icon=":material/done_all:"):
        st.markdown(_listed(looked_for))
        if unfit:
            st.markdown(
                _("Not checked, as these need more cases, groups or another kind of target than this cohort has:")
            )
            st.markdown(_listed(unfit))


def _listed(lines: Sequence[str]) -> str:
    return "\n".join(f"- {escape(words)}" for words in lines)


def _cases(ids: Sequence[str], number: int) -> None:
    st.caption(
        _("Open a case:")
        if len(ids) <= SHOWN_CASES
        else _("Open a case (the first {shown} of {count}):").format(shown=SHOWN_CASES, count=len(ids))
    )
    with st.container(horizontal=True, gap="small"):
        for id in ids[:SHOWN_CASES]:
            if st.button(escape(id), key=f"finding-{number}-{id}", type="tertiary", icon=":material/clinical_notes:"):
                url_state.choose_case(id)
                page.switch_to("case")


def download(cohort: Cohort, findings: Sequence[AuditFinding]) -> None:
    """All of it as JSON, as scripts get it."""
    document = {"cohort": cohort.name, "findings": [finding.document() for finding in findings]}
    st.download_button(
        _("Download the findings"),
        json.dumps(document, indent=1, default=str, ensure_ascii=False),
        f"audit-{cohort.name}.json",
        "application/json",
        icon=":material/download:",
    )
