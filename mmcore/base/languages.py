"""Which language is spoken, and the sentences in it.

Sentences are written in English in the code; catalogues translate them: `mmcore/locale` those of the library,
`assets/locale` those of the app. They are read, from their .po files, when a language is first spoken. Who speaks
which language is settled call by call, since sessions of several languages run in one process.
"""

from __future__ import annotations

import contextvars
import gettext
import io
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

ENGLISH = "en"
LANGUAGES = {ENGLISH: "English", "zh": "中文"}
_HERE = Path(__file__).resolve().parents[1]
CATALOGUES = (_HERE / "locale", _HERE.parent / "assets" / "locale")

_spoken: contextvars.ContextVar[str | None] = contextvars.ContextVar("language", default=None)
_of_session: list[Callable[[], str | None]] = []  # who knows the language of the session at work, if any does
_catalogues: dict[str, gettext.NullTranslations] = {ENGLISH: gettext.NullTranslations()}
_reading = threading.Lock()


def language() -> str:
    """The language spoken here and now: of the work (`speaking`), of the session, of MMCORE_LANGUAGE, else English."""
    chosen = _spoken.get()
    if chosen is not None:
        return chosen
    for ask in _of_session:
        chosen = ask()
        if chosen is not None:
            return chosen
    return meant(os.environ.get("MMCORE_LANGUAGE")) or ENGLISH


def meant(locale: str | None) -> str | None:
    """The language of a locale such as `zh-CN` or `en_GB.UTF-8`; None where there is no catalogue for it."""
    name = (locale or "").replace("_", "-").split("-")[0].lower()
    return name if name in LANGUAGES else None


def ask_language_of(ask: Callable[[], str | None]) -> None:
    """Whom to ask for the language of the session at work; once for each process."""
    _of_session[:] = [ask]


@contextmanager
def speaking(name: str) -> Iterator[None]:
    """In this thread, whatever is said inside is said in that language."""
    before = _spoken.set(name)
    try:
        yield
    finally:
        _spoken.reset(before)


def in_this_language(function: Callable[..., Any]) -> Callable[..., Any]:
    """The function for another thread or process: it speaks there as is spoken here and now."""
    return partial(_in_language, language(), function)


def _in_language(name: str, function: Callable[..., Any], *args: Any, **options: Any) -> Any:
    with speaking(name):
        return function(*args, **options)


def catalogue() -> gettext.NullTranslations:
    """The sentences of the language spoken here and now."""
    name = language()
    if name not in _catalogues:
        with _reading:
            if name not in _catalogues:
                _catalogues[name] = _read(name)
    return _catalogues[name]


def _read(name: str) -> gettext.NullTranslations:
    """The catalogues of a language as one; where one is not there its sentences stay English."""
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    whole = gettext.NullTranslations()
    for folder in CATALOGUES:
        path = folder / name / "LC_MESSAGES" / "fusionscope.po"
        if path.is_file():
            compiled = io.BytesIO()
            with path.open("rb") as file:
                write_mo(compiled, read_po(file))
            compiled.seek(0)
            messages = gettext.GNUTranslations(compiled)
            messages.add_fallback(whole)
            whole = messages
    return whole
