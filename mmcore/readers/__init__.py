"""Readers: bytes of one format -> a value of one kind."""

from mmcore.readers.base import (
    HEAD,
    Reader,
    channels_of,
    edition_of,
    files_of,
    identifiers_of,
    kind_of,
    kind_of_bytes,
    located,
    read,
    read_bytes,
    reader_for,
    readers,
    suffix_of,
    suffixes,
)  # fmt: skip

__all__ = [
    "HEAD", "Reader", "channels_of", "edition_of", "files_of", "identifiers_of", "kind_of", "kind_of_bytes", "located",
    "read", "read_bytes", "reader_for", "readers", "suffix_of", "suffixes",
]  # fmt: skip
