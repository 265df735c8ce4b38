"""DICOM waveforms (ECG, heart sound, pressure), through pydicom: samples in their unit, channels by name."""

from __future__ import annotations

import re
import warnings
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.settings import _
from mmcore.base.values import Channel, InputSpec, Kind, Signal
from mmcore.readers.base import Reader, readers
from mmcore.readers.dicom_files import WAVEFORMS, dataset_of, identifiers_in, is_dicom
from mmcore.readers.signals import MAX_SAMPLES, signal_of

if TYPE_CHECKING:
    from pydicom import Dataset

_LEAD = re.compile(r"^lead\s+|\s*\(.*\)$", re.IGNORECASE)  # "Lead I (Einthoven)" is I
_UNITS = {"uV": "µV", "mV": "mV", "mm[Hg]": "mmHg"}


@readers.register("dicom_waveform")
class DicomWaveform(Reader):
    """DICOM waveform: ECG, heart sound, blood pressure."""

    kind = Kind.SIGNAL
    suffixes = (".dcm", ".dicom")

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        return is_dicom(head) and WAVEFORMS in head

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("pydicom")

    @classmethod
    def channels(cls, path: Path) -> tuple[Channel, ...]:
        group = _longest(dataset_of(path.read_bytes(), path.name))
        return () if group is None else tuple(_channel(item) for item in group.ChannelDefinitionSequence)

    @classmethod
    def identifiers(cls, path: Path) -> tuple[str, ...]:
        return identifiers_in(path)

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Signal:
        """[C, T] float32 in the file's unit, with its rate and names. Of several recordings in a file (rhythm, median
        beat) the longest is taken, and that is said."""
        dataset = dataset_of(data, filename)
        group = _longest(dataset)
        if group is None:
            raise BadInput(
                _("{file} is a DICOM file without a waveform.").format(file=filename),
                _("It may be an image: give it as one."),
            )
        groups = list(dataset.WaveformSequence)
        if len(groups) > 1:
            self.remarks.append(
                _("{file} holds {count} recordings; the longest one is read.").format(file=filename, count=len(groups))
            )
        count, channels = int(group.NumberOfWaveformSamples), int(group.NumberOfWaveformChannels)
        if count * channels > MAX_SAMPLES:
            raise BadInput(
                _("{file} claims {count} samples, more than can be read.").format(
                    file=filename, count=count * channels
                ),
                _("Cut it into pieces."),
            )
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                samples = np.asarray(dataset.waveform_array(groups.index(group)), np.float64).T
        except Exception as error:  # damaged files make pydicom raise almost anything
            raise BadInput(
                _("{file} is damaged: its waveform cannot be decoded.").format(file=filename),
                _("Export it again from the archive."),
            ) from error
        return signal_of(
            samples,
            filename,
            spec,
            remarks=self.remarks,
            rate_hz=float(group.SamplingFrequency),
            channels=[_channel(item) for item in group.ChannelDefinitionSequence],
        )


def _longest(dataset: Dataset) -> Dataset | None:
    """The recording with the most seconds, None if there is none."""
    groups = list(dataset.get("WaveformSequence") or [])
    usable = [g for g in groups if g.get("NumberOfWaveformSamples") and g.get("SamplingFrequency")]
    return max(usable, key=lambda g: int(g.NumberOfWaveformSamples) / float(g.SamplingFrequency), default=None)


def _channel(item: Dataset) -> Channel:
    source = item.get("ChannelSourceSequence")
    name = str(source[0].get("CodeMeaning", "")) if source else str(item.get("ChannelLabel", ""))
    units = item.get("ChannelSensitivityUnitsSequence")
    unit = str(units[0].get("CodeValue", "")) if units else ""
    return Channel(name=_LEAD.sub("", name).strip() or name, unit=_UNITS.get(unit, unit))
