"""Choosing a cohort: built-in samples, folders opened before, or a path with the roles of its columns."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import streamlit as st

from mmcore.base.errors import BadInput, MMError
from mmcore.base.settings import _, room
from mmcore.cohorts import Cohort, samples
from pages.frame import caches, url_state
from pages.frame.markdown import escape

_MOST = 8


def recent() -> list[str]:
    """Paths opened lately, newest first."""
    try:
        return [str(path) for path in json.loads((room("cohorts") / "recent.json").read_text(encoding="utf-8"))]
    except (OSError, ValueError):
        return []


def remember(source: str) -> None:
    """Put a path on the list of those opened lately."""
    paths = [source, *(path for path in recent() if path != source)][:_MOST]
    path = room("cohorts") / "recent.json"
    fresh = path.with_suffix(f".{os.getpid()}.tmp")
    fresh.write_text(json.dumps(paths, indent=1), encoding="utf-8")
    os.replace(fresh, path)


def set_rate(input: str, rate_hz: float) -> None:
    """Read the signals of `input` as sampled at this rate."""
    roles = json.loads(url_state.roles_text() or "{}")
    url_state.choose_roles(json.dumps(roles | {"rates": {**roles.get("rates", {}), input: rate_hz}}))


def _label(source: str) -> str:
    if source in samples:
        return _("{name} (built-in, synthetic)").format(name=source)
    path = Path(source)
    return path.parent.name if path.suffix else path.name


def exists(source: str) -> bool:
    """Whether this is a built-in cohort or a path at which something lies."""
    try:
        return source in samples or Path(source).expanduser().exists()
    except (OSError, RuntimeError):
        return False


def roles_of(cohort: Cohort) -> dict[str, str]:
    """What the columns of a cohort are, as the dialog takes it."""
    inputs = cohort.inputs.items()
    given = json.loads(url_state.roles_text() or "{}")
    return {
        "target": cohort.schema.target or "",
        "group": cohort.schema.group or "",
        "inputs": "\n".join(f"{name} = {spec.kind.value}:{','.join(spec.columns)}" for name, spec in inputs),
        "ignore": ", ".join(given.get("ignore", [])),
        "rates": ", ".join(f"{name} = {rate:g}" for name, rate in given.get("rates", {}).items()),
    }


def offer_roles(cohort: Cohort) -> None:
    """A button to say anew what the columns of the open folder are."""
    if url_state.cohort_source() in samples:
        return
    if st.button(_("Say what the columns are"), icon=":material/view_column:", key="say-roles"):
        _dialog(url_state.cohort_source(), roles_of(cohort))


def picker() -> None:
    """The cohort's select box and the way to open another."""
    now = url_state.cohort_source()
    sources = [source for source in dict.fromkeys([*samples, *recent(), now]) if exists(source)]
    st.session_state["cohort-picker"] = now if now in sources else None
    st.selectbox(
        _("Cohort"),
        sources,
        key="cohort-picker",
        format_func=_label,
        placeholder=_("Choose a cohort"),
        on_change=lambda: url_state.choose_cohort(st.session_state["cohort-picker"]),
    )
    if st.button(_("Open a folder or file"), icon=":material/folder_open:", width="stretch", key="open-cohort"):
        _dialog()


def _dialog(now: str = "", roles: Mapping[str, str] = MappingProxyType({})) -> None:
    """now, roles: what the form starts from; empty for another cohort."""
    st.dialog(_("Open a cohort"), width="medium")(_form)(now, roles)


def _form(now: str, roles: Mapping[str, str]) -> None:
    st.markdown(
        _(
            ":gray[A folder with `cases.csv` (one row a case), or a CSV or Parquet file. "
            "Columns hold values, texts or paths of media.]"
        )
    )
    with st.form("open-form", border=False):
        source = st.text_input(_("Folder or file"), now, placeholder="/data/my_cohort")
        with st.expander(_("Say what the columns are (inferred if left empty)"), expanded=bool(now)):
            left, right = st.columns(2)
            target = left.text_input(_("Target column"), roles.get("target", ""))
            group = right.text_input(
                _("Group column"),
                roles.get("group", ""),
                help=_("Patient, speaker or site: folds never split a group."),
            )
            inputs = st.text_area(
                _("Inputs, one a line"),
                roles.get("inputs", ""),
                placeholder="ecg = signal:signal\nvitals = table:age,sex,weight",
                height=120 if now else 90,
            )
            left, right = st.columns(2)
            ignore = left.text_input(_("Columns to ignore"), roles.get("ignore", ""), placeholder="site, device")
            rates = right.text_input(
                _("Sampling rates"),
                roles.get("rates", ""),
                placeholder="ecg = 100",
                help=_("In Hz, for signal files that carry no rate (NPY, CSV)."),
            )
        if st.form_submit_button(_("Open"), type="primary", icon=":material/check:"):
            _open(source.strip(), target.strip(), group.strip(), inputs, ignore, rates)


def _open(source: str, target: str, group: str, inputs: str, ignore: str, rates: str) -> None:
    try:
        if not source:
            raise BadInput(_("No folder or file was named."), _("Enter its path on the machine where this app runs."))
        roles = {
            "target": target or None,
            "group": group or None,
            "inputs": _pairs(inputs, "ecg = signal:signal"),
            "ignore": [name.strip() for name in ignore.split(",") if name.strip()],
            "rates": {name: _number(rate) for name, rate in _pairs(rates.replace(",", "\n"), "ecg = 100").items()},
        }
        text = json.dumps({name: value for name, value in roles.items() if value}) if any(roles.values()) else ""
        source = source if source in samples else str(Path(source).expanduser().resolve())
        with st.spinner(_("Reading the table…")):
            caches.cohort(source, text)
    except MMError as error:
        st.error(escape(error), icon=":material/error:")
        return
    if source not in samples:
        remember(source)
    url_state.choose_cohort(source, text)
    st.rerun()


def _pairs(text: str, example: str) -> dict[str, str]:
    pairs = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        name, equals, rest = line.partition("=")
        if not equals or not name.strip() or not rest.strip():
            raise BadInput(
                _("'{line}' is not of the form NAME = ...").format(line=line),
                _("For example: {example}").format(example=example),
            )
        pairs[name.strip()] = rest.strip()
    return pairs


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError as error:
        raise BadInput(
            _("'{text}' is not a number.").format(text=text), _("Give the rate in Hz, for example: ecg = 100")
        ) from error
