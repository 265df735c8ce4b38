"""Protects what the command line tells on stderr before it works: doubts about encoders and what a run will cost."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from mmcore.cli import main

THAI, ENGLISH = "เจ็บหน้าอกมาสามวัน", "chest pain for three days"
QUICK = ["--folds", "2", "--seeds", "1", "--fusion", "note"]


@pytest.fixture
def folder(tmp_path):
    def written(*texts: str):
        rows = [{"id": f"p{i}", "note": f"{texts[i % len(texts)]} {i}", "ill": "ab"[i % 2]} for i in range(24)]
        pd.DataFrame(rows).to_csv(tmp_path / "cases.csv", index=False)
        return [str(tmp_path), "--target", "ill", "--input", "note=text:note", "--encoder", "note=word2vec"]

    return written


def text(capsys, *words) -> tuple[dict, str]:
    """The document on stdout, and what stands on stderr."""
    code = main([*words, "--json"])
    out, err = capsys.readouterr()
    assert code == 0, err
    return json.loads(out), err


def test_an_encoder_that_does_not_suit_is_told_on_stderr_only(capsys, folder):
    words = folder(THAI)
    for command in (["encode"], ["compare", "--no-plain", *QUICK]):
        document, err = text(capsys, command[0], *words, *command[1:])
        lines = [line for line in err.splitlines() if "suit note" in line]
        assert len(lines) == 1 and lines[0].startswith("mmcore: Does word2vec suit note?") and "spaces" in lines[0]
        assert "12 of 12" in lines[0] and "suit" not in json.dumps(document)
    assert "suit" not in text(capsys, "encode", *folder(ENGLISH))[1]


def test_a_run_that_takes_much_is_announced_and_one_that_does_not_fit_refused(capsys, folder, monkeypatch):
    words = [*folder(ENGLISH)[:-1], "note=bigru:width=4,hidden=4"]
    monkeypatch.setattr("mmcore.studies.costing.WORTH_TELLING", 0.0)
    monkeypatch.setenv("MMCORE_MEMORY", "100kB")
    assert main(["compare", *words, "--no-plain", *QUICK]) == 2
    out, err = capsys.readouterr()
    assert out == "" and "One model" in err and err.count("\n") == 1
    monkeypatch.delenv("MMCORE_MEMORY")
    document, err = text(capsys, "compare", *words, "--no-plain", *QUICK)
    assert "note trains an encoder. Up to" in err and " of memory for 2 " in err
    assert document["methods"][0]["method"] == "note"
    assert "trains an encoder" not in text(capsys, "compare", *words, "--no-plain", *QUICK)[1], (
        "what is known costs nothing"
    )
