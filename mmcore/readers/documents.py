"""Text of PDF and Word documents, through pypdf and python-docx."""

from __future__ import annotations

import io
import logging
import zipfile
from typing import Any

from mmcore.base.errors import BadInput
from mmcore.base.modules import missing_packages
from mmcore.base.settings import _
from mmcore.base.values import InputSpec, Kind
from mmcore.readers.base import Reader, readers
from mmcore.readers.text_remarks import cut
from mmcore.readers.word_text import lines_of

MAX_PAGES, MAX_BYTES = 200, 64 * 2**20


@readers.register("pdf")
class Pdf(Reader):
    """PDF with text in it."""

    kind = Kind.TEXT
    suffixes = (".pdf",)
    max_bytes = 64 * 2**20

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        return head.startswith(b"%PDF")

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("pypdf")

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> str:
        """The text of all pages, in order. Raises BadInput for a locked file, and for one of scanned pages."""
        import pypdf

        logging.getLogger("pypdf").setLevel(logging.ERROR)  # it tells of every oddity it mends
        try:
            document = pypdf.PdfReader(io.BytesIO(data))
            if document.is_encrypted and not document.decrypt(""):
                raise BadInput(
                    _("{file} is locked with a password.").format(file=filename), _("Save it without one, as text.")
                )
            pages = len(document.pages)
            text = "\n\n".join(page.extract_text() for page in document.pages[:MAX_PAGES])
        except BadInput:
            raise
        except Exception as error:  # damaged files make pypdf raise almost anything
            raise BadInput(
                _("{file} is damaged or not a PDF.").format(file=filename), _("Save it again, or as plain text.")
            ) from error
        if pages > MAX_PAGES:
            self.remarks.append(
                _("{file} has {count} pages; the first {limit} are read.").format(
                    file=filename, count=pages, limit=MAX_PAGES
                )
            )
        if not text.strip():
            raise BadInput(
                _("{file} holds pictures of text, but no text.").format(file=filename),
                _("Run it through text recognition (OCR), or give the text itself."),
            )
        return cut(text, filename, self.remarks)


@readers.register("docx")
class Docx(Reader):
    """Word document (DOCX)."""

    kind = Kind.TEXT
    suffixes = (".docx",)
    max_bytes = 64 * 2**20

    @classmethod
    def unavailable(cls) -> str | None:
        return missing_packages("docx")

    @classmethod
    def edition(cls, head: bytes) -> str:
        """2: merged cells come once; tables within tables, text boxes and tracked changes are read."""
        return "2"

    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> str:
        """Paragraphs and table cells, in the order of the document; what is not read of it is said."""
        import docx

        try:
            with zipfile.ZipFile(io.BytesIO(data)) as archive:
                if sum(entry.file_size for entry in archive.infolist()) > MAX_BYTES:
                    raise BadInput(
                        _("{file} has more than {limit} MB when it is decompressed.").format(
                            file=filename, limit=MAX_BYTES // 2**20
                        ),
                        _("Save it as plain text."),
                    )
            document = docx.Document(io.BytesIO(data))
            lines = lines_of(document.element.body, self.remarks, filename)
            self._tell_margins(document, filename)
        except BadInput:
            raise
        except Exception as error:  # damaged files make the parser raise almost anything
            raise BadInput(
                _("{file} is damaged or not a Word document.").format(file=filename),
                _("Save it again, or as plain text."),
            ) from error
        return cut("\n".join(lines), filename, self.remarks)

    def _tell_margins(self, document: Any, filename: str) -> None:
        """Headers and footers are not read: they name the person and the hospital. That they are there is told."""
        margins = [part for section in document.sections for part in (section.header, section.footer)]
        margins = [part for part in margins if not part.is_linked_to_previous]
        if any(paragraph.text.strip() for part in margins for paragraph in part.paragraphs):
            self.remarks.append(
                _("{file} holds headers or footers of pages, of which nothing is read.").format(file=filename)
            )
