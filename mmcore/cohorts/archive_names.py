"""Names of the files in a zip: older programs write them in the letters of their own country, and do not say which."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence

_HANGUL = re.compile("[\uac00-\ud7a3]{6,}")
_NO_NARROW_KANA = re.compile("[^\uff61-\uff9f]+")
_UTF8 = 0x800  # flag of a name in UTF-8; Python reads all others as cp437


def names_of(members: Sequence[zipfile.ZipInfo]) -> list[str]:
    """The name of each member, in the encoding that fits all of them."""
    raw = [b"" if member.flag_bits & _UTF8 else member.filename.encode("cp437", "replace") for member in members]
    beyond = b"\n".join(dict.fromkeys(name for name in raw if not name.isascii()))
    encoding = _encoding_of(beyond)
    return [
        name.decode(encoding, "replace") if not name.isascii() else member.filename
        for name, member in zip(raw, members, strict=True)
    ]


def _encoding_of(names: bytes) -> str:
    """By elimination: names are too short to weigh letters."""
    if _fits(names, "utf-8"):
        return "utf-8"
    if all(letter.isascii() or letter.isalpha() for letter in names.decode("cp437")):
        return "cp437"  # what two bytes a sign come out as holds lines and boxes
    if _fits(names, "euc_kr", _HANGUL):
        return "cp949"
    if _fits(names, "gb2312"):
        return "gb18030"
    if _fits(names, "cp932", _NO_NARROW_KANA):
        return "cp932"
    return "cp850"


def _fits(names: bytes, encoding: str, letters: re.Pattern[str] | None = None) -> bool:
    try:
        text = names.decode(encoding)
    except UnicodeDecodeError:
        return False
    return letters is None or bool(letters.fullmatch("".join(letter for letter in text if not letter.isascii())))
