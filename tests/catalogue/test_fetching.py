"""Protects: each public data set comes from its host once, checked, and in its published layout becomes a cohort."""

from __future__ import annotations

import json
import threading
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest

from mmcore.base.errors import BadInput, Unavailable
from mmcore.base.settings import room
from mmcore.catalogue import get, public_cohorts
from mmcore.cli import main
from mmcore.cohorts import open_cohort
from tests.catalogue.published_layouts import LAYOUTS


class Host(BaseHTTPRequestHandler):
    """Serves `server.files` by name, cut short while `server.cut` is set; knows ranges; keeps a log."""

    def do_GET(self):
        name, wanted = self.path.rsplit("/", 1)[-1], self.headers.get("Range", "")
        self.server.log.append(wanted or "whole")
        data = self.server.files[name]
        start = int(wanted.removeprefix("bytes=").rstrip("-")) if wanted else 0
        self.send_response(206 if start else 200)
        if start:
            self.send_header("Content-Range", f"bytes {start}-{len(data) - 1}/{len(data)}")
        self.send_header("Content-Length", str(len(data) - start))
        self.end_headers()
        self.wfile.write(data[start : self.server.cut or None])

    def log_message(self, *_rest):
        """Say nothing on stderr."""


@pytest.fixture
def host(monkeypatch):
    server = ThreadingHTTPServer(("127.0.0.1", 0), Host)
    server.files, server.log, server.cut = {}, [], 0
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    monkeypatch.delenv("MMCORE_OFFLINE")
    for _name, entry in public_cohorts.items():
        address = f"http://127.0.0.1:{server.server_port}/"
        parts = tuple(replace(part, url=address + part.name) for part in entry.downloads)
        monkeypatch.setattr(entry, "downloads", parts)
    yield server
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("name", list(public_cohorts))
def test_the_published_layout_becomes_a_cohort(name, host, tmp_path):
    host.files = LAYOUTS[name]()
    folder, remarks = get(name, tmp_path / "out")
    assert len(remarks) == len(host.files) and all("recorded" in remark for remark in remarks)
    cohort, entry = open_cohort(folder), public_cohorts[name]
    assert cohort.schema.task and cohort.schema.licence == entry.licence and cohort.schema.citation == entry.citation
    assert len(set(cohort.target[cohort.labelled])) > 1 and cohort.inputs
    for input in cohort.inputs:
        there = [id for id, present in zip(cohort.ids, cohort.present(input), strict=True) if present]
        assert there and all(cohort.value(id, input) is not None for id in there)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["out"]


def test_a_download_goes_on_where_it_stopped_and_is_pinned(host, tmp_path):
    host.files, host.cut = LAYOUTS["uci_heart_disease"](), 100
    with pytest.raises(Unavailable, match="cannot be downloaded") as error:
        get("uci_heart_disease", tmp_path / "out")
    assert "not lost" in error.value.hint and not (tmp_path / "out").exists()
    host.cut = 0
    get("uci_heart_disease", tmp_path / "out")
    assert host.log == ["whole", "bytes=100-"]
    get("uci_heart_disease", tmp_path / "again")
    assert len(host.log) == 2, "the archive lies in the home folder"
    (archive,) = (room("cohorts") / "downloads" / "uci_heart_disease").glob("*.zip")
    archive.unlink()
    host.files = {name: data + b"changed" for name, data in host.files.items()}
    with pytest.raises(Unavailable, match="not the file"):
        get("uci_heart_disease", tmp_path / "third")


def test_another_layout_is_told(host, tmp_path):
    host.files = {"fsdd-1.0.10.zip": next(iter(LAYOUTS["uci_heart_disease"]().values()))}
    with pytest.raises(Unavailable, match="laid out"):
        get("free_spoken_digit", tmp_path / "out")
    assert list(tmp_path.iterdir()) == []


def test_offline_and_wrong_folders_are_told(tmp_path):
    with pytest.raises(Unavailable, match="switched off"):
        get("ptb_xl", tmp_path / "out")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(BadInput, match="not an empty folder"):
        get("ptb_xl", tmp_path)


def test_the_command_lists_and_gets(host, tmp_path, capsys):
    assert main(["catalogue", "list", "--json"]) == 0
    entries = json.loads(capsys.readouterr().out)["catalogue"]
    assert {entry["name"] for entry in entries} == set(LAYOUTS)
    assert all(entry["licence"] and entry["citation"] and entry["megabytes"] for entry in entries)
    host.files = LAYOUTS["free_spoken_digit"]()
    assert main(["catalogue", "get", "free_spoken_digit", "--out", str(tmp_path / "out"), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"]
    assert main(["catalogue", "get"]) == 2
    assert np.isin(open_cohort(tmp_path / "out").groups, ["ann", "bob"]).all()
