"""Opening a cohort whose inputs are settled already: new cases for a finished run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from mmcore.base.errors import BadInput
from mmcore.base.settings import _
from mmcore.base.values import InputSpec
from mmcore.cohorts.assembly import Assembly
from mmcore.cohorts.base import Cohort
from mmcore.cohorts.opening import file_beside, table_of
from mmcore.cohorts.roles import Roles
from mmcore.cohorts.samples import build_sample, samples
from mmcore.cohorts.toml import CohortFile


def open_settled(
    source: str | Path, inputs: Mapping[str, InputSpec], *, target: str | None = None, group: str | None = None
) -> Cohort:
    """A cohort read with exactly these inputs, whatever its table suggests.

    A column that is not there is missing for every case; an input with no column at all is left out, and so are target
    and group. A built-in cohort comes with its own inputs. Raises NotFound for an unknown name, BadInput for a table
    that cannot be used or that has none of the columns.
    """
    if str(source) in samples:
        return build_sample(str(source))
    path = table_of(Path(source).expanduser())
    return _Settled(path, file_beside(path), Roles(target=target, group=group), inputs).cohort()


class _Settled(Assembly):
    def __init__(self, path: Path, file: CohortFile, roles: Roles, inputs: Mapping[str, InputSpec]) -> None:
        super().__init__(path, file, roles)
        self.settled = {name: spec for name, spec in inputs.items() if set(spec.columns) & set(self.table.columns)}
        if not self.settled:
            raise BadInput(
                _("{file} holds none of the columns {columns}.").format(
                    file=path.name, columns=", ".join(column for spec in inputs.values() for column in spec.columns)
                ),
                _("Give a table with the columns the run was trained on."),
            )
        wanted = {column: None for spec in self.settled.values() for column in spec.columns}
        for column in wanted:
            if column not in self.table:
                self.table[column] = None
                self.problems.append(_("Column '{column}' is not there; it counts as missing.").format(column=column))

    def _check_names(self) -> None:
        return None

    def _target(self) -> str | None:
        return self.roles.target if self.roles.target in self.table else None

    def _group(self) -> str | None:
        return self.roles.group if self.roles.group in self.table else None

    def _inputs(self, target: str | None, group: str | None, classes: tuple[str, ...] | None) -> dict[str, InputSpec]:
        return dict(self.settled)
