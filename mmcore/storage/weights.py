"""Weights of published networks: downloaded once into the home folder, checked, never half-written.

MMCORE_OFFLINE=1 asks nobody. MMCORE_MIRROR (https://..., http://... or a folder) stands in for the hosts that weights
come from: below it lie the same paths as at the host. Some weights are published without a digest; those are never
fetched over plain http from another machine, since nobody could tell if they were changed on the way.
"""

from __future__ import annotations

import hashlib
import os
from http.client import HTTPException
from ipaddress import ip_address
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

from filelock import FileLock

from mmcore.base.errors import Unavailable
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _, room
from mmcore.storage.hosts import answers

_CHUNK = 1 << 20  # bytes read at once
_PATIENCE = 20.0  # seconds a host may say nothing during a download


def offline() -> bool:
    """Whether downloads are switched off (MMCORE_OFFLINE)."""
    return os.environ.get("MMCORE_OFFLINE", "").strip().lower() not in ("", "0", "false", "no")


def fetched(url: str, name: str, *, sha256: str = "", progress: Progress = silent) -> Path:
    """The file `name` in the weights folder, downloaded from `url` if it is not there yet.

    sha256: digest or its beginning; with it, a download that was cut short goes on where it stopped. progress counts
    bytes and may raise Cancelled. Several threads and processes may ask at once: one downloads, the others wait.
    Raises Unavailable if it cannot be had or is damaged; then there is no file of that name. Without a digest, plain
    http is refused unless it stays on this machine.
    """
    path = room("weights") / name
    if path.is_file() and _is_whole(path, sha256):
        return path
    if offline():
        raise Unavailable(_missing(name), _remedy(name))
    if not sha256 and _open_to_all(_source(url)):
        raise Unavailable(_unproven(name, _source(url)), _safer(name))
    with FileLock(path.with_name(f".{name}.lock")):
        if not (path.is_file() and _is_whole(path, sha256)):
            part = path.with_name(f".{name}.part")
            try:
                download(_source(url), part, name, bool(sha256), progress)
                _check(part, name, sha256)
                _pin(part, path, sha256)
                part.replace(path)
            except (OSError, HTTPException) as error:
                raise Unavailable(
                    _("'{name}' cannot be downloaded from {host}: {reason}.").format(
                        name=name, host=_host(_source(url)), reason=str(error).rstrip(".")
                    ),
                    _remedy(name),
                ) from error
            finally:
                if not sha256:
                    part.unlink(missing_ok=True)
    return path


def obstacle(url: str, name: str, *, sha256: str = "") -> str | None:
    """None if `fetched` is likely to have it (it is there, or its host answers), else the reason and what to do.

    Takes a second at most.
    """
    if (room("weights") / name).is_file():
        return None
    if offline():
        return f"{_missing(name)} {_remedy(name)}"
    source = _source(url)
    if not sha256 and _open_to_all(source):
        return f"{_unproven(name, source)} {_safer(name)}"
    if answers(source):
        return None
    reason = _("The weights '{name}' are not on this machine and {host} cannot be reached.")
    return f"{reason.format(name=name, host=_host(source))} {_remedy(name)}"


def download(source: str, part: Path, name: str, resume: bool, progress: Progress) -> None:
    """Write the file at `source` to `part`. Raises OSError or HTTPException, also if it ends too early."""
    have = part.stat().st_size if resume and part.is_file() else 0
    request = Request(source, headers={"Range": f"bytes={have}-"} if have else {})
    try:
        answer = urlopen(request, timeout=_PATIENCE)
    except HTTPError as error:
        if not have or error.code != 416:  # 416: nothing lies beyond what we have, so that is not this file
            raise
        part.unlink()
        return download(source, part, name, False, progress)
    with answer:
        if have and not answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            have = 0  # this host sends files whole
        length = answer.headers.get("Content-Length")
        total = have + int(length) if length else 0
        label = _("Downloading {name} ({size} MB)") if total else _("Downloading {name}")
        label = label.format(name=name, size=-(-total // 10**6))
        with part.open("ab" if have else "wb") as file:
            progress(Step(label, have, max(total, have)))
            while chunk := answer.read(_CHUNK):
                file.write(chunk)
                have += len(chunk)
                progress(Step(label, have, max(total, have)))
    if have < total:
        raise OSError(_("only {have} of {total} bytes arrived").format(have=have, total=total))


def _check(part: Path, name: str, sha256: str) -> None:
    """Raises Unavailable, after deleting it, if the file is not the one that was published."""
    if not sha256:
        return
    with part.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if not digest.startswith(sha256.lower()):
        part.unlink()
        raise Unavailable(
            _("The download of '{name}' is damaged: its SHA-256 begins with {actual}, not with {expected}.").format(
                name=name, actual=digest[: len(sha256)], expected=sha256
            ),
            _("Try again. If it happens again, the host or mirror holds another file."),
        )


_checked: dict[Path, tuple[int, int, str]] = {}  # size, time of change and expected digest when it was seen right


def _is_whole(path: Path, sha256: str) -> bool:
    """Whether a file in the weights folder has the digest it was published with, or had when it was first downloaded.

    Looked at once, and again when it has changed. A file that somebody put there and that nobody published a digest of
    is taken as it is. Raises Unavailable for one that is damaged and cannot be downloaded anew.
    """
    pin = _pinned(path)
    expected = sha256.lower() or (pin.read_text().strip() if pin.is_file() else "")
    now = path.stat()
    if not expected or _checked.get(path) == (now.st_size, now.st_mtime_ns, expected):
        return True
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest.startswith(expected):
        _checked[path] = now.st_size, now.st_mtime_ns, expected
        return True
    if offline():
        raise Unavailable(
            _("The weights '{name}' are damaged: their SHA-256 begins with {digest}, not with {expected}.").format(
                name=path.name, digest=digest[:8], expected=expected[:8]
            ),
            _("Remove {path}, and put the right file there.").format(path=path),
        )
    return False


def _pin(part: Path, path: Path, sha256: str) -> None:
    """Of a file that was published without a digest, remember the one it came with."""
    if not sha256:
        with part.open("rb") as file:
            _pinned(path).write_text(hashlib.file_digest(file, "sha256").hexdigest())


def _pinned(path: Path) -> Path:
    return path.with_name(f".{path.name}.sha256")


def _source(url: str) -> str:
    """Where to ask: the mirror, if there is one."""
    mirror = os.environ.get("MMCORE_MIRROR", "").rstrip("/")
    if not mirror:
        return url
    return (mirror if "://" in mirror else Path(mirror).expanduser().resolve().as_uri()) + urlsplit(url).path


def _open_to_all(source: str) -> bool:
    """Whether this address is asked over a network without encryption."""
    parts = urlsplit(source)
    if parts.scheme != "http":
        return False
    host = parts.hostname or ""
    try:
        return not ip_address(host).is_loopback
    except ValueError:  # a name
        return host != "localhost"


def _unproven(name: str, source: str) -> str:
    return _(
        "'{name}' is published without a checksum, and {host} is asked over plain http, so a change on the way "
        "would go unnoticed."
    ).format(name=name, host=_host(source))


def _safer(name: str) -> str:
    return _("Let MMCORE_MIRROR be a folder or begin with https://, or put the file at {path}.").format(
        path=room("weights") / name
    )


def _host(source: str) -> str:
    return urlsplit(source).netloc or source


def _missing(name: str) -> str:
    return _("The weights '{name}' are not on this machine, and downloads are switched off (MMCORE_OFFLINE).").format(
        name=name
    )


def _remedy(name: str) -> str:
    return _("Connect to the network, set MMCORE_MIRROR to a copy, or put the file at {path}.").format(
        path=room("weights") / name
    )
