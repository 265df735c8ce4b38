"""Choosing a cohort: built-in samples, folders opened before with what was said of their columns, or other data."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import streamlit as st

from mmcore.base.languages import language
from mmcore.base.settings import _, room, write_whole
from mmcore.cohorts import Cohort, samples
from mmcore.cohorts.allowed import may_open
from pages.frame import page, url_state

_MOST = 8


def _opened() -> dict[str, str]:
    """Paths opened lately, newest first, each with the roles (JSON) it was opened with."""
    try:
        entries = json.loads((room("cohorts") / "recent.json").read_text(encoding="utf-8"))
        pairs = [(entry, "") if isinstance(entry, str) else (entry["path"], entry["roles"]) for entry in entries]
        return {str(path): str(roles) for path, roles in pairs}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def remember(source: str, roles: str = "") -> None:
    """Put a path on the list of those opened lately, with what was said of its columns."""
    opened = {source: roles} | {path: other for path, other in _opened().items() if path != source}
    entries = [{"path": path, "roles": text} for path, text in list(opened.items())[:_MOST]]
    write_whole(room("cohorts") / "recent.json", json.dumps(entries, indent=1).encode())


def set_rate(input: str, rate_hz: float) -> None:
    """Read the signals of `input` as sampled at this rate."""
    roles = json.loads(url_state.roles_text() or "{}")
    url_state.choose_roles(json.dumps(roles | {"rates": {**roles.get("rates", {}), input: rate_hz}}))


def _labels(sources: list[str]) -> dict[str, str]:
    """What each is called; those of one name are told apart by the folders they lie in."""
    names = {source: _name(source) for source in sources}
    twice = {name for name, count in Counter(names.values()).items() if count > 1}
    return {
        source: f"{name} ({Path(source).parent if not Path(source).suffix else Path(source).parent.parent})"
        if name in twice
        else name
        for source, name in names.items()
    }


def _built_in(source: str) -> bool:
    """Whether it is the name of a built-in cohort, be it one whose file is broken: choosing that one says why."""
    return source in samples or source in samples.broken


def _name(source: str) -> str:
    if source in samples.broken:
        return _("{name} (built-in, not available)").format(name=source)
    if source in samples:
        words = _("{name} (built-in)") if samples.real(source) else _("{name} (built-in, synthetic)")
        return words.format(name=source)
    path = Path(source)
    if path.suffix.lower() in (".csv", ".tsv", ".parquet", ".xlsx", ".xlsm"):
        return path.parent.name if path.stem == "cases" else path.name
    return path.stem if path.suffix.lower() == ".zip" else path.name


def exists(source: str) -> bool:
    """Whether this is a built-in cohort or a path at which something lies that may be opened."""
    try:
        return _built_in(source) or (may_open(source) and Path(source).expanduser().exists())
    except (OSError, RuntimeError):
        return False


def offer_roles(cohort: Cohort) -> None:
    """A way to say anew what the columns of the open folder are."""
    if not _built_in(cohort.source) and not _built_in(url_state.cohort_source()):
        page.link("import_data", _("Say what the columns are"), ":material/view_column:")


def picker() -> None:
    """The cohort's select box and the way to open another."""
    now, opened = url_state.cohort_source(), _opened()
    sources = [
        source
        for source in dict.fromkeys([*samples, *samples.written_in(language()), *samples.broken, *opened, now])
        if exists(source)
    ]
    roles = url_state.roles_text()
    if not _built_in(now) and now in sources and (now not in opened or (roles and roles != opened[now])):
        remember(now, roles)  # what was said of the columns is there when this cohort is chosen again
    labels = _labels(sources)
    st.session_state["cohort-picker"] = now if now in sources else None
    st.selectbox(
        _("Cohort"),
        sources,
        key="cohort-picker",
        format_func=lambda source: labels.get(source, source),
        placeholder=_("Choose a cohort"),
        on_change=_choose,
    )
    page.link("import_data", _("Import data"))


def _choose() -> None:
    source = st.session_state["cohort-picker"]
    url_state.choose_cohort(source, _opened().get(source, ""))
