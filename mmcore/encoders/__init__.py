"""Encoders: values of one kind -> tokens. One file per encoder, in image/, text/, signal/, table/."""

from mmcore.encoders.base import DEFAULTS, Encoder, encoders, make

__all__ = ["DEFAULTS", "Encoder", "encoders", "make"]
