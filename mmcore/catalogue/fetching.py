"""Downloads through pooch: resumed where they stopped, checked by digest, and turned into a cohort folder."""

from __future__ import annotations

import hashlib
import shutil
import tarfile
import tempfile
import zipfile
from pathlib import Path
from urllib.parse import urlsplit

from mmcore.base.errors import BadInput, MMError, Unavailable
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _, room
from mmcore.catalogue.base import Download, PublicCohort, public_cohorts
from mmcore.cohorts.archive import unpack_into
from mmcore.storage.weights import download, offline

_MOST = 64 * 2**30  # bytes that come out of an archive


def get(name: str, out: str | Path, progress: Progress = silent) -> tuple[Path, list[str]]:
    """A public data set as a cohort folder, and what is to be said of its download.

    Raises NotFound for an unknown name, BadInput for a folder that holds something, Unavailable where it cannot be
    downloaded or is not what was published. progress may raise Cancelled; a later call goes on where this one stopped.
    """
    entry, out = public_cohorts.usable(name)(), Path(out).expanduser()
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise BadInput(_("{folder} is not an empty folder.").format(folder=out), _("Choose a new folder."))
    remarks: list[str] = []
    archives = [_fetched(entry, part, progress, remarks) for part in entry.downloads]
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".catalogue-", dir=out.parent) as work:
        raw, ready = Path(work) / "raw", Path(work) / "ready"
        for archive in archives:
            progress(Step(_("Unpacking {name}").format(name=archive.name), 0, 0))
            _unpack(archive, raw)
        progress(Step(_("Turning {name} into a cohort").format(name=entry.title), 0, 0))
        try:
            entry.write(raw, ready)
        except (FileNotFoundError, KeyError, ValueError) as error:
            raise Unavailable(
                _("'{name}' is not laid out as it was published ({reason}).").format(name=name, reason=error),
                _("See {home} for what changed.").format(home=entry.home),
            ) from error
        if out.exists():
            out.rmdir()
        shutil.move(ready, out)
    return out, remarks


def _fetched(entry: PublicCohort, part: Download, progress: Progress, remarks: list[str]) -> Path:
    import pooch

    pooch.get_logger().setLevel("WARNING")  # digests are pinned and said here

    place = room("cohorts") / "downloads" / entry.name
    place.mkdir(parents=True, exist_ok=True)
    pin = place / f"{part.name}.sha256"
    digest = part.sha256 or (pin.read_text().strip() if pin.is_file() else "")
    if offline() and not (place / part.name).is_file():
        raise Unavailable(
            _("'{title}' is not on this machine, and downloads are switched off (MMCORE_OFFLINE).").format(
                title=entry.title
            ),
            _("Connect to the network, or put {name} into {place}.").format(name=part.name, place=place),
        )

    def resumed(url: str, target: str, _pooch: object) -> None:
        half = place / f".{part.name}.part"
        download(url, half, part.name, True, progress)
        shutil.copyfile(half, target)
        half.unlink()

    try:
        path = Path(
            pooch.retrieve(part.url, f"sha256:{digest}" if digest else None, part.name, str(place), downloader=resumed)
        )
    except ValueError as error:  # pooch's word for another digest
        (place / part.name).unlink(missing_ok=True)
        raise Unavailable(
            _("{name} is not the file that was published, or that was downloaded here first.").format(name=part.name),
            _("Try again. If this happens again, {host} now serves another file; remove {pin} to accept it.").format(
                host=urlsplit(part.url).netloc, pin=pin
            ),
        ) from error
    except MMError:
        raise
    except Exception as error:  # whatever the network gives
        raise Unavailable(
            _("'{title}' cannot be downloaded from {host}: {reason}.").format(
                title=entry.title, host=urlsplit(part.url).netloc, reason=str(error)[:160].rstrip(".")
            ),
            _(
                "Check the network and try again; what was already downloaded is not lost. The data can also be "
                "found at {home}."
            ).format(home=entry.home),
        ) from error
    if not digest:
        with path.open("rb") as file:
            pin.write_text(hashlib.file_digest(file, "sha256").hexdigest())
        remarks.append(
            _(
                "{name} is published without a checksum, a number that shows whether a file was changed "
                "or damaged. The checksum of this first download is recorded, and later downloads must "
                "match it ({digest}…)."
            ).format(name=part.name, digest=pin.read_text()[:12])
        )
    return path


def _unpack(archive: Path, raw: Path) -> None:
    """Raises Unavailable for an archive that is damaged or reaches outside of itself."""
    raw.mkdir(parents=True, exist_ok=True)
    try:
        if zipfile.is_zipfile(archive):
            unpack_into(archive, raw, _MOST)
            for inner in list(raw.rglob("*.zip")):  # some publish zips in a zip
                unpack_into(inner, inner.parent, _MOST)
                inner.unlink()
        elif tarfile.is_tarfile(archive):
            with tarfile.open(archive) as file:
                file.extractall(raw, filter="data")
        else:
            shutil.copy(archive, raw / archive.name)
    except (OSError, EOFError, zipfile.BadZipFile, tarfile.TarError, RuntimeError) as error:
        # zipfile raises the last for what is encrypted, and for a compression it does not know
        raise Unavailable(
            _("{name} cannot be unpacked: {reason}.").format(name=archive.name, reason=str(error)[:160]),
            _("Remove {path} and try again.").format(path=archive),
        ) from error
