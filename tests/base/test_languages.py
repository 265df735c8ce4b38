"""Protects that sessions of several languages live in one process, and that work speaks as who asked for it."""

from __future__ import annotations

import threading

import pytest

from mmcore.base import languages
from mmcore.base.settings import _, counted


@pytest.fixture(autouse=True)
def only_english(monkeypatch):
    monkeypatch.setattr(languages, "_of_session", [])
    monkeypatch.delenv("MMCORE_LANGUAGE", raising=False)


def test_english_is_spoken_where_nobody_says_otherwise():
    assert languages.language() == "en"
    assert _("Case") == "Case"
    assert counted(1, "{count} case", "{count} cases") == "1 case"


def test_the_language_of_the_work_goes_before_the_session_and_the_environment(monkeypatch):
    monkeypatch.setenv("MMCORE_LANGUAGE", "zh_CN.UTF-8")
    assert _("Case") == "病例"
    languages.ask_language_of(lambda: "en")
    assert _("Case") == "Case"
    with languages.speaking("zh"):
        assert _("Case") == "病例"
    assert _("Case") == "Case"


def test_threads_speak_for_themselves():
    by_thread: dict[str, str] = {}

    def say(name: str) -> None:
        by_thread[name] = _("Case")

    with languages.speaking("zh"):
        threads = [
            threading.Thread(target=say, args=("plain",)),
            threading.Thread(target=languages.in_this_language(say), args=("bound",)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert by_thread == {"plain": "Case", "bound": "病例"}


@pytest.mark.parametrize(("locale", "language"), [("zh-CN", "zh"), ("zh", "zh"), ("en_GB.UTF-8", "en"), ("fr", None)])
def test_a_locale_means_a_language(locale, language):
    assert languages.meant(locale) == language
