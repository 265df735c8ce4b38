"""Protects that a file of weights is what its name says."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from mmcore.base.errors import Unavailable


def test_timm_files_are_checked_by_the_digest_in_their_name(tmp_path, monkeypatch):
    from mmcore.encoders.image.timm_files import file_of

    monkeypatch.setenv("MMCORE_MIRROR", str(tmp_path))
    monkeypatch.delenv("MMCORE_OFFLINE")
    right = f"net-{hashlib.sha256(b'weights').hexdigest()[:8]}.pth"
    for name in (right, "net-0123abcd.pth", "net.pth.tar"):
        (tmp_path / name).write_bytes(b"weights")
    for name in (right, "net.pth.tar"):
        assert Path(file_of("net", {"url": f"https://weights.example/{name}"}, "")).read_bytes() == b"weights"
    with pytest.raises(Unavailable, match="damaged"):
        file_of("net", {"url": "https://weights.example/net-0123abcd.pth"}, "")
