"""Protects: small files that claim or unpack to much are refused before that is done; odd ones are clear mistakes."""

from __future__ import annotations

import gzip
import io
import os
import struct
import zlib

import numpy as np
import pytest

from mmcore import readers
from mmcore.base.errors import BadInput
from mmcore.readers import text_remarks
from tests.readers import made


def png(width: int, height: int, depth: int, colours: int) -> bytes:
    """An even picture of this size; colours: 0 grey, 2 RGB, 6 RGBA."""
    row = bytes(1 + width * {0: 1, 2: 3, 6: 4}[colours] * depth // 8)
    packed = zlib.compressobj(1)
    body = b"".join(packed.compress(row) for _line in range(height)) + packed.flush()

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, depth, colours, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def npy(type: str, shape: str, body: bytes = b"") -> bytes:
    head = f"{{'descr': {type!r}, 'fortran_order': False, 'shape': {shape}, }}".encode().ljust(117) + b"\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(head)) + head + body


def wav(rate: int) -> bytes:
    form = struct.pack("<IHHIIHH", 16, 1, 1, rate, rate * 2 & 0xFFFFFFFF, 2, 16)
    return b"RIFF" + struct.pack("<I", 236) + b"WAVEfmt " + form + b"data" + struct.pack("<I", 200) + bytes(200)


def flac(samples: int) -> bytes:
    import soundfile

    content = io.BytesIO()
    soundfile.write(content, np.zeros(samples, np.int16), 44100, format="FLAC")
    return content.getvalue()


def clock(step: str) -> bytes:
    return ("time,ecg\n" + "\n".join(f"{i}{step},{i % 7}" for i in range(50))).encode()


@pytest.mark.parametrize(
    ("kind", "name", "content"),
    [
        ("image", "a.png", lambda: png(6000, 5000, 1, 0)),
        ("image", "a.png", lambda: png(4000, 4000, 16, 6)),
        pytest.param("image", "a.nii.gz", lambda: gzip.compress(bytes(2**28 + 1), 1), marks=pytest.mark.slow),
        ("signal", "a.flac", lambda: flac(24_000_001)),
        pytest.param("signal", "a.npz", lambda: made.npz(a=np.zeros(2**25 + 1)), marks=pytest.mark.slow),
        ("signal", "a.npy", lambda: npy("|u1", "(24000001,)", bytes(24_000_001))),
        ("signal", "a.npy", lambda: npy("|V0", "(3,)")),
        ("signal", "a.npy", lambda: npy("|S0", "(3,)")),
        ("signal", "a.npy", lambda: npy("<f8", "(True,)", bytes(8))),
        ("signal", "a.npy", lambda: npy("<f8", "(1000000000000,)")),
        ("signal", "a.npy", lambda: npy("<f8", "(-1,)")),
        ("signal", "a.wav", lambda: wav(2_000_000_000)),
        ("signal", "a.wav", lambda: wav(0)),
        ("signal", "a.csv", lambda: clock("e-300")),
        ("signal", "a.csv", lambda: clock("e300")),
        ("signal", "a.csv", lambda: "\n".join(["1," * 9999 + "1"] * 3).encode()),
        ("signal", "a.csv", lambda: (",".join(f"c{i}" for i in range(10_000)) + "\n" + "1," * 9999 + "1").encode()),
    ],
    ids=["pixels", "deep colours", "volume", "sound", "arrays", "samples", "V0", "S0", "True", "length", "negative",
         "rate", "no rate", "instant", "eternal", "columns", "named columns"],
)  # fmt: skip
def test_what_cannot_be_is_refused(kind, name, content):
    """Large contents are made when their test runs, not when tests are collected."""
    data = content()
    with pytest.raises(BadInput) as error:
        readers.read_bytes(kind, name, data)
    assert error.value.hint and name in error.value.message and len(error.value.message) < 400


def test_a_header_of_many_signals_is_refused(tmp_path):
    (tmp_path / "a.hea").write_text("a 100000 100 1000\n" + "a.dat 16 200 16 0 0 0 0 II\n" * 100_000)
    with pytest.raises(BadInput, match="more signals"):
        readers.read("signal", tmp_path / "a.hea")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
@pytest.mark.parametrize("name", ["a.wav", "a.png", "a.hea", "a.txt"])
@pytest.mark.timeout(30)
def test_a_pipe_is_not_waited_for(tmp_path, name):
    os.mkfifo(tmp_path / name)
    assert readers.located(tmp_path / name) is None and readers.channels_of(tmp_path / name) == ()
    with pytest.raises(BadInput, match="does not exist"):
        readers.read("signal", tmp_path / name)


def test_a_long_text_is_cut_and_that_is_said(monkeypatch):
    monkeypatch.setattr(text_remarks, "MAX_CHARACTERS", 20)
    remarks: list[str] = []
    assert readers.read_bytes("text", "a.txt", b"No pain. " * 9, remarks=remarks) == ("No pain. " * 9)[:20]
    assert "81 characters" in remarks[0]


def test_the_encoding_of_a_long_text_is_guessed_from_its_beginning():
    text = "无胸痛，呼吸平稳。" * 60_000
    assert readers.read_bytes("text", "a.txt", text.encode("gb18030")) == text[: text_remarks.MAX_CHARACTERS]
