"""WFDB records (PhysioNet): a header NAME.hea with its data files beside it, through the `wfdb` package."""

from __future__ import annotations

from pathlib import Path

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers, shown
from mmcore.readers.signals import signal_of


@readers.register("wfdb")
class Wfdb(Reader):
    """WFDB record (HEA with DAT)."""

    kind = Kind.SIGNAL
    suffixes = (".hea",)

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("wfdb")

    @classmethod
    def files(cls, path: Path) -> list[Path]:
        """The header and the data files it names in its own folder."""
        lines = [
            line.split()
            for line in path.read_text(errors="replace").splitlines()[1:]
            if line.strip() and not line.startswith("#")
        ]
        named = dict.fromkeys(path.parent / Path(line[0]).name for line in lines)
        return [path, *(file for file in named if file.is_file())]

    def read(self, path: Path, spec: InputSpec | None) -> Signal:
        """[C, T] float32 in the physical unit of the header, with its rate and names."""
        import wfdb

        for file in self.files(path):
            self.check_size(file.stat().st_size, shown(file))
        try:
            record = wfdb.rdrecord(str(path.with_suffix("").resolve()))
            samples = record.p_signal.T
        except Exception as error:  # damaged headers make wfdb raise almost anything
            raise BadInput(
                _("{file} is damaged, or its data file is missing or cut off.").format(file=shown(path)),
                _("Keep NAME.hea and NAME.dat together, as they were published."),
            ) from error
        units = set(record.units or [])
        return signal_of(
            samples,
            shown(path),
            spec,
            rate_hz=float(record.fs),
            names=tuple(record.sig_name or ()),
            unit=units.pop() if len(units) == 1 else "",
        )

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        raise BadInput(
            _("{file} is only the header of a record; its samples are in another file.").format(file=filename),
            _("Upload the signal as WAV, NPY or CSV, or open the folder that holds the record."),
        )
