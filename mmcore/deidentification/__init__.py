"""What tells who a case is, taken out of notes on request."""

from mmcore.deidentification.notes import VERSION, Deidentified, deidentified
from mmcore.deidentification.quality import QUALITY, Quality, stated

__all__ = ["QUALITY", "VERSION", "Deidentified", "Quality", "deidentified", "stated"]
