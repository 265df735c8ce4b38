"""Damaged files made by chance from whole ones, and what reading each costs, in a child process with limits."""

from __future__ import annotations

import gzip
import io
import os
import resource
import signal
import tempfile
import time
import traceback
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from mmcore.base.errors import MMError
from mmcore.base.values import InputSpec, Kind
from tests.readers import made

SECONDS, BYTES = 5, 2**30  # of a processor, and of memory, that a file may cost
HUNG = 240.0  # seconds by the clock after which a child that uses no processor is taken for hung
ENCODERS = {Kind.IMAGE: "hog", Kind.SIGNAL: "minirocket", Kind.TEXT: "minilm_l6"}
_HUGE = (b"\xff\xff\xff\xff", b"\xff\xff\xff\x7f", b"\x7f\xff\xff\xff", b"\x00\x00\x00\x00", b"\x00\x00\x00\x80")


@dataclass(frozen=True)
class Outcome:
    """What came of a file: "value", "set aside", or what must not be: "traceback ..", "hung", "killed"."""

    what: str
    seconds: float = 0.0
    bytes: int = 0

    @property
    def bad(self) -> bool:
        return self.what not in ("value", "set aside") or self.seconds > SECONDS or self.bytes > BYTES


def whole_files() -> dict[str, bytes]:
    """File name -> content, of every format that is read; a record's header has its data file beside it."""
    rng = np.random.default_rng(0)
    tone = np.sin(np.arange(4000) / 5)
    lines = "\n".join(f"{i / 100:.2f},{np.sin(i):.4f}" for i in range(600))
    files = {
        "a.npy": _saved(rng.normal(size=(2, 600))),
        "a.npz": made.npz(ecg=rng.normal(size=(2, 600)), fs=100.0),
        "a.mat": made.mat(ecg=rng.normal(size=(2, 600)), fs=100.0),
        "a.csv": f"time,ecg\n{lines}\n".encode(),
        "a.wav": made.sound("WAV"), "a.flac": made.sound("FLAC"),
        "a.ogg": made.sound("OGG"), "a.mp3": made.sound("MP3"),
        "a.edf": made.edf(("II", 100.0, "mV"), ("V1", 100.0, "mV")),
        "ct.dcm": made.dicom(np.arange(1024).reshape(32, 32)), "ecg.dcm": made.dicom_waveform()[:],
        "a.nii": made.nifti(), "b.nii.gz": gzip.compress(made.nifti()),
        "a.pdf": made.pdf("No chest pain, breathing well."), "a.docx": made.docx("No chest pain.", row=("a", "b")),
        "a.txt": ("No chest pain, breathing well. " * 40).encode(), "b.txt": "无胸痛，呼吸平稳。".encode("gb18030") * 9,
        "c.txt": "Больной жалуется на кашель и боль в груди. ".encode("cp1251") * 9,
        "d.txt": "患者咳嗽发热三天，双肺纹理清晰。".encode("utf-16-le") * 9,
        "e.txt": "右下肺影，心影不大。".encode("utf-7") * 9,
        "pictures.npy": _saved(rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)),
        "pictures.npz": made.npz(image=rng.integers(0, 4095, (48, 64), dtype=np.uint16)),
        "struct.mat": made.mat(record={"ecg": rng.normal(size=(2, 600)), "fs": 100.0}),
    }  # fmt: skip
    return files | _pictures(rng) | _record(tone)


def _saved(array: np.ndarray) -> bytes:
    content = io.BytesIO()
    np.save(content, array)
    return content.getvalue()


def _pictures(rng: np.random.Generator) -> dict[str, bytes]:
    from PIL import Image

    colour = Image.fromarray(rng.integers(0, 255, (48, 64, 3), dtype=np.uint8))
    deep = Image.fromarray(rng.integers(0, 65535, (48, 64), dtype=np.uint16))
    files = {}
    for name, picture, form in (
        ("a.png", colour, "PNG"), ("a.jpg", colour, "JPEG"), ("a.tif", colour, "TIFF"), ("deep.tif", deep, "TIFF"),
        ("a.gif", colour, "GIF"), ("a.webp", colour, "WEBP"), ("a.jp2", colour, "JPEG2000"), ("a.bmp", colour, "BMP"),
        ("deep.png", deep, "PNG"),
    ):  # fmt: skip
        content = io.BytesIO()
        picture.save(content, form)
        files[name] = content.getvalue()
    return files


def _record(tone: np.ndarray) -> dict[str, bytes]:
    import wfdb

    with tempfile.TemporaryDirectory() as folder:
        wfdb.wrsamp("r", 100, ["mV", "mV"], ["II", "V1"], np.stack([tone, tone[::-1]], 1), fmt=["16", "16"],
                    write_dir=folder)  # fmt: skip
        return {name: (Path(folder) / name).read_bytes() for name in ("r.hea", "r.dat")}


def damaged(data: bytes, others: list[bytes], rng: np.random.Generator) -> bytes:
    """One file damaged in one way out of seven."""
    way, at = int(rng.integers(7)), int(rng.integers(max(1, len(data))))
    content = bytearray(data)
    if way == 0:  # a few bits
        for place in rng.integers(0, len(data), int(rng.choice([1, 4, 32]))):
            content[place] ^= 1 << int(rng.integers(8))
    elif way == 1:
        return data[:at]
    elif way == 2:  # the beginning of another format
        head = int(rng.choice([4, 16, 128, 512]))
        return others[int(rng.integers(len(others)))][:head] + data[head:]
    elif way == 3:  # a size that cannot be, where sizes are mostly said
        for place in rng.integers(0, max(1, min(len(data), 512) - 4), 3):
            content[place : place + 4] = _HUGE[int(rng.integers(len(_HUGE)))]
    elif way == 4:  # a stretch of nothing
        content[at : at + int(rng.integers(1, 256))] = bytes(64)
    elif way == 5:  # a figure of a text becomes a long one
        figures = [i for i, byte in enumerate(data[:4096]) if 48 <= byte <= 57]
        if figures:
            place = figures[int(rng.integers(len(figures)))]
            content[place : place + 1] = str(10 ** int(rng.integers(1, 20))).encode()
    else:  # the same again
        content[at:at] = data[: int(rng.integers(1, len(data) + 1))]
    return bytes(content)


def mutations(count: int, seed: int = 0) -> Iterator[tuple[str, bytes]]:
    """(name, content) of `count` damaged files, the formats in turn."""
    rng, files = np.random.default_rng(seed), whole_files()
    names, contents = list(files), list(files.values())
    for number in range(count):
        name = names[number % len(names)]
        yield name, damaged(files[name], contents, rng)


def laid_out(name: str, data: bytes, folder: Path) -> Path:
    """The file in a folder, and what belongs to it."""
    for other, content in whole_files().items() if name.startswith("r.") else ():
        (folder / other).write_bytes(content)
    (folder / name).write_bytes(data)
    return folder / ("r.hea" if name.startswith("r.") else name)


def read_and_encoded(path: Path, encode: bool = True) -> str:
    """A file looked at, read and encoded as a cohort's is: what came of it."""
    from mmcore import encoders, readers
    from mmcore.features import encode_case

    kind = readers.kind_of(path) or Kind.TEXT
    spec = InputSpec(name="x", kind=kind, columns=("x",))
    try:
        readers.channels_of(path)
        value = readers.read(kind, path, spec)
        if encode:
            encode_case(encoders.make(ENCODERS[kind], spec), value)
    except MMError as error:
        return "set aside" if error.message and error.hint else f"traceback: an error without a hint: {error}"
    return "value"


def outcome(path: Path, encode: bool = True) -> Outcome:
    """What came of reading a file in a child of this process, which is ended when it takes too long."""
    read, write = os.pipe()
    started, child = time.monotonic(), os.fork()
    if child == 0:
        _in_child(path, encode, write)
    os.close(write)
    with os.fdopen(read, "rb") as answer:
        os.set_blocking(read, False)
        while time.monotonic() - started < HUNG:
            ended, status, used = os.wait4(child, os.WNOHANG)
            if ended:
                what, _bar, peak = (answer.read() or b"").decode().partition("|")
                seconds = used.ru_utime + used.ru_stime
                return Outcome(what, seconds, int(peak)) if peak else Outcome(f"killed: {status}", seconds)
            time.sleep(0.005)
    with suppress(ProcessLookupError):
        os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return Outcome("hung", HUNG)


def _in_child(path: Path, encode: bool, write: int) -> None:
    """Never returns. The memory told is what came on top of what the parent held."""
    try:
        before = _resident()
        resource.setrlimit(resource.RLIMIT_AS, (_virtual() + 4 * BYTES,) * 2)  # a flood ends here, not the machine
        resource.setrlimit(resource.RLIMIT_CPU, (4 * SECONDS,) * 2)
        try:
            what = read_and_encoded(path, encode)
        except BaseException:
            what = "traceback: " + traceback.format_exc()[-1500:]
        peak = max(0, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 - before)
        os.write(write, f"{what.replace('|', ' ')}|{peak}".encode())
    finally:
        os._exit(0)


def _resident() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize()


def _virtual() -> int:
    return int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
