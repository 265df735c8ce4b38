"""The reader's own case: any subset of a cohort's inputs, kept in this session only and gone on "Forget my data"."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import streamlit as st

from mmcore.base.errors import BadInput, MMError, NotFound, several
from mmcore.base.languages import language
from mmcore.base.settings import _
from mmcore.base.values import Case, InputSpec, Kind, Signal, Value
from mmcore.cohorts import Cohort, samples
from mmcore.deidentification import deidentified
from mmcore.readers import read_bytes, suffixes
from mmcore.readers.text_remarks import cut
from pages.frame import uploads, url_state
from pages.frame.markdown import escape

OWN = "\0own"  # no table can hold it; id of an uploaded case
Result = TypeVar("Result")
_EXAMPLES, _APART = 8, 1000  # cases made up at once, from seeds that no cohort is made with
_KEY, _TURN, _NUMBER = "_own_case", "_own_turn", "_own_number"
SEARCH = "what-if-found"  # what was last searched for: it tells of the case, so it goes with it


def upload() -> Case | None:
    """The uploaded case, if there is one for the cohort being looked at."""
    record = st.session_state.get(_KEY)
    return (
        record["case"] if record and record["cohort"] == (url_state.cohort_source(), url_state.roles_text()) else None
    )


def current_case() -> Case:
    """The uploaded case, else the chosen one. Raises MMError if there is neither."""
    own = upload()
    if own is not None:
        return own
    id = url_state.case_id()
    if id is None:
        raise NotFound(_("This cohort has no cases."), _("Open another one from the sidebar."))
    return url_state.cohort().case(id)


def sign(case: Case) -> str:
    """What a case is known by in keys of this session: its id, or which upload it is."""
    return case.id if case.id != OWN else f"{OWN}{st.session_state.get(_NUMBER, 0)}"


def digest(input: str) -> str:
    """Digest of the file that an input of the uploaded case was read from; "" where it was typed in or is missing."""
    record = st.session_state.get(_KEY) if upload() is not None else None
    return record["digests"].get(input, "") if record else ""


def worked_out(what: str, case: Case, make: Callable[[], Result]) -> Result:
    """Something worked out about a case, the uploaded one say: kept in this session, and gone with that one."""
    return _session_cache(f"{what} {sign(case)} {language()}", make)


@st.cache_resource(max_entries=16, show_spinner=False, scope="session")
def _session_cache(key: str, _make: Callable[[], Result]) -> Result:
    return _make()


def _drop() -> None:
    """The case, and whatever tells of it."""
    st.session_state.pop(_KEY, None)
    st.session_state.pop(SEARCH, None)
    _session_cache.clear()


def forget() -> None:
    """Drop the uploaded case, its files, those in the server's upload store too, what was found out about it, and
    everything typed into the form."""
    _drop()
    uploads.take_all_out()
    turn = st.session_state.get(_TURN, 0)
    for key in [k for k in st.session_state if str(k).startswith(f"own-{turn}-")]:
        del st.session_state[key]
    st.session_state[_TURN] = turn + 1  # new keys: the browser's widgets start empty


def has_examples(cohort: Cohort) -> bool:
    """Whether further cases of this cohort can be made up."""
    return cohort.source in samples


def try_example(cohort: Cohort) -> None:
    """Take a made-up case that is not one of the built-in cohort's as the reader's own; another one each time."""
    number = st.session_state.get(_NUMBER, 0) + 1
    fresh = samples[str(cohort.source)](cases=_EXAMPLES, seed=_APART + number // _EXAMPLES)
    made = fresh.case(fresh.ids[number % _EXAMPLES])
    _take(made.values, {})
    st.session_state[_KEY]["example"] = True


def title() -> str:
    """What the case that was entered is called on pages."""
    return _("The example case") if is_example() else _("Your own case")


def is_example() -> bool:
    """Whether the reader's own case was made up here: the form holds nothing of it."""
    return bool(st.session_state.get(_KEY, {}).get("example"))


def _take(values: Mapping[str, Value], digests: Mapping[str, str], remarks: Iterable[str] = ()) -> None:
    """These values are the reader's own case from now on. remarks: what was guessed or mended in reading them."""
    _drop()
    st.session_state[_NUMBER] = st.session_state.get(_NUMBER, 0) + 1
    opened = (url_state.cohort_source(), url_state.roles_text())
    st.session_state[_KEY] = {
        "cohort": opened,
        "case": Case(OWN, dict(values), problems=tuple(remarks)),
        "digests": dict(digests),
    }


def form(cohort: Cohort) -> None:
    """Widgets for every input of the cohort; whatever is filled in makes the case, the rest is missing."""
    turn = st.session_state.setdefault(_TURN, 0)
    st.markdown(
        _(
            ":gray[Fill in any of the inputs; the others count as missing. Files stay in this session's memory: "
            "they are not stored, nobody else sees them, and **Forget my data** removes them.]"
        )
    )
    with st.form("own-form", border=False):
        given = {}
        slots = st.columns(2, gap="medium")
        mixed = len({spec.kind is Kind.TABLE for spec in cohort.inputs.values()}) == 2
        for i, (name, spec) in enumerate(cohort.inputs.items()):
            with slots[spec.kind is Kind.TABLE if mixed else i % 2].container(border=True):
                given[name] = _ask(cohort, name, spec, f"own-{turn}-{name}")
        with st.container(horizontal=True):
            sent = st.form_submit_button(_("Show my case"), type="primary", icon=":material/check:")
            gone = st.form_submit_button(_("Forget my data"), icon=":material/delete:")
    if gone:
        forget()
        st.rerun()
    if sent:
        _keep(cohort, given)
        st.rerun()


def _ask(cohort: Cohort, name: str, spec: InputSpec, key: str) -> Any:
    kinds = {Kind.IMAGE: _("image"), Kind.SIGNAL: _("signal"), Kind.TEXT: _("text"), Kind.TABLE: _("values")}
    st.markdown(f"**{escape(name)}** :small[:gray[{kinds[spec.kind]}]]")
    if spec.kind is Kind.TEXT:
        typed = st.text_area(
            _("Text of {input}").format(input=escape(name)),
            key=f"{key}-typed",
            height=120,
            label_visibility="collapsed",
            placeholder=_("Type or paste"),
        )
        file = st.file_uploader(_("or a text file"), type=list(suffixes(Kind.TEXT)), key=f"{key}-file")
        return typed.strip() or file
    if spec.kind is Kind.TABLE:
        return _ask_row(cohort, spec, key)
    file = st.file_uploader(
        _("File of {input}").format(input=escape(name)),
        type=list(suffixes(spec.kind)),
        key=f"{key}-file",
        label_visibility="collapsed",
    )
    if spec.kind is Kind.SIGNAL and (rates := cohort.rates(name)):
        st.number_input(
            _("Sampling rate (Hz), if the file does not state it"), min_value=1e-6, value=None, format="%g",
            key=f"{key}-rate",
            placeholder=_("the cohort's recordings have {rate} Hz").format(rate=_range(rates)),
        )  # fmt: skip
    return file


def _ask_row(cohort: Cohort, spec: InputSpec, key: str) -> dict[str, Any]:
    slots = st.columns(2)
    row: dict[str, Any] = {}
    for i, column in enumerate(spec.table):
        label = escape(f"{column.name} ({column.unit})" if column.unit else column.name)
        with slots[i % 2]:
            if column.type == "category":
                row[column.name] = st.selectbox(
                    label, column.categories, index=None, key=f"{key}-{column.name}", placeholder=_("missing")
                )
            else:
                row[column.name] = st.number_input(
                    label, value=None, key=f"{key}-{column.name}", format="%g", placeholder=_("missing")
                )
    return row


def _keep(cohort: Cohort, given: dict[str, Any]) -> None:
    """Read what was given; raises one error for all files that cannot be read."""
    values, digests, wrong = {}, {}, []
    remarks: list[str] = []
    for name, entry in given.items():
        try:
            spec = _with_own_rate(cohort, name, entry)
            value = _read(spec, entry, remarks)
        except MMError as error:
            wrong.append(error)
            continue
        if value is not None:
            values[name] = value
            if hasattr(entry, "getvalue"):
                digests[name] = cohort.digest_of_upload(spec, entry.name, entry.getvalue())
    if wrong:
        raise several(wrong)
    if not values:
        raise BadInput(_("Nothing was filled in."), _("Give at least one input: a file, a text or a value."))
    _take(values, digests, remarks)


def _range(rates: list[float]) -> str:
    """Ascending rates as "250" or "250–500"."""
    return "–".join(f"{rate:g}" for rate in dict.fromkeys((rates[0], rates[-1])))


def _with_own_rate(cohort: Cohort, name: str, entry: Any) -> InputSpec:
    """The input with the rate of this recording. Raises BadInput where neither the file nor the reader says it: that of
    the cohort's recordings need not be its own."""
    spec = cohort.inputs[name]
    rates = cohort.rates(name) if spec.kind is Kind.SIGNAL else []
    if not rates or not hasattr(entry, "getvalue"):
        return spec
    value = _read(spec.model_copy(update={"rate_hz": None}), entry)
    if not isinstance(value, Signal) or value.rate_hz is not None:
        return spec
    rate = st.session_state.get(f"own-{st.session_state.get(_TURN, 0)}-{name}-rate")
    if not rate:
        raise BadInput(
            _("{file} does not state its sampling rate.").format(file=entry.name),
            _("Enter it below the file; the cohort's recordings have {rate} Hz.").format(rate=_range(rates)),
        )
    return spec.model_copy(update={"rate_hz": float(rate)})


def _read(spec: InputSpec, entry: Any, remarks: list[str] | None = None) -> Value | None:
    if isinstance(entry, dict):
        return entry if any(value is not None for value in entry.values()) else None
    if not entry or isinstance(entry, str):
        text = cut(entry or "", spec.name, remarks)
        return deidentified(text).text if spec.deidentified else text or None
    return read_bytes(spec.kind, entry.name, entry.getvalue(), spec, remarks)
