"""Readers: bytes of one format -> a value of one kind."""

from mmcore.readers.base import Reader, files_of, kind_of, located, read, read_bytes, reader_for, readers, suffixes

__all__ = ["Reader", "files_of", "kind_of", "located", "read", "read_bytes", "reader_for", "readers", "suffixes"]
