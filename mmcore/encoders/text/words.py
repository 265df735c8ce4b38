"""Where the words of a text lie, whatever its script, and the form under which a word is known again."""

from __future__ import annotations

import hashlib
import logging
import re
import unicodedata
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from mmcore.base.errors import Unavailable
from mmcore.base.modules import missing_packages
from mmcore.base.settings import _, room, write_whole
from mmcore.encoders.loading import once

if TYPE_CHECKING:
    from jieba import Tokenizer

Spot = tuple[int, int]  # characters start..end of a text

# Numbers with their point or comma, words with inner hyphens and apostrophes, single marks.
WORD = re.compile(r"\d+(?:[.,]\d+)*|\w+(?:[-'’]\w+)*|[^\w\s]")
# "doesn't" holds a negation of its own, "patient's" a word that is known without its ending.
ENDING = re.compile(r"(?<=\w)(?:n['’]t|['’](?:s|re|ve|ll|d|m))$", re.IGNORECASE)
HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f]")
# Kana, Thai, Lao, Burmese, Khmer: written without spaces, and not segmented here.
UNSPACED = re.compile(r"[\u3040-\u30ff\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff]")


def words(text: str) -> list[Spot]:
    """Words, numbers and single marks of a text, in order. What is written in Chinese characters is cut by jieba.

    Raises Unavailable for a Chinese text where jieba is not installed.
    """
    spots: list[Spot] = []
    for match in WORD.finditer(text):
        start, end = match.span()
        if HAN.search(match.group()):
            spots += _chinese(match.group(), start)
            continue
        ending = ENDING.search(match.group())
        middle = start + ending.start() if ending else end
        spots += [(start, middle), (middle, end)] if ending else [(start, end)]
    return spots


def form(word: str) -> str:
    """The word in small letters, full-width letters and curly apostrophes made plain."""
    return unicodedata.normalize("NFKC", word).lower().replace("’", "'")


def written_without_spaces(text: str) -> bool:
    """True if most letters belong to a script without spaces between words, Chinese aside."""
    letters = sum(character.isalpha() for character in text)
    return len(UNSPACED.findall(text)) > letters / 2 > 0


def _chinese(text: str, start: int) -> list[Spot]:
    spots = []
    for word in segmenter().lcut(text):
        spots.append((start, start + len(word)))
        start += len(word)
    return spots


@once
def segmenter() -> Tokenizer:
    """jieba's tokenizer with its own dictionary (MIT), its prepared form kept in this program's home."""
    absent = missing_packages("jieba")
    if absent:
        raise Unavailable(_("Chinese text is cut into words by jieba, which is not installed."), absent)
    import jieba

    jieba.setLogLevel(logging.WARNING)
    tokenizer = jieba.Tokenizer()
    prepared = room("weights") / "jieba.cache"
    tokenizer.tmp_dir = str(prepared.parent)  # by default a file in /tmp that anyone could have put there
    with suppress(OSError):
        if not _is_whole(prepared):  # a flipped bit would cut words in other places, without an error
            prepared.unlink(missing_ok=True)
    tokenizer.initialize()
    with suppress(OSError):  # another process is at it, or nothing can be written: then it is prepared anew
        if not _is_whole(prepared):
            write_whole(_seal(prepared), _digest(prepared))
    return tokenizer


def _is_whole(prepared: Path) -> bool:
    return _seal(prepared).is_file() and _seal(prepared).read_bytes() == _digest(prepared)


def _seal(prepared: Path) -> Path:
    return prepared.with_name(f"{prepared.name}.digest")


def _digest(prepared: Path) -> bytes:
    return hashlib.blake2b(prepared.read_bytes(), digest_size=16).digest()
