"""Protects models from a hub: fetched once, whole, and a sentence with what to do where they cannot be had."""

from __future__ import annotations

import http.server
import shutil
import threading

import pytest
import torch

from mmcore.base.errors import Unavailable
from mmcore.base.progress import Step
from mmcore.encoders import encoders, make
from mmcore.encoders.text import hub
from tests.encoders.text.shared import SPEC


def test_offline_says_what_to_do(monkeypatch):
    monkeypatch.setenv("MMCORE_OFFLINE", "1")
    with pytest.raises(Unavailable, match=r"not on this machine.*folder"):
        make("transformer", SPEC, model="nobody/no-such-model")


def test_offline_it_is_listed_as_in_need_of_a_folder_and_works_with_one(text_model, monkeypatch):
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_names, **_more: None)
    reason = encoders["transformer"].unavailable()
    assert "Needs a local folder" in reason and "internet" in reason and "model.safetensors" in reason
    with pytest.raises(Unavailable, match="local folder"):
        make("transformer", SPEC)
    assert make("transformer", SPEC, model=str(text_model)).prepare(["pain"]).mask.any()
    monkeypatch.setattr("huggingface_hub.try_to_load_from_cache", lambda *_names, **_more: "/kept/model.safetensors")
    assert encoders["transformer"].unavailable() is None


@pytest.fixture
def local_hub(text_model, monkeypatch):
    """A model hub on this machine that holds one model, nobody/tiny: what it is asked for, and the folder it shows."""
    requested, shown = [], [text_model]

    class Hub(http.server.BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self._answer(False)

        def do_GET(self) -> None:
            requested.append(self.path)
            self._answer(True)

        def _answer(self, whole: bool) -> None:
            file = shown[0] / self.path.split("?")[0].rsplit("/", 1)[-1]
            here = "/nobody/tiny/resolve/" in self.path and file.is_file()
            body = file.read_bytes() if here else b""
            self.send_response(200 if here or self.path == "/" else 404)
            self.send_header("Content-Length", str(len(body)))
            self.send_header("ETag", f'"{file.name}"')
            self.send_header("X-Repo-Commit", "0123456789" * 4)
            if not here:
                reference = "/nobody/tiny/" in self.path
                self.send_header("X-Error-Code", "EntryNotFound" if reference else "RepoNotFound")
            self.end_headers()
            if whole:
                self.wfile.write(body)

        def log_message(self, *words) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Hub)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}")
    monkeypatch.delenv("MMCORE_OFFLINE", raising=False)
    yield requested, shown
    server.shutdown()
    server.server_close()


def test_a_model_is_downloaded_once(local_hub, text_model, home, monkeypatch):
    requested, _shown = local_hub
    encoder = make("transformer", SPEC, model="nobody/tiny")
    before = encoder.identity()
    assert not any(path.endswith(".safetensors") for path in requested), "weights come when they are needed"
    text: list[Step] = []
    encoder.ready(text.append)
    size = (text_model / "model.safetensors").stat().st_size
    assert text[-1].done == text[-1].total == size and "nobody/tiny" in text[-1].label
    here = make("transformer", SPEC, model=str(text_model))
    assert torch.equal(encoder.prepare(["chest pain"]).values, here.prepare(["chest pain"]).values)
    count = len(requested)
    monkeypatch.setenv("MMCORE_OFFLINE", "1")
    again = make("transformer", SPEC, model="nobody/tiny")
    again.ready()
    assert again.identity() == before and len(requested) == count
    assert hub.folder_of("nobody/tiny").is_relative_to(home)


def test_a_model_in_several_files_is_downloaded_whole(local_hub, text_model, tmp_path):
    from transformers import AutoModel

    shutil.copytree(text_model, tmp_path / "split", ignore=shutil.ignore_patterns("*.safetensors"))
    AutoModel.from_pretrained(text_model).save_pretrained(tmp_path / "split", max_shard_size="10KB")
    assert not (tmp_path / "split" / hub.WHOLE).exists()
    local_hub[1][:] = [tmp_path / "split"]
    encoder, here = (make("transformer", SPEC, model=model) for model in ("nobody/tiny", str(text_model)))
    assert torch.equal(encoder.prepare(["chest pain"]).values, here.prepare(["chest pain"]).values)


def test_a_hub_that_has_no_such_model(local_hub):
    with pytest.raises(Unavailable, match="no model"):
        make("transformer", SPEC, model="nobody/nothing")
