"""Protects settings that say nothing that is understood: they are named, on the command line too, not passed over."""

from __future__ import annotations

import pytest

from mmcore.base.settings import mistaken_settings, sample_cases
from mmcore.cli.main import main


@pytest.mark.parametrize(
    ("name", "value"), [("MMCORE_LANGUAGE", "klingon"), ("MMCORE_SAMPLE_CASES", "many"), ("MMCORE_SAMPLE_CASES", "0")]
)
def test_a_setting_that_is_not_understood_is_named(monkeypatch, capsys, name, value):
    monkeypatch.setenv(name, value)
    (sentence,) = mistaken_settings()
    assert name in sentence and f"'{value}'" in sentence
    main(["methods", "--json"])
    assert f"mmcore: {sentence}" in capsys.readouterr().err


def test_settings_that_are_understood_say_nothing(monkeypatch):
    monkeypatch.setenv("MMCORE_LANGUAGE", "zh_CN.UTF-8")
    monkeypatch.setenv("MMCORE_SAMPLE_CASES", " 40 ")
    assert mistaken_settings() == [] and sample_cases() == 40
