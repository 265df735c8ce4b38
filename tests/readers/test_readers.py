"""Protects: every format gives the value it should, and no file, however broken, gives anything but a clear error."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from mmcore import readers
from mmcore.base.errors import BadInput, MMError
from mmcore.base.values import InputSpec, Kind, Signal

SPEC = InputSpec(name="ecg", kind=Kind.SIGNAL, columns=("ecg",), rate_hz=100.0, unit="mV")
pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")
FUZZ = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def png(array: np.ndarray, mode: str | None = None, format: str = "PNG") -> bytes:
    out = io.BytesIO()
    picture = Image.fromarray(array)
    (picture.convert(mode) if mode else picture).save(out, format=format)
    return out.getvalue()


def npy(array: np.ndarray) -> bytes:
    out = io.BytesIO()
    np.save(out, array, allow_pickle=True)
    return out.getvalue()


def wav(samples: np.ndarray, rate: int = 8000, format: str = "WAV", subtype: str = "PCM_16") -> bytes:
    import soundfile

    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=format, subtype=subtype)
    return out.getvalue()


def test_suffix_tells_the_kind():
    assert readers.kind_of(".PNG") is Kind.IMAGE
    assert readers.kind_of("a/b.txt") is Kind.TEXT
    assert readers.kind_of("b.wav") is Kind.SIGNAL
    assert readers.kind_of("b.xyz") is None
    assert {".png", ".jpg"} <= set(readers.suffixes(Kind.IMAGE))
    both = set(readers.suffixes(Kind.IMAGE)) & set(readers.suffixes(Kind.SIGNAL))
    assert both == {".dcm", ".dicom", ".npy", ".npz"}, "of these the content decides"


def test_content_tells_the_kind_where_the_suffix_does_not(tmp_path):
    (tmp_path / "scan.0001").write_bytes(png(np.zeros((4, 4), np.uint8)))
    assert readers.kind_of(tmp_path / "scan.0001") is Kind.IMAGE
    assert readers.read("image", tmp_path / "scan.0001").shape == (4, 4)


GREY = np.arange(48, dtype=np.uint8).reshape(6, 8) * 5
COLOUR = np.dstack([GREY, GREY[::-1], GREY // 2])


def test_grey_and_colour_pictures_come_back_as_they_were():
    assert np.array_equal(readers.read_bytes("image", "a.png", png(GREY)), GREY)
    assert np.array_equal(readers.read_bytes("image", "a.bmp", png(COLOUR, format="BMP")), COLOUR)
    assert np.array_equal(readers.read_bytes("image", "a.tiff", png(COLOUR, format="TIFF")), COLOUR)
    assert readers.read_bytes("image", "a.jpg", png(COLOUR, format="JPEG")).shape == (6, 8, 3)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_every_mode_gives_uint8_of_two_shapes(mode):
    value = readers.read_bytes("image", "a.tif", png(COLOUR, mode, "TIFF"))
    assert value.dtype == np.uint8 and value.shape in [(6, 8), (6, 8, 3)] and value.flags.writeable


def test_transparency_is_laid_on_white():
    clear = np.zeros((4, 4, 4), np.uint8)
    clear[0, 0] = (10, 20, 30, 255)
    value = readers.read_bytes("image", "a.png", png(clear))
    assert tuple(value[0, 0]) == (10, 20, 30) and tuple(value[3, 3]) == (255, 255, 255)


@pytest.mark.parametrize("low, high", [(0, 4095), (1000, 1400), (0, 65535)])
def test_sixteen_bits_use_the_whole_range(low, high):
    deep = np.linspace(low, high, 64 * 64).reshape(64, 64).astype(np.uint16)
    value = readers.read_bytes("image", "a.png", png(deep))
    assert value.dtype == np.uint8 and value.min() == 0 and value.max() == 255
    assert (np.diff(value.ravel().astype(int)) >= 0).all()


def test_an_even_sixteen_bit_picture_is_black():
    assert not readers.read_bytes("image", "a.png", png(np.full((8, 8), 700, np.uint16))).any()


@pytest.mark.parametrize(
    "data, text",
    [
        ("no chest pain, 38 °C".encode(), "no chest pain, 38 °C"),
        ("\ufeffmarked".encode(), "marked"),
        ("患者无胸痛，心率正常。".encode("gb18030"), "患者无胸痛，心率正常。"),
        ("Größe verändert, späte R-Progression".encode("latin-1"), "Größe verändert, späte R-Progression"),
        ("“quoted” – naïve".encode("cp1252"), "“quoted” – naïve"),
        ("zwei Welten".encode("utf-16"), "zwei Welten"),
        (b"", ""),
        (b"line\r\nline\n", "line\r\nline\n"),
    ],
)
def test_text_in_many_encodings(data, text):
    assert readers.read_bytes("text", "note.txt", data) == text


@pytest.mark.parametrize("data", [b"%PDF-1.4 ...", b"PK\x03\x04rest", bytes(range(256)), b"a\x00b", png(GREY)])
def test_binary_is_not_text(data):
    with pytest.raises(BadInput, match=r"note\.txt is not text"):
        readers.read_bytes("text", "note.txt", data)


def test_npy_turns_its_longer_axis_to_time():
    wave = np.random.default_rng(0).normal(size=(3, 50))
    for array in (wave, wave.T, wave.astype(">f8"), np.asfortranarray(wave)):
        signal = readers.read_bytes("signal", "a.npy", npy(array), SPEC)
        assert np.allclose(signal.samples, wave) and signal.samples.dtype == np.float32
        assert (signal.rate_hz, signal.unit) == (100.0, "mV")
    assert readers.read_bytes("signal", "a.npy", npy(wave[0].astype("int16"))).samples.shape == (1, 50)


@pytest.mark.parametrize(
    "array",
    [
        np.zeros((2, 3, 4)),
        np.array(3.0),
        np.zeros((0, 5)),
        np.array(["a"]),
        np.zeros(3, complex),
        np.array([{}], dtype=object),
    ],
)
def test_npy_that_is_no_signal(array):
    with pytest.raises(BadInput, match=r"a\.npy"):
        readers.read_bytes("signal", "a.npy", npy(array))


def test_npy_whose_header_claims_too_much_allocates_nothing():
    out = io.BytesIO()
    np.lib.format.write_array_header_1_0(out, {"descr": "<f8", "fortran_order": False, "shape": (10**14,)})
    with pytest.raises(BadInput, match=r"a\.npy is cut off"):
        readers.read_bytes("signal", "a.npy", out.getvalue() + bytes(80))


def test_samples_that_are_not_finite_are_counted():
    array = np.zeros((2, 100))
    array[1, 5:28] = np.nan
    array[0, 0] = np.inf
    with pytest.raises(BadInput, match=r"a\.npy: 24 of 200 samples"):
        readers.read_bytes("signal", "a.npy", npy(array))


@pytest.mark.parametrize("format", ["WAV", "FLAC"])
def test_sound_brings_its_own_rate(format):
    samples = np.sin(np.arange(400) / 9)[:, None] * [0.5, 0.25]
    voice = SPEC.model_copy(update={"name": "voice"})
    signal = readers.read_bytes("signal", f"a.{format.lower()}", wav(samples, format=format), voice)
    assert signal.rate_hz == 8000 and signal.samples.shape == (2, 400)
    assert np.allclose(signal.samples, samples.T, atol=1e-4)


def test_sound_cut_off_says_so():
    for format in ("WAV", "FLAC"):
        data = wav(np.random.default_rng(0).normal(size=4000) * 0.1, format=format)
        with pytest.raises(BadInput, match=r"cut off|damaged"):
            readers.read_bytes("signal", f"a.{format.lower()}", data[: len(data) // 2])


def test_csv_signal_with_time_and_names():
    text = "time_ms;I;V2\n" + "\n".join(f"{4 * i};{i};{-i}" for i in range(20))
    signal = readers.read_bytes("signal", "a.csv", text.encode())
    assert signal.rate_hz == 250 and signal.channel_names == ("I", "V2") and signal.samples[1, 3] == -3


def test_csv_signal_without_header_takes_rate_from_the_spec():
    signal = readers.read_bytes("signal", "a.csv", b"1,2\n3,4\n5,6\n", SPEC)
    assert signal.samples.tolist() == [[1, 3, 5], [2, 4, 6]] and signal.rate_hz == 100 and signal.channel_names == ()


@pytest.mark.parametrize(
    "text, says",
    [
        ("t,x\n0,1\n1,2\n7,3\n", "rise evenly"),
        ("x\n1\nabc\n", "'abc' in column 'x', sample 2"),
        ("x\n1\n\n2\nnan\n", "not finite"),
        ("x\n", "no samples"),
        ("x,y\n1,2\n1,2,3\n", "table"),
    ],
)
def test_csv_signal_with_a_mistake(text, says):
    with pytest.raises(BadInput, match=says) as caught:
        readers.read_bytes("signal", "a.csv", text.encode())
    assert "a.csv" in str(caught.value) and caught.value.hint


def test_wfdb_record_in_two_files(tmp_path):
    wfdb = pytest.importorskip("wfdb")
    wave = np.sin(np.arange(200) / 7)[:, None] * [1.0, 0.5]
    wfdb.wrsamp(
        "r1", fs=125, units=["mV", "mV"], sig_name=["I", "II"], p_signal=wave, fmt=["16", "16"], write_dir=str(tmp_path)
    )
    for path in (tmp_path / "r1.hea", tmp_path / "r1"):
        signal = readers.read("signal", path)
        assert signal.rate_hz == 125 and signal.unit == "mV" and signal.channel_names == ("I", "II")
        assert np.allclose(signal.samples, wave.T, atol=1e-3)
    assert [file.name for file in readers.files_of(tmp_path / "r1.hea")] == ["r1.hea", "r1.dat"]
    (tmp_path / "r1.dat").unlink()
    with pytest.raises(BadInput, match=r"r1\.hea"):
        readers.read("signal", tmp_path / "r1.hea")


def test_wrong_kind_says_what_can_be_read():
    with pytest.raises(BadInput, match=r"a\.txt cannot be read as an image.*\.png"):
        readers.read_bytes("image", "a.txt", b"hello")
    with pytest.raises(BadInput, match=r"a\.png cannot be read as a signal"):
        readers.read_bytes("signal", "a.png", png(GREY))
    with pytest.raises(BadInput, match="table"):
        readers.read_bytes("table", "a.csv", b"a\n1")


def test_size_is_guarded(tmp_path, monkeypatch):
    with pytest.raises(BadInput, match="0 bytes"):
        readers.read_bytes("image", "a.png", b"")
    monkeypatch.setattr(readers.readers["raster"], "max_bytes", 10)
    (tmp_path / "a.png").write_bytes(png(GREY))
    with pytest.raises(BadInput, match=r"a\.png has .* MB an image may have"):
        readers.read("image", tmp_path / "a.png")
    with pytest.raises(BadInput, match="does not exist"):
        readers.read("image", tmp_path / "b.png")


WHOLE = {
    "image": {
        "a.png": png(COLOUR),
        "a.jpg": png(COLOUR, format="JPEG"),
        "a.tif": png(COLOUR, format="TIFF"),
        "a.bmp": png(GREY, format="BMP"),
    },
    "signal": {
        "a.npy": npy(np.ones((2, 40))),
        "a.wav": wav(np.zeros((50, 2))),
        "a.flac": wav(np.zeros((50, 1)), format="FLAC"),
        "a.csv": b"time,x\n0,1\n1,2\n2,3\n",
    },
    "text": {"a.txt": "größer\n中文".encode()},
}
FILES = [(kind, name, data) for kind, files in WHOLE.items() for name, data in files.items()]


def check_value(kind: str, name: str, data: bytes) -> None:
    """A value as promised, or an error that names the file and says what to do."""
    try:
        value = readers.read_bytes(kind, name, data, SPEC)
    except MMError as error:
        assert name in error.message and error.hint and "\n" not in error.message
        return
    if kind == "image":
        assert value.dtype == np.uint8 and value.ndim in (2, 3)
    elif kind == "text":
        assert isinstance(value, str)
    else:
        assert (
            isinstance(value, Signal)
            and value.samples.ndim == 2
            and np.isfinite(value.samples).all()
            and value.samples.size
        )


@FUZZ
@given(file=st.sampled_from(FILES), data=st.binary(max_size=400))
def test_any_bytes(file, data):
    check_value(file[0], file[1], data)


@FUZZ
@given(file=st.sampled_from(FILES), share=st.floats(0, 1))
def test_truncated_files(file, share):
    kind, name, data = file
    check_value(kind, name, data[: int(share * len(data))])


@settings(FUZZ, max_examples=150)
@given(
    file=st.sampled_from(FILES),
    changes=st.lists(st.tuples(st.integers(0, 10_000), st.binary(min_size=1, max_size=4)), min_size=1, max_size=4),
)
def test_files_with_some_bytes_changed(file, changes):
    kind, name, data = file
    data = bytearray(data)
    for at, new in changes:
        at %= len(data)
        data[at : at + len(new)] = new
    check_value(kind, name, bytes(data))
