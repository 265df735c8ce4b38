"""WAV and FLAC recordings, through libsndfile."""

from __future__ import annotations

import io

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers
from mmcore.readers.signals import MAX_SAMPLES, signal_of


@readers.register("sound")
class Sound(Reader):
    """WAV, FLAC."""

    kind = Kind.SIGNAL
    suffixes = (".wav", ".flac")

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        return (head.startswith(b"RIFF") and head[8:12] == b"WAVE") or head.startswith(b"fLaC")

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("soundfile")

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        """[C, T] float32; integer formats lie within -1..1. The file's own rate counts."""
        import soundfile

        try:
            with soundfile.SoundFile(io.BytesIO(data)) as file:
                declared, rate = file.frames * file.channels, file.samplerate
                samples = file.read(dtype="float32", always_2d=True) if declared <= MAX_SAMPLES else None
                short = samples is not None and samples.size < declared
        except Exception as error:  # damaged headers make libsndfile's wrapper raise almost anything
            raise BadInput(
                _("{file} is damaged or not a WAV or FLAC recording.").format(file=filename),
                _("Export it again as WAV."),
            ) from error
        if samples is None:
            raise BadInput(
                _("{file} claims {count} samples, more than can be read.").format(file=filename, count=declared),
                _("Cut it into pieces."),
            )
        if short or _wav_is_short(data):
            raise BadInput(
                _("{file} is cut off: it is shorter than its header says.").format(file=filename), _("Copy it again.")
            )
        return signal_of(samples.T, filename, spec, remarks=self.remarks, rate_hz=float(rate))


def _wav_is_short(data: bytes) -> bool:
    """Whether a WAV's data chunk ends beyond the file; libsndfile passes over that in silence."""
    at = 12
    while data.startswith(b"RIFF") and at + 8 <= len(data):
        size = int.from_bytes(data[at + 4 : at + 8], "little")
        if data[at : at + 4] == b"data":
            return size < 0xFFFFFF00 and at + 8 + size > len(data)  # near 4 GiB: written as a stream, length unknown
        at += 8 + size + size % 2
    return False
