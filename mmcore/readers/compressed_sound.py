"""MP3 and OGG recordings, through libsndfile."""

from __future__ import annotations

import io

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers
from mmcore.readers.signals import MAX_SAMPLES, signal_of


@readers.register("compressed_sound")
class CompressedSound(Reader):
    """MP3, OGG."""

    kind = Kind.SIGNAL
    suffixes = (".mp3", ".ogg", ".oga", ".opus")

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        return head.startswith((b"OggS", b"ID3")) or (head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xf3", b"\xf2"))

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("soundfile")

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        """[C, T] float32 within about -1..1, at the file's own rate. That sound was compressed with losses is said."""
        import soundfile

        try:
            with soundfile.SoundFile(io.BytesIO(data)) as file:
                rate = float(file.samplerate)
                samples = file.read(MAX_SAMPLES // file.channels + 1, dtype="float32", always_2d=True)
        except Exception as error:  # damaged headers make libsndfile's wrapper raise almost anything
            raise BadInput(
                _("{file} is damaged or not an MP3 or OGG recording.").format(file=filename),
                _("Export it again as WAV."),
            ) from error
        if samples.size > MAX_SAMPLES:
            raise BadInput(
                _("{file} holds more sound than can be read at once.").format(file=filename), _("Cut it into pieces.")
            )
        self.remarks.append(
            _("{file} was compressed with losses: frequencies that the ear does not need may be gone.").format(
                file=filename
            )
        )
        return signal_of(samples.T, filename, spec, remarks=self.remarks, rate_hz=rate)
