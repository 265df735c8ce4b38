"""What a reader is: one file format -> a value of one kind; and how the right one is found."""

from __future__ import annotations

from abc import ABC, abstractmethod
from pathlib import Path
from typing import ClassVar

from mmcore.base.errors import BadInput, MMError, Unavailable
from mmcore.base.name_lists import list_of
from mmcore.base.registry import Registry, why_unavailable
from mmcore.base.settings import _
from mmcore.base.values import Channel, InputSpec, Kind, Value
from mmcore.deidentification import deidentified

HEAD = 512  # bytes that are enough to tell a format

_POINTER = b"version https://git-lfs.github.com/spec/"


class Reader(ABC):
    """One file format. A subclass registers itself, states the class attributes and implements `read_bytes`."""

    name: ClassVar[str]  # set by the registry
    kind: ClassVar[Kind]
    suffixes: ClassVar[tuple[str, ...]]
    max_bytes: ClassVar[int] = 512 * 2**20

    def __init__(self) -> None:
        self.remarks: list[str] = []  # what was guessed or mended in reading, a sentence each

    @classmethod
    def sniff(cls, head: bytes) -> bool:
        """Whether a file that begins like this (HEAD bytes) may be of this format."""
        return False

    @classmethod
    def unavailable(cls) -> str | None:
        """None if usable here, else what to install."""
        return None

    @classmethod
    def example(cls) -> bytes | None:
        """A small file of the format, on which the contract of readers is tried; None where the tests have one."""
        return None

    @classmethod
    def files(cls, path: Path) -> list[Path]:
        """The files that together hold the value."""
        return [path]

    @classmethod
    def edition(cls, head: bytes) -> str:
        """Changes where this reader came to give other values for files that begin like this; part of their digest."""
        return ""

    @classmethod
    def channels(cls, path: Path) -> tuple[Channel, ...]:
        """Names and units of a signal's channels, read from the beginning of the file; empty where it does not say."""
        return ()

    @classmethod
    def identifiers(cls, path: Path) -> tuple[str, ...]:
        """What the header says of the person, as `identifiers_of` names it; the value is read without it."""
        return ()

    @abstractmethod
    def read_bytes(self, data: bytes, filename: str, spec: InputSpec | None) -> Value:
        """The value. Raises BadInput, which names the file, for anything that cannot be used."""

    def read(self, path: Path, spec: InputSpec | None) -> Value:
        """The value of a file. Raises BadInput, which names the file."""
        self.check_size(path.stat().st_size, shown(path))
        return self.read_bytes(path.read_bytes(), shown(path), spec)

    def check_size(self, size: int, filename: str) -> None:
        if size == 0:
            raise BadInput(
                _("{file} is empty (0 bytes).").format(file=filename), _("Export it again, or leave the input out.")
            )
        if size > self.max_bytes:
            raise BadInput(
                _("{file} has {size:.0f} MB, more than the {limit:.0f} MB {kind} may have.").format(
                    file=filename, size=size / 2**20, limit=self.max_bytes / 2**20, kind=_one_of(self.kind)
                ),
                _("Cut it or store it smaller."),
            )


def _one_of(kind: Kind) -> str:
    """A value of a kind, as sentences speak of it."""
    words = {Kind.IMAGE: _("an image"), Kind.TEXT: _("a text"), Kind.SIGNAL: _("a signal"), Kind.TABLE: _("a table")}
    return words[kind]


def shown(path: Path) -> str:
    """A file as messages name it: with its folder, without the whole way there."""
    return "/".join(path.parts[-2:])


readers: Registry[Reader] = Registry("file format", "mmcore.readers")


def suffixes(kind: Kind | None = None) -> tuple[str, ...]:
    """Suffixes of files that can be read here, with the dot: all, or those of one kind."""
    parts = [part for _name, part in readers.items() if kind in (None, part.kind) and not why_unavailable(part)]
    return tuple(dict.fromkeys(suffix for part in parts for suffix in part.suffixes))


def suffix_of(path: str | Path) -> str:
    """The suffix in small letters, with the dot; both of them where a format is called by two (.nii.gz)."""
    path = Path(path)
    if not path.suffix and path.name.startswith("."):
        return path.name.lower()
    double = "".join(path.suffixes[-2:]).lower()
    return double if double in _double_suffixes() else path.suffix.lower()


def _double_suffixes() -> set[str]:
    return {suffix for _name, part in readers.items() for suffix in part.suffixes if suffix.count(".") > 1}


def located(path: str | Path) -> Path | None:
    """The file a path means, or None. A record of two files (name.hea, name.dat) may be named without its suffix."""
    path = Path(path)
    if path.is_file():
        header = path.with_suffix(".hea")
        return header if path.suffix.lower() == ".dat" and header.is_file() else path
    header = path.with_name(path.name + ".hea") if path.name else path
    return header if header.is_file() else None


def kind_of(path_or_suffix: str | Path) -> Kind | None:
    """The kind of value a file holds, by its suffix, else by how it begins; None if no reader knows it."""
    path = Path(path_or_suffix)
    suffix = suffix_of(path)
    file = located(path)
    part = _by_suffix(suffix, _head(file) if file else b"")
    if part:
        return part.kind
    part = (_by_suffix(suffix_of(file)) or _by_content(_head(file))) if file else None
    return part.kind if part else None


def kind_of_bytes(filename: str, data: bytes) -> Kind | None:
    """As `kind_of`, for a file that is at hand: its name (or "") and its content."""
    part = _by_suffix(suffix_of(filename), data[:HEAD]) or _by_content(data[:HEAD])
    return part.kind if part else None


def edition_of(suffix: str, head: bytes) -> str:
    """What a file's digest holds besides its content; see `Reader.edition`."""
    part = _by_suffix(suffix.lower(), head) or _by_content(head)
    edition = part.edition(head) if part else ""
    return f".{edition}" if edition else ""


def files_of(path: Path) -> list[Path]:
    """The files that together hold the value at this path."""
    part = _by_suffix(suffix_of(path))
    return part.files(path) if part else [path]


def channels_of(path: Path) -> tuple[Channel, ...]:
    """Names and units of the channels of a signal file, without reading its samples; empty where it does not say."""
    if not path.is_file():
        return ()
    try:
        part = _by_suffix(suffix_of(path), _head(path), Kind.SIGNAL) or _by_content(_head(path), Kind.SIGNAL)
        return part.channels(path) if part and not why_unavailable(part) else ()
    except (OSError, MMError, ValueError):  # whatever is wrong with the file, reading it says so
        return ()


def read(kind: Kind | str, path: str | Path, spec: InputSpec | None = None, remarks: list[str] | None = None) -> Value:
    """The value of that kind in a file. Raises BadInput naming the file, Unavailable if its reader is not installed.

    spec: what the cohort says of the input (rate, unit and channel names of signals whose files do not say).
    remarks: list to which what was guessed or mended in reading is added, a sentence each.
    """
    path = Path(path)
    file = located(path)
    if file is None:
        raise BadInput(
            _("{file} does not exist.").format(file=shown(path)),
            _("Check the path; it is relative to the folder of the table."),
        )
    try:
        _refuse_pointer(_head(file), shown(file))
        reader = reader_for(kind, shown(file), _head(file))
        value = _without_identifiers(reader.read(file, spec), spec)
    except OSError as error:
        raise BadInput(
            _("{file} cannot be read: {reason}.").format(file=shown(file), reason=error.strerror or error),
            _("Check the file and its permissions."),
        ) from error
    if remarks is not None:
        remarks += reader.remarks
    return value


def read_bytes(
    kind: Kind | str, filename: str, data: bytes, spec: InputSpec | None = None, remarks: list[str] | None = None
) -> Value:
    """As `read`, for an upload: its name and its bytes."""
    _refuse_pointer(data[:HEAD], filename)
    reader = reader_for(kind, filename, data[:HEAD])
    reader.check_size(len(data), filename)
    value = _without_identifiers(reader.read_bytes(data, filename, spec), spec)
    if remarks is not None:
        remarks += reader.remarks
    return value


def _refuse_pointer(head: bytes, filename: str) -> None:
    """Raises BadInput for what a repository of data gives in place of a large file that was not fetched."""
    if head.startswith(_POINTER):
        raise BadInput(
            _("{file} is not the file itself, but a pointer of Git LFS to it.").format(file=filename),
            _("Download the files again, from the web page of the data or with a Git that has LFS."),
        )


def _without_identifiers(value: Value, spec: InputSpec | None) -> Value:
    """A text of an input that is de-identified goes no further as it is."""
    return deidentified(value).text if isinstance(value, str) and spec is not None and spec.deidentified else value


def identifiers_of(path: Path) -> tuple[str, ...]:
    """What the header of a file says of the person: "name", "birth date", "number", "date", "place", "text", "burnt
    in"; nothing of it is read with the value. Empty where there is nothing, or nobody looks."""
    try:
        head = _head(path)
        part = _by_suffix(suffix_of(path), head) or _by_content(head)
        return part.identifiers(path) if part and not part.unavailable() else ()
    except Exception:  # whatever is wrong with the file, reading it says so
        return ()


def reader_for(kind: Kind | str, filename: str, head: bytes = b"") -> Reader:
    """The reader for a file of this name that begins like this. Raises BadInput or Unavailable."""
    kind = Kind(kind)
    named = _by_suffix(suffix_of(filename), head, kind)
    part = named if named and named.kind is kind else _by_content(head, kind)
    if part is None:  # a format that several kinds share says itself what is wrong with this file
        part = next((part for part in _sharing(suffix_of(filename)) if part.kind is kind), None)
    if part is None and kind is Kind.TEXT and named is None:
        part = readers["plain_text"]
    if part is None:
        raise BadInput(
            _("{file} cannot be read as {kind}.").format(file=filename, kind=_one_of(kind)),
            _("Files that can be read: {suffixes}.").format(
                suffixes=list_of(suffixes(kind)) or _("none, only columns of the table")
            ),
        )
    if reason := why_unavailable(part):
        raise Unavailable(
            _("{file} cannot be read here: support for its format is not installed.").format(file=filename), reason
        )
    return part()


def _by_suffix(suffix: str, head: bytes = b"", kind: Kind | None = None) -> type[Reader] | None:
    """The reader of files with this suffix. Where several share it (DICOM, NPY), the content decides, then the kind,
    then the order of their names."""
    sharing = _sharing(suffix)
    if len(sharing) > 1:
        sharing.sort(key=lambda part: (not part.sniff(head), part.kind is not kind))
    return sharing[0] if sharing else None


def _sharing(suffix: str) -> list[type[Reader]]:
    return [part for _name, part in readers.items() if suffix and suffix in part.suffixes]


def _by_content(head: bytes, kind: Kind | None = None) -> type[Reader] | None:
    return next((part for _name, part in readers.items() if kind in (None, part.kind) and part.sniff(head)), None)


def _head(path: Path) -> bytes:
    if not path.is_file():  # a pipe would be waited for
        return b""
    with path.open("rb") as file:
        return file.read(HEAD)
