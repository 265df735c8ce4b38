"""Protects: `inspect` opens few recordings, and each of them once."""

from __future__ import annotations

import json

import numpy as np

from mmcore import readers
from mmcore.cli.main import main


def test_inspect_opens_each_recording_once(tmp_path, monkeypatch, capsys):
    lines = ["id,ecg,film,label"]
    for i in range(12):
        np.save(tmp_path / f"e{i}.npy", np.random.default_rng(i).normal(size=(1, 500)))
        lines.append(f"c{i},e{i}.npy,,{i % 2}")
    (tmp_path / "cases.csv").write_text("\n".join(lines))
    opened, read = [], readers.read
    monkeypatch.setattr(
        readers, "read", lambda kind, path, *more: (opened.append(path.name), read(kind, path, *more))[1]
    )
    assert main(["inspect", str(tmp_path), "--rate", "ecg=100", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["inputs"]["ecg"]["rate_hz"] == 100
    assert len(set(opened)) == len(opened) == 3
