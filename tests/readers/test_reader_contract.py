"""Protects: every registered reader knows its files by content, gives its kind, and answers anything else clearly."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from mmcore import readers
from mmcore.base.errors import BadInput, MMError
from mmcore.base.values import Kind, Signal
from mmcore.readers.base import Reader
from tests.readers import made

RNG = np.random.default_rng(0)


def raster(path: Path) -> Path:
    from PIL import Image

    Image.fromarray(RNG.integers(0, 255, (16, 20), dtype=np.uint8)).save(path / "a.png")
    return path / "a.png"


def plain_text(path: Path) -> Path:
    (path / "a.txt").write_text("No chest pain, breathing well. " * 40)
    return path / "a.txt"


def npy(path: Path) -> Path:
    np.save(path / "a.npy", RNG.normal(size=(2, 400)))
    return path / "a.npy"


def sound(path: Path) -> Path:
    import soundfile

    soundfile.write(path / "a.wav", RNG.normal(size=(4000, 1)) / 9, 8000)
    return path / "a.wav"


def signal_csv(path: Path) -> Path:
    rows = "\n".join(f"{i / 100:.2f},{np.sin(i):.4f}" for i in range(300))
    (path / "a.csv").write_text(f"time,ecg\n{rows}\n")
    return path / "a.csv"


def record(path: Path) -> Path:
    import wfdb

    wfdb.wrsamp(
        "a", fs=100, units=["mV"], sig_name=["II"], p_signal=RNG.normal(size=(300, 1)), fmt=["16"], write_dir=str(path)
    )
    return path / "a.hea"


def written(name: str, data: bytes) -> Callable[[Path], Path]:
    """A file of this name and content."""

    def write(path: Path) -> Path:
        (path / name).write_bytes(data)
        return path / name

    return write


SAMPLES: dict[str, Callable[[Path], Path]] = {
    "raster": raster, "plain_text": plain_text, "npy": npy, "sound": sound, "signal_csv": signal_csv, "wfdb": record,
    "dicom": written("a.dcm", made.dicom(np.arange(64).reshape(8, 8))),
    "dicom_waveform": written("a.dcm", made.dicom_waveform()),
    "nifti": written("a.nii", made.nifti()),
    "edf": written("a.edf", made.edf(("II", 100.0, "mV"))),
    "compressed_sound": written("a.ogg", made.sound("OGG")),
    "npz": written("a.npz", made.npz(ecg=RNG.normal(size=(2, 400)))),
    "mat": written("a.mat", made.mat(ecg=RNG.normal(size=(2, 400)))),
    "pdf": written("a.pdf", made.pdf("No chest pain, breathing well.")),
    "docx": written("a.docx", made.docx("No chest pain, breathing well.")),
}  # fmt: skip
# Text is not told from text by how it begins: such readers leave `sniff` as it is.
SNIFFING = [name for name, part in readers.readers.items() if part.sniff.__func__ is not Reader.sniff.__func__]


def sample(name: str, folder: Path) -> Path:
    part = readers.readers[name]
    if reason := part.unavailable():
        pytest.skip(reason)
    if name in SAMPLES:
        return SAMPLES[name](folder)
    example = part.example()
    if example is None:
        pytest.fail(f"let reader '{name}' give an `example`, or give this test a file that it reads")
    path = folder / f"a{part.suffixes[0]}"
    path.write_bytes(example)
    return path


def is_of(kind: Kind, value: object) -> bool:
    if kind is Kind.SIGNAL:
        return (
            isinstance(value, Signal) and value.samples.ndim == 2 and value.samples.dtype == np.float32
            and bool(np.isfinite(value.samples).all())
        )  # fmt: skip
    if kind is Kind.IMAGE:
        return isinstance(value, np.ndarray) and value.dtype == np.uint8 and value.ndim in (2, 3)
    return isinstance(value, str)


@pytest.mark.parametrize("name", list(readers.readers))
def test_a_good_file_gives_its_kind_and_writes_nothing(name, tmp_path):
    path = sample(name, tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    kind = readers.readers[name].kind
    assert is_of(kind, readers.read(kind, path)) and readers.kind_of(path) is kind
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before
    assert path in readers.files_of(path) and path.suffix in readers.suffixes(kind)


@pytest.mark.parametrize("name", SNIFFING)
def test_a_file_is_known_by_its_content(name, tmp_path):
    path = sample(name, tmp_path)
    other = path.with_name("scan.0001")
    path.rename(other)
    kind = readers.readers[name].kind
    assert readers.kind_of(other) is kind and is_of(kind, readers.read(kind, other))


@pytest.mark.parametrize("name", list(readers.readers))
@pytest.mark.parametrize("damage", ["empty", "begun", "half", "noise", "zeros", "flipped"])
def test_a_broken_file_is_a_clear_mistake(name, damage, tmp_path):
    path = sample(name, tmp_path)
    good, rng = path.read_bytes(), np.random.default_rng(1)
    flipped = bytearray(good)
    for at in rng.integers(0, len(good), 30):
        flipped[at] ^= 1 << int(rng.integers(8))
    path.write_bytes({
        "empty": b"", "begun": good[:20], "half": good[: len(good) // 2], "noise": rng.bytes(len(good)),
        "zeros": bytes(len(good)), "flipped": bytes(flipped),
    }[damage])  # fmt: skip
    kind = readers.readers[name].kind
    try:
        value = readers.read(kind, path)
    except MMError as error:
        assert error.message and error.hint and path.name in error.message
        assert isinstance(error, BadInput)
    else:  # what is left may be a whole value: half a text, a picture with a few other pixels
        assert is_of(kind, value) and damage not in ("noise", "zeros")


def test_an_upload_is_read_as_a_file_is(tmp_path):
    for name in SAMPLES:
        if name in ("wfdb",) or readers.readers[name].unavailable():
            continue
        (tmp_path / name).mkdir()
        path = SAMPLES[name](tmp_path / name)
        kind = readers.readers[name].kind
        a, b = readers.read(kind, path), readers.read_bytes(kind, path.name, path.read_bytes())
        assert np.array_equal(getattr(a, "samples", a), getattr(b, "samples", b))
