"""Bytes -> text: UTF-8, or what a mark at the beginning says; else a guess by the letters that come out, and named."""

from __future__ import annotations

import codecs
import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

_FORMATS = {
    b"%PDF": "PDF",
    b"{\\rtf": "RTF",
    b"PK\x03\x04": "ZIP or Word",
    b"\xd0\xcf\x11\xe0": "Word",
    b"\x1f\x8b": "gzip",
}
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ESCAPES = {b"\x1b$B": "iso2022_jp", b"\x1b$@": "iso2022_jp", b"\x1b$)C": "iso2022_kr"}  # how letters are switched to
_CONTROLS = re.compile("[\x00-\x08\x0b\x0e-\x1a\x1c-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_UTF7 = re.compile(rb"\+[A-Za-z0-9/]{3,}-?")  # letters beyond ASCII, written in ASCII
_SINOGRAM = re.compile("[\u3000-\u30ff\u4e00-\u9fff\uff00-\uff65]")
_BEGINNING = 2**18  # bytes from which an encoding is guessed
_LOOKED = 3000  # characters beyond ASCII that are looked at

# Letters and signs that texts in a language mostly consist of, beyond ASCII. Where two encodings fit equally well, the
# first counts.
_SIGNS = "°µ²³±§–—“”„‘’…•€×·«»½¼"
_WIDE = "℃，。、；：（）「」《》！？％～"
_SIMPLIFIED = (
    "的一是不了在有人和无未为中大小上下左右正常见及性影双肺心部示病患者可后前增强高低度质血压痛胸腹肝胆肾脑结节叶清晰纹理"
    "音律齐术史呼吸平稳年月日天次水液少量软组织骨动脉管窦诊断检查报告胃肠气急发热咳嗽异明显余床片状密膈面光滑侧腔积男女龄岁别编号住院姓名阳阴白红细胞计数死亡糖尿癌"
)
_TRADITIONAL = (
    "的一是不了在有人和無未為中大小上下左右正常見及性影雙肺心部示病患者可後前增強高低度質血壓痛胸腹肝膽腎腦結節葉清晰紋理"
    "音律齊術史年月日天次水液少量軟組織骨動脈管竇診斷檢查報告胃腸氣急發熱咳嗽異明顯餘呼吸跳主訴床片狀側腔積沒右兩男女齡歲別編號病歷姓名陽陰白紅細胞死亡糖尿癌"
)
_KANA = "".join(map(chr, [*range(0x3041, 0x3097), *range(0x30A1, 0x30FD)]))
_KANJI = (
    "男女年齢歳性別患者番号氏名診断検査結果所見陽陰正常異無有肺心血圧体温糖尿数値月日病院症例転帰死亡生存治療薬術左右"
    "身長重脈拍球白赤小板既往歴喫煙飲酒内外科入退担当医師腫瘍癌炎熱痛良悪不明"
)
_HANGUL = (
    "이다는의에을를가은고하지도로한사기나자어서시해그보수있과아"  # the commonest syllables
    "일리대라인전정상부여주음없않환통증호흡심장폐안성제스게으만여"
)
_COMMON: dict[str, str] = {
    "gb18030": _SIMPLIFIED + _WIDE,
    "cp932": _KANA + _KANJI + _WIDE,
    "big5": _TRADITIONAL + _WIDE,
    "cp949": _HANGUL + _WIDE,
    "euc_jp": _KANA + _KANJI + _WIDE,
    "cp1252": "äöüßéèàçñåøæïêâîôûíóáúãõ" + "ÄÖÜÉÅØÁÍÓÚÑÇ" + _SIGNS,
    "cp1250": "ąćęłńóśźżčďěňřšťůžýáíéúőűöüäăâîđ" + "ŁŚŻČŘŠŽÁÍÉÖÜ" + _SIGNS,
    "cp1251": "оеаинтсрвлкмдпуязыьбгчйхжшю" + _SIGNS,
    "cp1253": "αοιετσνηυρπκμλςόέήίάύώωδγθχφβ" + _SIGNS,
    "cp1254": "ığşçöüİĞŞÇÖÜâ" + _SIGNS,
    "koi8_r": "оеаинтсрвлкмдпуязыьбгчйхжшю",
    "cp866": "оеаинтсрвлкмдпуязыьбгчйхжшю",
    "iso8859_2": "ąćęłńóśźżčďěňřšťůžýáíéúőűöüäăâîđ" + "ŁŚŻČŘŠŽÁÍÉÖÜ" + _SIGNS,
    "cp1255": "אבגדהוזחטיכלמנסעפצקרשתםןךףץ" + _SIGNS,
    "cp1256": "ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإئؤآء،؟" + _SIGNS,
    "cp850": "äöüßéèàçñåêâîôûæøÄÖÜÉÅ",
    "mac_roman": "äöüßéèàçñåêâîôûæøíóáÄÖÜÉÅ" + _SIGNS,
    "cp874": "ารนกอเงมยลวดทสตะปบคหแจพชขใไโ่้ิีัาุู็ำ์ผณึืซญถ",
}
# The letters of every day stand first in the standards of two bytes: codec, and first bytes of those letters.
_EVERYDAY = {
    "gb18030": ("gb2312", 0xB0, 0xD7), "cp932": ("cp932", 0x88, 0x97), "big5": ("big5", 0xA4, 0xC6),
    "euc_jp": ("euc_jp", 0xB0, 0xCF), "cp949": ("euc_kr", 0xB0, 0xC8),
}  # fmt: skip
_LETTERS = frozenset("".join(_COMMON.values())) | frozenset("".join(_COMMON.values()).upper())
_RARE = 0.3  # what a letter counts that is none of the common ones
_WIDE_SHARE = 0.5  # of the characters of a text in two bytes each that are common letters
_SINOGRAMS, _COMMON_SINOGRAMS = 0.95, 0.3  # the same of Chinese and Japanese, and how many of them are common
_UTF7_LETTERS = 3  # letters written in ASCII that are no chance
_NAMES = {
    "gb18030": "GB18030", "cp932": "Shift-JIS", "big5": "Big5", "cp949": "EUC-KR", "euc_jp": "EUC-JP",
    "cp1252": "Windows-1252 (Western European)", "cp1250": "Windows-1250 (Central European)",
    "cp1251": "Windows-1251 (Cyrillic)", "cp1253": "Windows-1253 (Greek)", "cp1254": "Windows-1254 (Turkish)",
    "cp1255": "Windows-1255 (Hebrew)", "cp1256": "Windows-1256 (Arabic)", "cp866": "DOS 866 (Cyrillic)",
    "iso8859_2": "ISO 8859-2 (Central European)", "iso2022_jp": "ISO-2022-JP", "iso2022_kr": "ISO-2022-KR",
    "koi8_r": "KOI8-R", "cp874": "Windows-874 (Thai)", "latin-1": "ISO 8859-1", "cp850": "DOS 850 (Western European)",
    "mac_roman": "Mac Roman",
    "utf-16-le": "UTF-16", "utf-16-be": "UTF-16", "utf-32-le": "UTF-32", "utf-32-be": "UTF-32",
}  # fmt: skip


@dataclass(frozen=True)
class Decoded:
    """text: without a byte order mark. guessed: name of the encoding where nothing in the bytes says it, else ""."""

    text: str
    guessed: str = ""


def binary_format(data: bytes) -> str | None:
    """The name of a format that is not plain text, by how the bytes begin."""
    return next((name for magic, name in _FORMATS.items() if data.startswith(magic)), None)


def decode(data: bytes) -> Decoded | None:
    """Bytes as text, or None if they hold none."""
    if binary_format(data):
        return None
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            text = _if_text(_decoded(data, encoding))
            return None if text is None else Decoded(text)
    escaped = next((name for mark, name in _ESCAPES.items() if mark in data[:_BEGINNING]), None)
    if escaped and (text := _if_text(_decoded(data, escaped))) is not None:
        return Decoded(text, _NAMES[escaped])
    if (text := _utf7(data)) is not None:
        return Decoded(text, "UTF-7")
    text = _if_text(_decoded(data, "utf-8"))
    if text is not None:
        return Decoded(text)
    guessed = _guess(data)
    return None if guessed is None else Decoded(guessed[1], _NAMES[guessed[0]])


def _guess(data: bytes) -> tuple[str, str] | None:
    """The encoding whose text consists most of common letters of its languages, and the text."""
    if (wide := _guess_wide(data)) is not None or b"\x00" in data:  # that is in no text of single bytes
        return wide
    scores = {name: _likeness(text, name) for name in _COMMON if (text := _begun(data, name)) is not None}
    likely = sorted((name for name in scores if scores[name] > 0), key=lambda name: -scores[name])
    for name in (*likely, "cp1252", "latin-1"):  # of all the text only now: it may be long
        text = _if_text(_decoded(data, name))
        if text is not None:
            return name, text
    return None


def _guess_wide(data: bytes) -> tuple[str, str] | None:
    """UTF-16 or UTF-32 that does not say so: the reading with most letters of a text, None where none is one."""
    best, most = None, 0.0
    for name in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"):
        text = _if_text(_decoded(data, name))
        if not text:
            continue
        letters = text[:_LOOKED]
        plain = sum(letter < "\x80" for letter in letters) / len(letters)
        share = plain + sum(letter >= "\x80" and letter in _LETTERS for letter in letters) / len(letters)
        sinograms = plain + len(_SINOGRAM.findall(letters)) / len(letters)
        mostly_common = share >= _WIDE_SHARE and b"\x00" in data
        if (mostly_common or (sinograms >= _SINOGRAMS and share >= _COMMON_SINOGRAMS)) and max(share, sinograms) > most:
            best, most = (name, text), max(share, sinograms)
    return best


def may_be_utf7(data: bytes) -> bool:
    """Whether there is anything that could be a letter written in ASCII."""
    return data.isascii() and bool(_UTF7.search(data))


def _utf7(data: bytes) -> str | None:
    """The text of UTF-7, None where what looks like it is no sequence of letters of a language."""
    if not may_be_utf7(data):
        return None
    text = _decoded(data, "utf-7")
    letters = [letter for letter in text or "" if letter >= "\x80"]
    common = sum(letter in _LETTERS or bool(_SINOGRAM.match(letter)) for letter in letters)
    return text if len(letters) >= _UTF7_LETTERS and common > 0.9 * len(letters) else None


def _begun(data: bytes, encoding: str) -> str | None:
    """The beginning of the text in this encoding; None if it is none."""
    try:
        return _if_text(codecs.getincrementaldecoder(encoding)().decode(data[:_BEGINNING], len(data) <= _BEGINNING))
    except UnicodeDecodeError:
        return None


def _likeness(text: str, encoding: str) -> float:
    """Mean over the bytes beyond ASCII: 1 for a common letter, less for a rare one, below 0 for what no text holds."""
    common, total, size = set(_COMMON[encoding]), 0.0, 0
    wide = encoding in _EVERYDAY
    for match in itertools.islice(re.finditer(r"[^\x00-\x7f]", text), _LOOKED):
        at, letter = match.start(), match.group()
        weight = 2 if wide else 1  # a wide letter stands for two bytes
        before, after = text[at - 1 : at], text[at + 1 : at + 2]
        size += weight
        plausible = _plausible(letter, before, after, common, wide)
        total += weight * (_of_every_day(letter, encoding) if plausible == _RARE and wide else plausible)
    return total / size if size else 0.0


def _plausible(letter: str, before: str, after: str, common: set[str], wide: bool) -> float:
    if not letter.isprintable() or "\uff61" <= letter <= "\uff9f" or unicodedata.category(letter) in ("Co", "Cn"):
        return -1.0
    if not letter.isalnum() and letter not in common:
        return 0.0
    if not letter.isalpha() and before.isalpha() and after.isalpha():  # a sign in the middle of a word
        return -1.0 if not wide else 0.0
    if (letter.isupper() and before.islower()) or (not wide and letter.islower() and after.isupper()):
        return -0.5
    foreign = (
        not wide and letter.isalpha() and letter not in _SIGNS and not unicodedata.name(letter, "").startswith("LATIN")
    )
    if not wide and _accented(before) and _accented(letter) and _accented(after):
        return -0.5  # no word has three in a row
    if not wide and (_mixes(letter, before) or _mixes(letter, after)):
        return -1.0
    if foreign and ((before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())):
        return -1.0  # one Greek or Cyrillic letter in a Western word
    if unicodedata.category(letter) == "Mn" and not before.strip():
        return -1.0  # a mark with nothing below it
    if wide and ((before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())):
        return 0.0  # an accented letter in a Western word and its neighbour look like one Chinese letter
    if letter in common or letter.lower() in common or (wide and "\uff01" <= letter <= "\uff5a"):
        return 1.0
    return _RARE


def _accented(letter: str) -> bool:
    return letter >= "\x80" and letter.isalpha() and unicodedata.name(letter, "").startswith("LATIN")


def _mixes(letter: str, neighbour: str) -> bool:
    """Whether a word goes on in another script, as none does: an Arabic letter beside an accented Latin one."""
    return (
        neighbour >= "\x80"
        and letter.isalpha()
        and neighbour.isalpha()
        and unicodedata.name(letter, "").split(" ")[0] != unicodedata.name(neighbour, "").split(" ")[0]
    )


@lru_cache(maxsize=2**14)
def _of_every_day(letter: str, encoding: str) -> float:
    """0.8 for a letter of every day in an encoding of two bytes, less for one that is seldom written."""
    codec, first, last = _EVERYDAY[encoding]
    try:
        return 0.8 if first <= letter.encode(codec)[0] <= last else 0.3
    except UnicodeEncodeError:
        return 0.1


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError:
        return None


def _if_text(text: str | None) -> str | None:
    if text is None or "\x00" in text:
        return None
    return text if len(_CONTROLS.findall(text)) <= len(text) / 200 else None
