"""Where the weights of a timm network lie: a file that was given, the cache of the hub, the hub, or an address."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from mmcore.base.errors import BadInput, Unavailable
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _
from mmcore.storage import hosts, weights

FILES = ("model.safetensors", "pytorch_model.bin")  # what weights are called on the hub, the safer first


def where(name: str, cfg: Mapping[str, Any], file: str) -> tuple[str, str]:
    """("file", path), ("hub", its name there) or ("url", address). Raises Unavailable or BadInput if there is none.

    cfg: what timm knows of the weights of the network `name`. file: what the person gave, or "".
    """
    if file:
        if not Path(file).expanduser().is_file():
            raise BadInput(_("There is no file of weights at {path}.").format(path=file), _("Check the path."))
        return "file", str(Path(file).expanduser())
    hub, url = cfg.get("hf_hub_id"), cfg.get("url")
    if hub:
        return _on_the_hub(name, hub, _files(cfg))
    if not url:
        raise Unavailable(
            _("timm has no weights for '{name}'.").format(name=name),
            _("Choose a network with weights, or give a file of them."),
        )
    if reason := weights.obstacle(url, url.rsplit("/", 1)[1], sha256=_digest_in(url)):
        raise Unavailable(_("The timm network '{name}' cannot be loaded.").format(name=name), reason)
    return "url", url


def file_of(name: str, cfg: Mapping[str, Any], file: str, progress: Progress = silent) -> str:
    """The file of weights, downloaded if need be (see `where`). Raises Unavailable or BadInput."""
    kind, place = where(name, cfg, file)
    if kind == "hub":
        return _from_the_hub(name, place, _files(cfg), progress)
    if kind == "file":
        return place
    return str(weights.fetched(place, place.rsplit("/", 1)[1], sha256=_digest_in(place), progress=progress))


def digest(path: str) -> str:
    """Of the content of a file; empty if it cannot be read."""
    file = Path(path).expanduser()
    try:
        state = file.stat()
    except OSError:
        return ""
    return _content(str(file), state.st_size, state.st_mtime_ns)


def _digest_in(url: str) -> str:
    """The beginning of its SHA-256 that the name of a file ends on (NAME-DIGEST.pth, as torch.hub does); else empty."""
    digest_in_name = re.search(r"-([0-9a-f]{8,64})\.\w+$", url)
    return digest_in_name[1] if digest_in_name else ""


def first_line(error: BaseException) -> str:
    """What an error says, in short."""
    return str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__


def out_of_reach(name: str, hub: str) -> str | None:
    """None if the weights of this network are at hand or its hub can be asked, else what to give or to do."""
    try:
        _on_the_hub(name, hub, FILES)
    except Unavailable:
        return _(
            "Needs a local file (option weights) or an internet connection. Give the path of a file of weights "
            "and its network (option model), set HF_HOME to a cache that holds {hub}, or connect to the "
            "internet."
        ).format(hub=hub)
    return None


def _files(cfg: Mapping[str, Any]) -> tuple[str, ...]:
    given = cfg.get("hf_hub_filename")
    return (given,) if given else FILES


def _on_the_hub(name: str, hub: str, files: tuple[str, ...]) -> tuple[str, str]:
    from huggingface_hub import constants, hf_hub_url, try_to_load_from_cache

    for file in files:
        cached = try_to_load_from_cache(hub, file)
        if isinstance(cached, str):
            return "file", cached
    if constants.HF_HUB_OFFLINE or weights.offline() or not hosts.answers(hf_hub_url(hub, files[0])):
        raise Unavailable(
            _(
                "The weights of the timm network '{name}' are not on this machine, and the Hugging Face hub cannot "
                "be reached."
            ).format(name=name),
            _("Connect to the internet, set HF_HOME to a cache that holds {hub}, or give a file of weights.").format(
                hub=hub
            ),
        )
    return "hub", hub


def _from_the_hub(name: str, hub: str, files: tuple[str, ...], progress: Progress) -> str:
    from huggingface_hub import hf_hub_download
    from huggingface_hub.errors import RemoteEntryNotFoundError

    progress(Step(_("Downloading {name} from the Hugging Face hub").format(name=hub), 0, 1))
    for file in files:
        try:
            return hf_hub_download(hub, file)
        except RemoteEntryNotFoundError:
            continue  # the hub answered: no file of that name
        except OSError as error:  # also what huggingface_hub raises where the network fails
            raise Unavailable(
                _("The weights of '{name}' cannot be downloaded: {reason}").format(name=name, reason=first_line(error)),
                _("Try again, or give a file of weights."),
            ) from error
    raise Unavailable(
        _("The Hugging Face hub has no file of weights for '{name}'.").format(name=name), _("Give a file of weights.")
    )


@lru_cache(maxsize=32)
def _content(path: str, _size: int, _changed: int) -> str:
    with Path(path).open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()[:16]
