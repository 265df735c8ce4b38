"""Where things are kept, and how sentences are spoken; all from the environment, read at call time."""

from __future__ import annotations

import os
import sys
import uuid
from pathlib import Path

from mmcore.base import languages


def _(text: str) -> str:
    """A sentence of the code in the language spoken here and now (see `languages`)."""
    return languages.catalogue().gettext(text)


def N_(text: str) -> str:
    """Marks a text of a class or module for translation: at import nobody reads it. Who shows it calls `translated`."""
    return text


def translated(text: str) -> str:
    """A text marked by `N_` as the reader speaks; what is empty stays so (gettext would give its header)."""
    return _(text) if text else ""


def counted(count: int, singular: str, plural: str, **values: object) -> str:
    """A number with its noun: counted(1, "{count} case", "{count} cases") is "1 case"; values: for other gaps."""
    return languages.catalogue().ngettext(singular, plural, count).format(count=f"{count:,}", **values)


def home() -> Path:
    """The one folder where features, runs, cohorts and weights are kept: MMCORE_HOME, else the user's cache folder."""
    given = os.environ.get("MMCORE_HOME")
    if given:
        return Path(given).expanduser()
    if sys.platform == "darwin":
        base = Path.home() / "Library" / "Caches"
    elif os.name == "nt":
        base = Path(os.environ.get("LOCALAPPDATA", str(Path.home() / "AppData" / "Local")))
    else:
        base = Path(os.environ.get("XDG_CACHE_HOME", str(Path.home() / ".cache")))
    return base / "fusionscope"


def room(name: str) -> Path:
    """A folder inside home (`features`, `runs`, `cohorts`, `weights`), made on first use."""
    folder = home() / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def write_whole(path: Path, content: bytes) -> None:
    """A file that is under its name only when all of it is on disk, whoever is killed or writes the same meanwhile."""
    half = path.with_name(f"{path.stem}-{uuid.uuid4().hex[:8]}.writing")
    try:
        with half.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.replace(half, path)
    finally:
        half.unlink(missing_ok=True)


def mistaken_settings() -> list[str]:
    """Variables of the environment that say nothing that is understood, a sentence each, with what is done instead."""
    mistakes = []
    language = os.environ.get("MMCORE_LANGUAGE", "").strip()
    if language and languages.meant(language) is None:
        mistakes.append(
            _("MMCORE_LANGUAGE is '{value}', which is not available; English is used. Available: {names}.").format(
                value=language[:40], names=", ".join(languages.LANGUAGES)
            )
        )
    cases = os.environ.get("MMCORE_SAMPLE_CASES", "").strip()
    if cases and sample_cases() is None:
        mistakes.append(
            _(
                "MMCORE_SAMPLE_CASES is '{value}', which is not a number of cases; built-in cohorts keep their "
                "usual size."
            ).format(value=cases[:40])
        )
    return mistakes


def sample_cases() -> int | None:
    """Cases of a built-in cohort where nobody asks for a number: MMCORE_SAMPLE_CASES, else what its generator says."""
    given = os.environ.get("MMCORE_SAMPLE_CASES", "").strip()
    return int(given) if given.isascii() and given.isdigit() and int(given) else None


def scheduler() -> str | None:
    """Address of a Dask scheduler (MMCORE_SCHEDULER), or None to work inside this process."""
    return os.environ.get("MMCORE_SCHEDULER") or None
