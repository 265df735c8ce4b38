"""Where a published text model lies: a local folder, or the model hub, from which it is downloaded once.

HF_ENDPOINT names another hub, HF_TOKEN opens models that ask for an account, HF_HUB_OFFLINE=1 or MMCORE_OFFLINE=1 asks
nobody. Models that other programs have downloaded to the usual cache are found there.
"""

from __future__ import annotations

import io
import json
import os
import re
from pathlib import Path
from typing import Any

from mmcore.base.errors import BadInput, Unavailable
from mmcore.base.progress import Progress, Step, silent
from mmcore.base.settings import _, room
from mmcore.storage import hosts, weights

NAME = re.compile(r"[\w.-]+(/[\w.-]+)?")
COMMIT = re.compile(r"[0-9a-f]{40}")
HUB = "https://huggingface.co"
PIECES = (
    ("tokenizer.json",),
    ("vocab.txt",),
    ("vocab.json", "merges.txt"),
    ("sentencepiece.bpe.model",),
    ("spiece.model",),
)
BESIDE = ("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "sentence_bert_config.json")
WHOLE, INDEX = "model.safetensors", "model.safetensors.index.json"


def folder_of(model: str) -> Path:
    """The folder that holds configuration and word pieces of a model: a folder's path, or a name on the hub.

    Raises BadInput for what is no model, Unavailable where the hub cannot be asked.
    """
    folder = Path(model).expanduser()
    if folder.is_dir():
        root = folder / _inside(folder / "modules.json")
        if not (root / "config.json").is_file():
            raise BadInput(
                _("The folder {path} holds no text model: config.json is missing.").format(path=root), _folder_hint()
            )
        _has_weights(root)
        return root
    if not NAME.fullmatch(model):
        raise BadInput(
            _("There is no folder '{model}', and this cannot be the name of a model.").format(model=model),
            _folder_hint(),
        )
    inside = _inside(_file(model, "modules.json"))
    config = _file(model, inside + "config.json")
    if config is None:
        raise BadInput(_("'{model}' on the Hugging Face hub is not a text model.").format(model=model), _folder_hint())
    any(
        all(_file(model, inside + name, commit(config)) for name in names) for names in PIECES
    )  # the first that is there
    for name in BESIDE:
        _file(model, inside + name, commit(config))
    return config.parent


def out_of_reach(model: str) -> str | None:
    """None if a model of the hub is on this machine or the hub can be asked for it, else what to give or to do."""
    from huggingface_hub import try_to_load_from_cache

    cached = (try_to_load_from_cache(model, WHOLE, cache_dir=cache) for cache in (_own(), None))
    if any(isinstance(path, str) for path in cached) or _answers(_hub()):
        return None
    return _("Needs a local folder (option model) or an internet connection.") + " " + _folder_hint()


def commit(path: Path) -> str | None:
    """The version of a model from the hub that this file belongs to; None for a folder that somebody made."""
    parts = path.parts
    at = parts.index("snapshots") + 1 if "snapshots" in parts else len(parts)
    return parts[at] if at < len(parts) and COMMIT.fullmatch(parts[at]) else None


def weighed(model: str, root: Path, progress: Progress = silent) -> Path:
    """The same folder, its weights downloaded if need be. Raises BadInput or Unavailable, or what progress raises."""
    if not (Path(model).expanduser().is_dir() or (root / WHOLE).is_file()):
        version = commit(root)
        inside = _inside(_file(model, "modules.json", version))
        whole = _file(model, inside + WHOLE, version, progress)
        index = _file(model, inside + INDEX, version) if whole is None else None
        for part in sorted(set(json.loads(index.read_text())["weight_map"].values())) if index else []:
            _file(model, inside + part, version, progress)
    _has_weights(root)
    return root


def _has_weights(root: Path) -> None:
    if not any((root / name).is_file() for name in (WHOLE, INDEX)):
        raise BadInput(
            _("The model in {path} has no weights in safetensors; other formats can run code and are not read.").format(
                path=root
            ),
            _("Save it again with save_pretrained of a recent transformers, or choose another model."),
        )


def _inside(modules: Path | None) -> str:
    """Where sentence-transformers keeps the transformer below the model's folder: "" or "0_Transformer/"."""
    if modules is None or not modules.is_file():
        return ""
    first = json.loads(modules.read_text())[0].get("path", "")
    return f"{first}/" if first else ""


def _file(model: str, name: str, version: str | None = None, progress: Progress = silent) -> Path | None:
    """One file of a model on the hub, from the disk if it is there, or None if the model has no such file."""
    from huggingface_hub import hf_hub_download, try_to_load_from_cache
    from huggingface_hub.errors import EntryNotFoundError, GatedRepoError, LocalEntryNotFoundError
    from huggingface_hub.errors import RepositoryNotFoundError as NotThere

    own = _own()
    for cache in (own, None):
        cached = try_to_load_from_cache(model, name, cache_dir=cache, revision=version)
        if cached is not None:  # a path, or a mark that there is no such file
            return Path(cached) if isinstance(cached, str) else None
    hub = _hub()
    if not _answers(hub):
        raise Unavailable(
            _("The model '{model}' is not on this machine, and the hub {hub} cannot be reached.").format(
                model=model, hub=hub
            ),
            _folder_hint(),
        )
    bar = _bar(_("Downloading {model}").format(model=model), progress)
    try:
        return Path(hf_hub_download(model, name, revision=version, cache_dir=own, endpoint=hub, tqdm_class=bar))
    except (GatedRepoError, NotThere) as error:
        raise Unavailable(
            _("The hub {hub} has no model '{model}' that you may download.").format(hub=hub, model=model),
            _("Check the name; for a model that asks for an account, accept its terms and set HF_TOKEN."),
        ) from error
    except LocalEntryNotFoundError as error:
        raise Unavailable(
            _("'{model}' cannot be downloaded from {hub}.").format(model=model, hub=hub), _folder_hint()
        ) from error
    except EntryNotFoundError:
        return None
    except OSError as error:
        raise Unavailable(
            _("'{model}' cannot be downloaded from {hub}: {reason}").format(model=model, hub=hub, reason=error),
            _folder_hint(),
        ) from error


def _own() -> Path:
    return room("weights") / "hub"


def _hub() -> str:
    return os.environ.get("HF_ENDPOINT", HUB).rstrip("/")


def _answers(hub: str) -> bool:
    silent = weights.offline() or os.environ.get("HF_HUB_OFFLINE", "0") not in ("", "0")
    return not silent and hosts.answers(hub)


def _bar(label: str, progress: Progress) -> type:
    """What the hub's client takes for a progress bar: it draws nothing, and tells bytes instead."""
    from tqdm import tqdm

    class Bar(tqdm):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **{**kwargs, "file": io.StringIO(), "disable": False})

        def update(self, n: float | None = 1) -> bool | None:
            drawn = super().update(n)
            progress(Step(label, int(self.n), int(max(self.total or 0, self.n))))
            return drawn

    return Bar


def _folder_hint() -> str:
    return _(
        "Give the path of a folder that holds the model (config.json, tokenizer.json, model.safetensors), as "
        "written by save_pretrained or downloaded from the hub."
    )
