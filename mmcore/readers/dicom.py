"""DICOM images, through pydicom: windowed as the file asks, one frame; nothing of its header goes further."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from mmcore.base.errors import BadInput, MMError
from mmcore.base.modules import missing_packages
from mmcore.base.settings import _
from mmcore.base.values import Image, InputSpec, Kind
from mmcore.readers.base import Reader, readers
from mmcore.readers.deep_pixels import stretched
from mmcore.readers.dicom_files import WAVEFORMS, dataset_of, identifiers_in, is_dicom

if TYPE_CHECKING:
    from pydicom import Dataset

MAX_PIXELS = 24_000_000  # of one frame
_SQUARE = 0.01  # by which a pixel may be higher than wide


@readers.register("dicom")
class Dicom(Reader):
    """DICOM image (CT, MR, X-ray, ultrasound); compressed ones, too."""

    kind = Kind.IMAGE
    suffixes = (".dcm", ".dicom")

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        return is_dicom(head) and WAVEFORMS not in head

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("pydicom")

    @classmethod
    def identifiers(cls, path: Path) -> tuple[str, ...]:
        return identifiers_in(path)

    @classmethod
    def edition(cls, head: bytes) -> str:
        """3: padding is left out of the range that is shown, windows need not be linear, and INVERSE is turned."""
        return "3"

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Image:
        """[H, W] uint8 for grey images, [H, W, 3] for coloured ones.

        Numbers are rescaled (Hounsfield units in a CT) and windowed as the file asks; without a window the 0.5th and
        99.5th percentiles become black and white; padding is black. MONOCHROME1 is turned so that bone is bright. Of
        several frames the middle one is taken, and that is said.
        """
        dataset = dataset_of(data, filename)
        if "PixelData" not in dataset or not all(_first(dataset.get(name)) for name in ("Rows", "Columns")):
            raise BadInput(
                _("{file} is a DICOM file without a picture ({what}).").format(
                    file=filename, what=dataset.get("Modality") or dataset.get("SOPClassUID", "?")
                ),
                _("Give the image series itself, not a report, plan or segmentation of it."),
            )
        if int(dataset.Rows) * int(dataset.Columns) > MAX_PIXELS:
            raise BadInput(
                _("{file} has more than {limit} million pixels a frame.").format(
                    file=filename, limit=MAX_PIXELS // 10**6
                ),
                _("Store it at a lower resolution."),
            )
        frames = int(_first(dataset.get("NumberOfFrames")) or 1)
        if frames > 1:
            self.remarks.append(
                _("{file} holds {count} frames; the middle one (number {number}) is read.").format(
                    file=filename, count=frames, number=frames // 2 + 1
                )
            )
        if (ratio := _aspect(dataset)) is not None:
            self.remarks.append(
                _(
                    "{file}: its pixels are not square ({ratio:.2g} times as high as wide); they are shown as squares."
                ).format(file=filename, ratio=ratio)
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                return _pixels(dataset, frames // 2)
        except MMError:
            raise
        except Exception as error:  # decoders raise almost anything for damaged or rare compressions
            raise BadInput(
                _("{file} cannot be decoded here ({compression}: {reason}).").format(
                    file=filename,
                    compression=getattr(dataset.file_meta.TransferSyntaxUID, "name", "?"),
                    reason=(str(error).splitlines() or [type(error).__name__])[0][:160],
                ),
                _("Export it uncompressed (Explicit VR Little Endian), or as PNG."),
            ) from error


def _pixels(dataset: Dataset, frame: int) -> Image:
    from pydicom.pixels import apply_color_lut, apply_modality_lut, pixel_array

    photometric = str(dataset.get("PhotometricInterpretation", "MONOCHROME2"))
    pixels = pixel_array(dataset, index=frame)
    if photometric == "PALETTE COLOR":
        pixels = apply_color_lut(pixels, dataset)
        return (pixels // 256 if pixels.dtype == np.uint16 else pixels).astype(np.uint8)
    if pixels.ndim == 3:
        return pixels[..., :3] if pixels.dtype == np.uint8 else stretched(pixels[..., :3])
    padding = _padding(dataset, pixels)
    grey = _windowed(dataset, np.asarray(apply_modality_lut(pixels, dataset)), padding)
    if (photometric == "MONOCHROME1") != _inverse(dataset, photometric):
        grey = 255 - grey
    grey[padding] = 0
    return grey


def _padding(dataset: Dataset, pixels: np.ndarray) -> np.ndarray:
    """[H, W] bool: pixels outside of what was recorded (DICOM PS3.3, C.7.5.1.1.2); none if all of them would be."""
    value, limit = (_first(dataset.get(name)) for name in ("PixelPaddingValue", "PixelPaddingRangeLimit"))
    if value is None:
        return np.zeros(pixels.shape, bool)
    ends = sorted((value, value if limit is None else limit))
    outside = (pixels >= ends[0]) & (pixels <= ends[1])
    return outside if not outside.all() else np.zeros(pixels.shape, bool)


def _aspect(dataset: Dataset) -> float | None:
    """Height of a pixel over its width, None where they are the same or nobody says."""
    for name in ("PixelAspectRatio", "PixelSpacing", "ImagerPixelSpacing"):
        sizes = dataset.get(name)
        if sizes and len(sizes) == 2:
            high, wide = _first([sizes[0]]), _first([sizes[1]])
            if high and wide and high > 0 and wide > 0:
                return high / wide if abs(high / wide - 1) > _SQUARE else None
    return None


def _inverse(dataset: Dataset, photometric: str) -> bool:
    """Whether the file wants its values shown the other way round than its pixels are meant (PS3.3, C.11.6).

    MONOCHROME1 comes with INVERSE as a rule: both say one thing.
    """
    return photometric != "MONOCHROME1" and str(dataset.get("PresentationLUTShape") or "").upper() == "INVERSE"


def _windowed(dataset: Dataset, values: np.ndarray, padding: np.ndarray) -> Image:
    """Values [H, W] in the range that the file wants shown (DICOM PS3.3, C.11.2.1.2), the first window of several."""
    from pydicom.pixels import apply_voi_lut

    if dataset.get("VOILUTSequence"):
        table = dataset.VOILUTSequence[0]
        top = 2 ** int(table.LUTDescriptor[2]) - 1
        return np.clip(apply_voi_lut(values, dataset, prefer_lut=True) / top * 255 + 0.5, 0, 255).astype(np.uint8)
    width, centre = (_first(dataset.get(name)) for name in ("WindowWidth", "WindowCenter"))
    if width is None or centre is None or width < 1:
        return stretched(np.where(padding, values[~padding].min(), values)) if padding.any() else stretched(values)
    function = str(dataset.get("VOILUTFunction") or "LINEAR").upper()
    if function in ("SIGMOID", "LINEAR_EXACT"):
        from_centre = (values - centre) / width
        share = (
            from_centre + 0.5 if function == "LINEAR_EXACT" else 1 / (1 + np.exp(np.clip(-4 * from_centre, -60, 60)))
        )
        return np.clip(share * 255 + 0.5, 0, 255).astype(np.uint8)
    share = (values - (centre - 0.5)) / max(width - 1, 1e-9) + 0.5
    return np.clip(share * 255 + 0.5, 0, 255).astype(np.uint8)


def _first(value: object) -> float | None:
    """A number, or the first of several; None where there is none."""
    try:
        first: Any = value[0] if isinstance(value, Sequence) and not isinstance(value, str) else value
        return float(first)
    except (TypeError, ValueError, IndexError):
        return None
