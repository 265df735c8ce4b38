"""Protects DICOM, NIfTI, EDF, MP3, OGG, NPZ, MAT, PDF and DOCX: values as stored, what is chosen is said, damage is
told."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest

from mmcore import readers
from mmcore.base.errors import BadInput
from mmcore.base.values import Kind, Signal
from tests.readers.made import dicom, docx, edf, mat, nifti, npz, pdf, sound

pydicom = pytest.importorskip("pydicom")
RATE = 100.0


def read(kind: Kind, name: str, data: bytes) -> tuple[object, list[str]]:
    remarks: list[str] = []
    return readers.read_bytes(kind, name, data, None, remarks), remarks


class TestDicom:
    def test_a_window_of_hounsfield_units(self):
        stored = np.array([[0, 1024], [1064, 3000]])  # -1024, 0, 40 and 1976 HU
        facts = {"RescaleSlope": 1, "RescaleIntercept": -1024, "WindowCenter": 40, "WindowWidth": 400}
        image, remarks = read(Kind.IMAGE, "ct.dcm", dicom(stored, **facts))
        assert image.dtype == np.uint8 and image[0, 0] == 0 and image[1, 1] == 255
        assert abs(int(image[1, 0]) - 128) <= 1 and abs(int(image[0, 1]) - (0.5 - 39.5 / 399) * 255) <= 1
        assert remarks == []

    def test_padding_is_black_and_no_part_of_the_range(self):
        ramp = np.arange(100, 164).reshape(8, 8)
        plain, _ = read(Kind.IMAGE, "a.dcm", dicom(ramp))
        padded, _ = read(Kind.IMAGE, "b.dcm", dicom(np.where(ramp < 116, 30000, ramp), PixelPaddingValue=30000))
        assert (padded[:2] == 0).all() and padded[7, 7] == 255 and len(np.unique(padded[2:])) > 40
        turned, _ = read(
            Kind.IMAGE, "c.dcm",
            dicom(np.where(ramp < 116, -9, ramp), PixelPaddingValue=-9, PhotometricInterpretation="MONOCHROME1"),
        )  # fmt: skip
        assert (turned[:2] == 0).all() and turned[2, 0] == 255 and plain[0, 0] == 0

    def test_windows_that_are_curves(self):
        ramp = np.arange(64).reshape(8, 8) * 10
        facts = {"WindowCenter": 320, "WindowWidth": 200}
        curve, _ = read(Kind.IMAGE, "a.dcm", dicom(ramp, VOILUTFunction="SIGMOID", **facts))
        assert abs(int(curve[4, 0]) - 128) <= 1 and abs(curve[5, 0] / 255 - 1 / (1 + np.exp(-1.6))) < 0.01

    def test_pixels_that_are_not_square_are_told(self):
        _, remarks = read(Kind.IMAGE, "a.dcm", dicom(np.arange(64).reshape(8, 8), PixelSpacing=[2.0, 1.0]))
        assert "not square (2 times" in remarks[0]

    def test_films_that_store_white_as_zero_are_turned(self):
        ramp = np.arange(64).reshape(8, 8) * 10
        facts = {"WindowCenter": 315, "WindowWidth": 630}
        plain, _ = read(Kind.IMAGE, "a.dcm", dicom(ramp, **facts))
        turned, _ = read(Kind.IMAGE, "b.dcm", dicom(ramp, PhotometricInterpretation="MONOCHROME1", **facts))
        assert np.array_equal(turned, 255 - plain)
        shape = {"PresentationLUTShape": "INVERSE", **facts}
        inverse, _ = read(Kind.IMAGE, "c.dcm", dicom(ramp, **shape))
        both, _ = read(Kind.IMAGE, "d.dcm", dicom(ramp, PhotometricInterpretation="MONOCHROME1", **shape))
        assert np.array_equal(inverse, turned) and np.array_equal(both, turned)

    def test_of_several_frames_the_middle_one_and_that_is_said(self):
        frames = np.stack([np.full((4, 4), value) for value in (0, 50, 100)])
        facts = {"WindowCenter": 50, "WindowWidth": 100}
        image, remarks = read(Kind.IMAGE, "us.dcm", dicom(frames, **facts))
        assert (abs(image.astype(int) - 128) <= 2).all() and "3 frames" in remarks[0] and "number 2" in remarks[0]

    def test_by_content_whatever_it_is_called(self, tmp_path):
        path = tmp_path / "IM0001"
        path.write_bytes(dicom(np.arange(16).reshape(4, 4)))
        assert readers.kind_of(path) is Kind.IMAGE and readers.read(Kind.IMAGE, path).shape == (4, 4)

    def test_the_ct_and_the_ecg_that_pydicom_ships(self):
        folder = Path(pydicom.__file__).parent / "data" / "test_files"
        assert readers.kind_of(folder / "CT_small.dcm") is Kind.IMAGE
        assert readers.read(Kind.IMAGE, folder / "CT_small.dcm").shape == (128, 128)
        assert readers.kind_of(folder / "waveform_ecg.dcm") is Kind.SIGNAL
        remarks: list[str] = []
        ecg = readers.read(Kind.SIGNAL, folder / "waveform_ecg.dcm", None, remarks)
        assert isinstance(ecg, Signal) and ecg.samples.shape == (12, 10000) and ecg.rate == 1000.0
        assert ecg.channel_names[:4] == ("I", "II", "III", "aVR") and ecg.unit == "µV" and "2 recordings" in remarks[0]
        source = pydicom.dcmread(folder / "waveform_ecg.dcm")
        assert np.allclose(ecg.samples, source.waveform_array(0).T)

    def test_compressed_images_are_those_they_were_made_from(self):
        folder = Path(pydicom.__file__).parent / "data" / "test_files"
        plain = readers.read(Kind.IMAGE, folder / "MR_small.dcm")
        for name in ("MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm"):
            assert np.array_equal(readers.read(Kind.IMAGE, folder / name), plain), name

    @pytest.mark.parametrize(
        "name", ["rtplan.dcm", "reportsi.dcm", "MR_truncated.dcm", "badVR.dcm", "nested_priv_SQ.dcm"]
    )
    def test_files_without_a_usable_picture_are_told(self, name):
        folder = Path(pydicom.__file__).parent / "data" / "test_files"
        with pytest.raises(BadInput, match=name):
            readers.read(Kind.IMAGE, folder / name)


class TestNifti:
    @pytest.fixture
    def volume(self) -> bytes:
        return nifti()

    @pytest.mark.parametrize("name", ["brain.nii", "brain.nii.gz"])
    def test_the_middle_slice_and_that_is_said(self, volume, name):
        data = gzip.compress(volume) if name.endswith("gz") else volume
        image, remarks = read(Kind.IMAGE, name, data)
        assert image.shape == (8, 6) and image[0, -1] == 255 and image[-1, 0] == 0
        assert "5 slices" in remarks[0] and "number 3" in remarks[0] and len(remarks) == 1

    def test_of_several_volumes_the_first_and_that_is_said(self):
        import nibabel

        values = np.zeros((6, 8, 5, 3), np.int16)
        values[:, :, 2] = np.arange(48).reshape(6, 8, 1) * [1, -1, -1]
        image, remarks = read(Kind.IMAGE, "fmri.nii", nibabel.Nifti1Image(values, np.eye(4)).to_bytes())
        assert image[0, -1] == 255 and "3 volumes" in remarks[1]

    def test_cut_off(self, volume):
        with pytest.raises(BadInput, match="brain"):
            read(Kind.IMAGE, "brain.nii", volume[:400])
        with pytest.raises(BadInput, match="brain"):
            read(Kind.IMAGE, "brain.nii.gz", gzip.compress(volume)[:-20])


class TestEdf:
    def test_channels_rate_and_unit(self):
        signal, remarks = read(Kind.SIGNAL, "night.edf", edf(("II", RATE, "mV"), ("V1", RATE, "mV")))
        assert signal.samples.shape == (2, 400) and signal.rate == RATE and signal.unit == "mV"
        assert signal.channel_names == ("II", "V1") and remarks == []
        assert np.allclose(signal.samples[0], np.sin(np.arange(400) / 5), atol=1e-3)

    def test_channels_of_another_rate_are_left_out_and_named(self):
        data = edf(("II", RATE, "mV"), ("V1", RATE, "mV"), ("SpO2", 1.0, "%"))
        signal, remarks = read(Kind.SIGNAL, "night.edf", data)
        assert signal.channel_names == ("II", "V1") and "SpO2" in remarks[0]

    def test_cut_off(self):
        with pytest.raises(BadInput, match="night"):
            read(Kind.SIGNAL, "night.edf", edf(("II", RATE, "mV"))[:200])
        _, remarks = read(Kind.SIGNAL, "night.edf", edf(("II", RATE, "mV"))[:-300])
        assert remarks == ["night.edf is cut off: 2 of its 4 data records are missing."]


@pytest.mark.parametrize(("name", "form"), [("beat.mp3", "MP3"), ("beat.ogg", "OGG")])
def test_compressed_sound_keeps_its_rate_and_says_that_it_lost_something(name, form):
    data = sound(form)
    signal, remarks = read(Kind.SIGNAL, name, data)
    assert signal.rate == 8000 and abs(signal.samples.shape[1] - 16000) < 3000 and "losses" in remarks[0]
    spectrum = np.abs(np.fft.rfft(signal.samples[0]))
    assert abs(np.argmax(spectrum) / signal.samples.shape[1] * 8000 - 200) < 3
    with pytest.raises(BadInput, match=name):
        read(Kind.SIGNAL, name, data[:20])


class TestArrays:
    @pytest.mark.parametrize("form", ["npz", "mat"])
    def test_the_recording_and_its_rate(self, form):
        samples = np.random.default_rng(0).normal(size=(500, 2))
        data = {"npz": npz, "mat": mat}[form](ecg=samples, fs=250.0, label=np.arange(3))
        signal, remarks = read(Kind.SIGNAL, f"a.{form}", data)
        assert signal.samples.shape == (2, 500) and signal.rate == 250.0
        assert np.allclose(signal.samples, samples.T, atol=1e-6) and "'ecg'" in remarks[0]

    @pytest.mark.parametrize("form", ["npz", "mat"])
    def test_one_without_a_recording_names_what_it_holds(self, form):
        with pytest.raises(BadInput, match="cube"):
            read(Kind.SIGNAL, f"a.{form}", {"npz": npz, "mat": mat}[form](cube=np.zeros((3, 4, 5))))

    def test_pickled_objects_are_never_read(self):
        with pytest.raises(BadInput, match=r"a\.npz"):
            read(Kind.SIGNAL, "a.npz", npz(x=np.array([{"a": 1}], object)))

    def test_a_small_file_that_would_fill_the_memory_is_refused(self):
        with pytest.raises(BadInput, match="decompressed"):
            read(Kind.SIGNAL, "a.npz", npz(x=np.zeros(140_000_000)))


class TestDocuments:
    def test_pdf(self):
        text, _remarks = read(Kind.TEXT, "report.pdf", pdf("No acute infarction."))
        assert text.strip() == "No acute infarction."

    def test_scanned_pages_are_told_from_text(self):
        with pytest.raises(BadInput, match="holds no text"):
            read(Kind.TEXT, "report.pdf", pdf(""))

    def test_docx_with_a_table(self):
        data = docx("Chest pain since morning.", row=("troponin", "12"))
        text, _remarks = read(Kind.TEXT, "note.docx", data)
        assert text == "Chest pain since morning.\ntroponin\t12"

    @pytest.mark.parametrize("name", ["report.pdf", "note.docx"])
    def test_damaged(self, name):
        with pytest.raises(BadInput, match=name):
            read(Kind.TEXT, name, b"%PDF-1.4\n%broken" if name.endswith("pdf") else b"PK\x03\x04broken")

    def test_what_is_too_long_to_be_read_is_told(self, monkeypatch):
        monkeypatch.setattr("mmcore.readers.text_remarks.MAX_CHARACTERS", 10)
        text, remarks = read(Kind.TEXT, "note.docx", docx("Chest pain since morning."))
        assert text == "Chest pain" and "25 characters" in remarks[0]
