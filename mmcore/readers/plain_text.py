"""Plain text: UTF-8, UTF-16 with a mark, GB18030 (Chinese), else Western European single bytes."""

from __future__ import annotations

import codecs
import re

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind
from mmcore.readers.base import Reader, readers

_FORMATS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"PK\x03\x04": "ZIP or Word",
    b"\xd0\xcf\x11\xe0": "Word",
    b"\x1f\x8b": "gzip",
}
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")


@readers.register("plain_text")
class PlainText(Reader):
    """Plain text."""

    kind = Kind.TEXT
    suffixes = (".txt", ".md", ".text", ".report")
    max_bytes = 4 * 2**20

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> str:
        """The text, character for character, without a byte order mark. May be empty."""
        text = decode(data, filename)
        if text is None:
            known = next((name for magic, name in _FORMATS.items() if data.startswith(magic)), None)
            message = (
                _("{file} is not text but a {format} file.")
                if known
                else _("{file} is not text: it holds binary content.")
            )
            raise BadInput(message.format(file=filename, format=known), _("Save it as plain text (.txt, UTF-8)."))
        return text

    def check_size(self, size: int, filename: str) -> None:
        if size:  # an empty note is a note
            super().check_size(size, filename)


def decode(data: bytes, filename: str = "") -> str | None:
    """Bytes as text, or None if they hold none."""
    if data.startswith(tuple(_FORMATS)):
        return None
    for mark, encoding in (
        (codecs.BOM_UTF8, "utf-8-sig"),
        (codecs.BOM_UTF16_LE, "utf-16"),
        (codecs.BOM_UTF16_BE, "utf-16"),
    ):
        if data.startswith(mark):
            return _if_text(_decoded(data, encoding))
    for encoding in ("utf-8", "gb18030" if _in_pairs(data) else "cp1252", "latin-1"):
        text = _if_text(_decoded(data, encoding))
        if text is not None:
            return text
    return None


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _if_text(text: str | None) -> str | None:
    if text is None or "\x00" in text:
        return None
    return text if len(_CONTROLS.findall(text)) <= len(text) / 200 else None


def _in_pairs(data: bytes) -> bool:
    """Whether bytes above 127 stand in fours and more, as in Chinese words; accented letters stand alone or in twos."""
    runs = [len(run) for run in re.findall(rb"[\x80-\xff]+", data)]
    return sum(run for run in runs if run >= 4) > 0.5 * sum(runs)
