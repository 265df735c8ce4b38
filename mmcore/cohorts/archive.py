"""A zip that holds a cohort: unpacked once into the home folder, within limits and nowhere else."""

from __future__ import annotations

import hashlib
import lzma
import os
import shutil
import tempfile
import time
import zipfile
import zlib
from pathlib import Path, PurePosixPath

from mmcore.base.errors import BadInput
from mmcore.base.settings import _, room
from mmcore.cohorts.archive_names import names_of

MAX_BYTES, MAX_FILES = 8 * 2**30, 300_000  # of what comes out
_PIECE = 2**20
_DAMAGED = (  # RuntimeError: encrypted, or a compression that zipfile does not know
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, ValueError, OSError,
)  # fmt: skip
_UNUSED_S = 7 * 86400.0
_DEEPEST, _MOST_INSIDE = 3, 1_000  # zips within zips, and of one layer


def unpacked(path: Path) -> Path:
    """The folder with the content of a zip; the same zip is unpacked once, and goes a week after it was last opened.

    One that lies in the home folder itself, as uploads do, is unpacked beside itself: both go together.
    Raises BadInput for a file that is no zip, is damaged, encrypted or too large, or has files outside of itself.
    """
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=12)).hexdigest()
    home = room("cohorts")
    beside = path.resolve().is_relative_to(home.resolve())
    place = (path.parent if beside else home / "unpacked") / digest / path.stem
    if not beside:
        _sweep(home / "unpacked", but=digest)
    if not place.is_dir():
        place.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix="unpacking-", dir=place.parent))
        try:
            unpack_into(path, work)
            _unpack_inside(work)
            try:
                work.rename(place)
            except OSError:  # another process was faster
                if not place.is_dir():
                    raise
        except _DAMAGED as error:
            raise BadInput(
                _("{file} cannot be unpacked: {reason}.").format(file=path.name, reason=str(error).rstrip(".")[:160]),
                _("Zip the folder again, without a password."),
            ) from error
        finally:
            shutil.rmtree(work, ignore_errors=True)
    return _inner(place)


def _sweep(folder: Path, but: str) -> None:
    """Remove what nobody opened for long: it is a copy of somebody's data."""
    for old in folder.glob("*"):
        try:
            if old.name == but:
                os.utime(old)
            elif time.time() - old.stat().st_mtime > _UNUSED_S:
                shutil.rmtree(old, ignore_errors=True)
        except OSError:  # another process was faster
            continue


def unpack_into(path: Path, work: Path, most: int = 0) -> None:
    """Files of a zip below a folder; no more than `most` bytes (MAX_BYTES if 0). Raises BadInput."""
    most = most or MAX_BYTES
    with zipfile.ZipFile(path) as archive:
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MAX_FILES or sum(member.file_size for member in members) > most:
            raise BadInput(
                _("{file} unpacks to more than {gib} GB or {count} files.").format(
                    file=path.name, gib=most // 2**30, count=MAX_FILES
                ),
                _("Unpack it yourself, and open the folder."),
            )
        left = most
        for member, name in zip(members, names_of(members), strict=True):
            parts = PurePosixPath(name.replace("\\", "/")).parts
            if not parts or ".." in parts or parts[0] == "/" or ":" in parts[0]:
                raise BadInput(
                    _("{file} names a file that lies outside the archive, '{name}'.").format(
                        file=path.name, name=name[:80]
                    ),
                    _("Zip the folder again."),
                )
            if parts[0] == "__MACOSX" or any(part.startswith(".") for part in parts):
                continue
            target = work.joinpath(*parts)
            target.parent.mkdir(parents=True, exist_ok=True)
            with archive.open(member) as source, target.open("wb") as out:
                while piece := source.read(_PIECE):
                    left -= len(piece)
                    if left < 0:  # what the archive says of its sizes need not be true
                        raise BadInput(
                            _("{file} unpacks to more than the size it declares.").format(file=path.name),
                            _("Zip the folder again."),
                        )
                    out.write(piece)


def _unpack_inside(work: Path) -> None:
    """Zips in a zip become folders of their name, where nothing is called so yet."""
    for _depth in range(_DEEPEST):
        inside = [path for path in sorted(work.rglob("*.zip")) if path.is_file()]
        for path in inside[:_MOST_INSIDE]:
            place = path.with_suffix("")
            if place.exists():
                continue
            sizes = [file.stat().st_size for file in work.rglob("*") if file.is_file()]
            left = MAX_BYTES - sum(sizes)
            if left <= 0 or len(sizes) > MAX_FILES:
                raise BadInput(
                    _("{file} unpacks to more than {gib} GB or {count} files.").format(
                        file=path.name, gib=MAX_BYTES // 2**30, count=MAX_FILES
                    ),
                    _("Unpack it yourself, and open the folder."),
                )
            unpack_into(path, place, left)
            path.unlink()


def _inner(folder: Path) -> Path:
    """The only folder inside, as zips of a folder have it."""
    inside = list(folder.iterdir())
    if len(inside) == 1 and inside[0].suffix.lower() == ".zip":
        raise BadInput(
            _("{file} holds zips within zips within zips.").format(file=inside[0].name),
            _("Unpack it yourself, and open the folder."),
        )
    return _inner(inside[0]) if len(inside) == 1 and inside[0].is_dir() else folder
