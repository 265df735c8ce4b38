"""What is asked of the whole table: the target and its positive class, the group, the ids, and rates of signals."""

from __future__ import annotations

import streamlit as st

from mmcore.base.settings import _
from mmcore.base.values import Kind
from mmcore.cohorts import Cohort
from mmcore.cohorts.importing import Proposal, changed
from mmcore.deidentification import stated
from pages.frame.markdown import escape
from pages.start.import_data import source

_NONE = ""


def show(proposal: Proposal) -> None:
    """Menus for what one column is, then what only a person can say."""
    with st.grid(4, min_column_width=200):
        _single(proposal, "target", _("Target"), _("What is to be predicted."))
        _positive(proposal)
        _single(
            proposal,
            "group",
            _("Group"),
            _("Patient, speaker or site: cases of one group stay on one side of every split."),
        )
        _single(proposal, "id", _("Id"), _("Names the cases. Without one, rows are numbered."))
    if proposal.cohort is not None:
        _rates(proposal, proposal.cohort)
        _deidentify(proposal, proposal.cohort)


def _deidentify(proposal: Proposal, cohort: Cohort) -> None:
    """Notes without what identifies a person, and how far that can be trusted."""
    if all(spec.kind is not Kind.TEXT for spec in cohort.inputs.values()):
        return
    key = f"import-deidentify-{source.turn()}"
    st.toggle(
        _("Take names, dates and identity numbers out of the notes"), value=proposal.roles.deidentify, key=key,
        on_change=lambda: source.choose(proposal.roles.model_copy(update={"deidentify": st.session_state[key]})),
    )  # fmt: skip
    st.caption(stated())


def _single(proposal: Proposal, role: str, label: str, help: str) -> None:
    names = [column.name for column in proposal.columns]
    given = getattr(proposal.roles, role)
    inferred = next((column.name for column in proposal.columns if column.role == role), _NONE)
    if role == "id":
        inferred = proposal.id_column or proposal.repeated_id or _NONE  # one that is the group, too, has that role
    now = given if given is not None and given in (_NONE, *names) else inferred
    key = f"import-{role}-{source.turn()}"
    none = {"target": _("no target"), "group": _("no group"), "id": _("row numbers")}[role]
    st.selectbox(
        label, [_NONE, *names], index=[_NONE, *names].index(now), key=key, help=help,
        format_func=lambda name: name or none, on_change=_take_single, args=(proposal, role, now, key),
    )  # fmt: skip


def _take_single(proposal: Proposal, role: str, before: str, key: str) -> None:
    name = st.session_state[key]
    if name:
        source.choose(changed(proposal, name, role))  # type: ignore[arg-type]  # one of the three above
    else:
        update = {role: _NONE} | ({"positive": None} if role == "target" else {})
        source.choose(proposal.roles.model_copy(update=update))


def mend_ids(proposal: Proposal) -> None:
    """What can be done where the ids repeat; nothing where they do not."""
    column = proposal.repeated_id
    if column is None:
        return
    ways: dict[str, dict[str, str | None]] = {
        _("Make {column} the group").format(column=escape(column)): {"id": None, "group": column},
        _("Number the rows"): {"id": _NONE},
    }
    with st.container(horizontal=True):
        for number, (label, update) in enumerate(ways.items()):
            roles = proposal.roles.model_copy(update=update)
            st.button(label, key=f"import-mend-{number}", on_click=source.choose, args=(roles,))


def _positive(proposal: Proposal) -> None:
    """The class that is asked for; of a target with several labels in a cell, the label."""
    cohort = proposal.cohort
    options = (
        [_NONE, *proposal.labels]
        if proposal.labels
        else (list(cohort.schema.classes) if cohort and cohort.positive else [])
    )
    now = cohort.positive if cohort and cohort.positive in options else _NONE if proposal.labels else None
    key = f"import-positive-{source.turn()}"
    st.selectbox(
        _("Positive class"), options, index=None if now is None else options.index(now), key=key, disabled=not options,
        placeholder=_("only for two classes") if cohort else "",
        help=_("The class whose probability is predicted. Where a cell holds several labels, learn "
            "all of them or only one."),
        format_func=lambda name: f"{name} ({proposal.labels[name]:,})" if name in proposal.labels
        else name or _("all labels"),
        on_change=lambda: source.choose(proposal.roles.model_copy(update={"positive": st.session_state[key] or None})),
    )  # fmt: skip


def _rates(proposal: Proposal, cohort: Cohort) -> None:
    """A rate for each input of signals; those that nobody told, or that cannot be, are asked for."""
    questions = {question.name: question.question for question in proposal.questions if question.what == "rate"}
    signals = [name for name, spec in cohort.inputs.items() if spec.kind is Kind.SIGNAL]
    for name in [name for name in signals if name in questions or name in proposal.roles.rates]:
        with st.container(border=True):
            if name in questions:
                st.markdown(f":material/help: **{escape(questions[name])}**")
            _rate(proposal, name)


def _rate(proposal: Proposal, name: str) -> None:
    key = f"import-rate-{name}-{source.turn()}"
    st.number_input(
        _("Sampling rate of {input} (Hz)").format(input=escape(name)), min_value=1e-6, format="%g", key=key,
        value=proposal.roles.rates.get(name), placeholder=_("such as 100"), width=260,
        on_change=_take_rate, args=(proposal, name, key),
    )  # fmt: skip


def _take_rate(proposal: Proposal, name: str, key: str) -> None:
    rates = {input: rate for input, rate in proposal.roles.rates.items() if input != name}
    if st.session_state[key]:
        rates[name] = float(st.session_state[key])
    source.choose(proposal.roles.model_copy(update={"rates": rates}))
