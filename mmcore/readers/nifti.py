"""NIfTI volumes, through nibabel: one slice across the body, the middle one."""

from __future__ import annotations

import gzip
import io
import math
import zlib

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.settings import _
from mmcore.base.values import Image, InputSpec, Kind
from mmcore.readers.base import Reader, readers
from mmcore.readers.deep_pixels import stretched

MAX_BYTES = 2**28  # of a volume after decompression
_MAGIC = (b"n+1\x00", b"n+2\x00")


@readers.register("nifti")
class Nifti(Reader):
    """NIfTI volume (NII, NII.GZ)."""

    kind = Kind.IMAGE
    suffixes = (".nii", ".nii.gz")

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        if head.startswith(b"\x1f\x8b"):
            try:
                head = zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(head, 512)
            except zlib.error:
                return False
        return head[344:348] in _MAGIC or head[4:8] in _MAGIC

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("nibabel")

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Image:
        """[H, W] uint8: the middle slice across the body (axial), head up or front up; the 0.5th and 99.5th percentiles
        become black and white. Which slice was taken is said."""
        import nibabel

        content = _inflated(data, filename)
        try:
            volume = nibabel.as_closest_canonical(nibabel.Nifti1Image.from_bytes(content))
            shape = volume.shape
            if len(shape) < 2 or min(shape) < 1:
                raise ValueError(f"shape {shape}")
            middle = shape[2] // 2 if len(shape) > 2 else 0
            index = (slice(None), slice(None), middle, *(0 for _axis in shape[3:]))[: len(shape)]
            plane = np.asarray(volume.dataobj[index], np.float64)
        except Exception as error:  # damaged headers make nibabel raise almost anything
            raise BadInput(
                _("{file} is damaged or not a NIfTI volume.").format(file=filename), _("Export it again.")
            ) from error
        if len(shape) > 2 and shape[2] > 1:
            self.remarks.append(
                _("{file} is a volume of {count} slices; the middle one (number {number}) is read.").format(
                    file=filename, count=shape[2], number=middle + 1
                )
            )
        if (volumes := math.prod(shape[3:])) > 1:
            self.remarks.append(
                _("{file} holds {count} volumes (moments or channels); only the first is read.").format(
                    file=filename, count=volumes
                )
            )
        return stretched(np.ascontiguousarray(np.rot90(plane)))


def _inflated(data: bytes, filename: str) -> bytes:
    """The bytes without their compression. Raises BadInput if they are damaged or would fill the memory."""
    if not data.startswith(b"\x1f\x8b"):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as file:
            content = file.read(MAX_BYTES + 1)
    except (OSError, EOFError, zlib.error) as error:
        raise BadInput(
            _("{file} is damaged: it cannot be decompressed.").format(file=filename), _("Copy it again.")
        ) from error
    if len(content) > MAX_BYTES:
        raise BadInput(
            _("{file} has more than {limit} MB when it is decompressed.").format(
                file=filename, limit=MAX_BYTES // 2**20
            ),
            _("Cut the volume, or store single slices as PNG."),
        )
    return content
