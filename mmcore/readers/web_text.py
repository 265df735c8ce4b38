"""The words of a web page: what a browser shows of it, a line for each paragraph and each row of a table."""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BEGINS = re.compile(
    r"\ufeff?(?:\u00ef\u00bb\u00bf)?\s*(?:<\?xml[^>]*>\s*)?<(?:!doctype\s+html|html|head|body|div|p|table)\b[^>]*>",
    re.I,
)
_NOT_SHOWN = {"script", "style", "head", "title", "template"}
_LINES = {"p", "div", "br", "tr", "li", "h1", "h2", "h3", "h4", "h5", "h6", "table", "section", "article", "hr", "pre"}


def is_html(head: str) -> bool:
    """Whether a text that begins like this is a web page."""
    return bool(_BEGINS.match(head))


def words_of(text: str) -> str:
    """The text without tags, scripts and styles. Cells of a row are divided by tabs."""
    parser = _Words()
    parser.feed(text)
    parser.close()
    lines = (re.sub(r"[ \r\f\v]+", " ", line).strip() for line in "".join(parser.parts).split("\n"))
    return "\n".join(line for line in lines if line)


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[str] = []
        self._hidden: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _NOT_SHOWN:
            self._hidden.append(tag)
        elif tag == "body":  # an end that was forgotten hides no page
            self._hidden.clear()
        self.parts.append("\n" if tag in _LINES else "\t" if tag in ("td", "th") else "")

    def handle_endtag(self, tag: str) -> None:
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif tag in _LINES:
            self.parts.append("\n")

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.parts.append(data)
