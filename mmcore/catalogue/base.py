"""What an entry of the catalogue is, and the table of all of them."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar

import pandas as pd

from mmcore.base.registry import Registry
from mmcore.cohorts.toml import FILE, CohortFile, write_toml


@dataclass(frozen=True)
class Download:
    """One archive. sha256: as published; "" where nobody publishes one: then that of the first download is pinned."""

    url: str
    name: str
    sha256: str = ""


class PublicCohort(ABC):
    """A public data set. A subclass registers itself, states the class attributes and implements `convert`."""

    name: ClassVar[str]  # set by the registry
    title: ClassVar[str]
    inputs: ClassVar[str]  # in words
    task: ClassVar[str]
    megabytes: ClassVar[int]  # of the download, about
    licence: ClassVar[str]
    citation: ClassVar[str]
    home: ClassVar[str]
    downloads: ClassVar[tuple[Download, ...]]

    @classmethod
    def unavailable(cls) -> str | None:
        """None if usable here, else the reason."""
        return None

    @abstractmethod
    def convert(self, raw: Path, out: Path) -> tuple[pd.DataFrame, CohortFile]:
        """The table of cases (a column `id`, media as paths below `out`) and its description. raw: what the archives
        held; files that belong to cases are to be moved below `out`. Raises FileNotFoundError, KeyError or ValueError
        where the layout is not the published one."""

    def write(self, raw: Path, out: Path) -> Path:
        """The data set as a cohort folder."""
        out.mkdir(parents=True, exist_ok=True)
        table, file = self.convert(raw, out)
        table.to_csv(out / "cases.csv", index=False)
        facts = {"name": self.name, "title": self.title, "licence": self.licence, "citation": self.citation, "id": "id"}
        write_toml(file.model_copy(update=facts), out / FILE)
        return out


public_cohorts: Registry[PublicCohort] = Registry("public data set", "mmcore.catalogue")


def first_below(raw: Path, pattern: str) -> Path:
    """The first path of this pattern anywhere below. Raises FileNotFoundError."""
    for path in sorted(raw.rglob(pattern)):
        return path
    raise FileNotFoundError(pattern)


def moved(path: Path, out: Path, folder: str) -> str:
    """Moves a file below the cohort folder: its path there, relative."""
    target = out / folder / path.name
    target.parent.mkdir(parents=True, exist_ok=True)
    path.replace(target)
    return target.relative_to(out).as_posix()
