"""Plain text, in the encoding the file says or its letters suggest."""

from __future__ import annotations

import codecs

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind
from mmcore.readers.base import HEAD, Reader, readers
from mmcore.readers.encodings import binary_format, decode, may_be_utf7
from mmcore.readers.text_remarks import cut, guessed_encoding
from mmcore.readers.web_text import is_html, words_of


@readers.register("plain_text")
class PlainText(Reader):
    """Plain text."""

    kind = Kind.TEXT
    suffixes = (".txt", ".md", ".text", ".report")
    max_bytes = 4 * 2**20

    @classmethod
    def edition(cls, head: bytes) -> str:
        """4: more encodings than UTF-8, Chinese and Western European are guessed as well. h: without HTML's tags."""
        html = "h" if is_html(head.decode("latin-1")) else ""
        try:
            codecs.getincrementaldecoder("utf-8")().decode(head)  # the last letter may be cut
        except UnicodeDecodeError:
            return "4" + html
        return ("4" if may_be_utf7(head) or b"\x00" in head else "") + html

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> str:
        """The text, character for character, without a byte order mark. May be empty."""
        decoded = decode(data)
        if decoded is None:
            format = binary_format(data)
            message = (
                _("{file} is not text but a {format} file.")
                if format
                else _("{file} is not text: it holds binary content.")
            )
            raise BadInput(message.format(file=filename, format=format), _("Save it as plain text (.txt, UTF-8)."))
        if decoded.guessed:
            self.remarks.append(guessed_encoding(filename, decoded.guessed))
        text = decoded.text
        if is_html(text[:HEAD]):
            text = words_of(text)
            self.remarks.append(_("{file} is a web page (HTML); it is read without its tags.").format(file=filename))
        return cut(text, filename, self.remarks)

    def check_size(self, size: int, filename: str) -> None:
        if size:  # an empty note is a note
            super().check_size(size, filename)
