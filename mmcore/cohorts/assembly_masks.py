"""The steps of an `Assembly` that settle where masks of the pictures are."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from mmcore.base.values import InputSpec, Kind
from mmcore.cohorts.folder import Folder
from mmcore.cohorts.label_maps import Mask
from mmcore.cohorts.locating import Located, unused_beside
from mmcore.cohorts.mask_columns import MaskColumns, files_beside, files_named, given_columns, without_masks
from mmcore.cohorts.outlines import FileOutlines
from mmcore.cohorts.roles import Roles
from mmcore.cohorts.table_files import Blob
from mmcore.cohorts.toml import CohortFile


class MaskSteps:
    """masks: input -> column -> finding, of the columns that hold masks of its pictures."""

    table: pd.DataFrame
    folder: Folder
    file: CohortFile
    roles: Roles
    problems: list[str]
    blobs: dict[str, Mapping[str, Blob]]
    masks: MaskColumns

    @property
    def mask_columns(self) -> dict[str, tuple[str, str]]:
        """Column -> the input whose pictures it outlines, and what."""
        return {column: (name, finding) for name, own in self.masks.items() for column, finding in own.items()}

    def _settle_masks(self, inputs: Mapping[str, InputSpec]) -> None:
        """What somebody said of masks goes before what was recognised."""
        left_out = {*self.roles.ignore, *self.file.ignore}
        declared = {
            name: {column: finding for column, finding in entry.masks.items() if column not in left_out}
            for name, entry in self.file.inputs.items()
        }
        for name, own in given_columns(self.roles.columns, declared, inputs).items():
            self.masks[name] = {**self.masks.get(name, {}), **own}

    def _outlines(self, located: Located) -> FileOutlines | None:
        """The masks of all image inputs; what lies beside pictures and is not used is told."""
        masks: dict[str, dict[str, dict[str, Mask]]] = {}
        pictures = {path for files in located.paths.values() for path in files.values()}
        for name, spec in located.inputs.items():
            if spec.kind is not Kind.IMAGE:
                continue
            paths = located.paths.get(name, {})
            own = {
                finding: files_named(self.table[column], self.folder, self.blobs.get(column), self.problems)
                for column, finding in self.masks.get(name, {}).items()
            } or files_beside(name, paths, self.folder, pictures, self.problems)
            if any(own.values()):
                masks[name] = own
                outlined = {id for files in own.values() for id in files}
                self.problems += without_masks(outlined, [*paths, *located.blobs.get(name, {})], name)
        taken = {path for own in masks.values() for files in own.values() for mask in files.values() for path in mask}
        self.problems += unused_beside(located.paths, taken)
        return FileOutlines(masks) if masks else None
