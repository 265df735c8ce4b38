"""How much is read of a text of any format, and what is said of one that was cut or guessed."""

from __future__ import annotations

from mmcore.base.settings import _

MAX_CHARACTERS = 200_000  # that are read of a text


def cut(text: str, name: str, remarks: list[str] | None) -> str:
    """The text, no longer than can be read; what is left out is said in `remarks`. name: of its file or case."""
    if len(text) > MAX_CHARACTERS and remarks is not None:
        remarks.append(
            _("{file} holds {count:,} characters; the first {limit:,} are read.").format(
                file=name, count=len(text), limit=MAX_CHARACTERS
            )
        )
    return text[:MAX_CHARACTERS]


def guessed_encoding(filename: str, encoding: str) -> str:
    """The sentence on a file that does not say in which encoding it is written."""
    return _(
        "{file} is not UTF-8 and does not say how it is encoded; it was read as {encoding}, a guess by its letters."
    ).format(file=filename, encoding=encoding)
