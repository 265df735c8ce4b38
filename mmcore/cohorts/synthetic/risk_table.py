"""A table of independent columns whose weighted standard scores add up to a risk. Legend: N cases, V values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from mmcore.base.values import Column, ColumnSpec, Evidence
from mmcore.cohorts.synthetic.draws import Draws

_NODES, _NODE_WEIGHTS = np.polynomial.hermite_e.hermegauss(9)  # of a normal variable


@dataclass(frozen=True)
class Quantity:
    """A column of numbers. weight: of its standard score in the risk."""

    name: str
    unit: str
    mean: float
    sd: float
    bounds: tuple[float, float]
    decimals: int = 0
    weight: float = 0.0

    @property
    def spec(self) -> ColumnSpec:
        return ColumnSpec(name=self.name, unit=self.unit)

    def draw(self, draw: Draws) -> tuple[np.ndarray, np.ndarray]:
        """Cells [N] and their standard scores [N]."""
        cells = np.round(np.clip(draw.normal(self.mean, self.sd), *self.bounds), self.decimals)
        return cells, (cells - self.mean) / self.sd


@dataclass(frozen=True)
class EitherOr:
    """A column of one of two categories; share: of the second. It is always known."""

    name: str
    categories: tuple[str, str]
    share: float
    weight: float = 0.0

    @property
    def spec(self) -> ColumnSpec:
        return ColumnSpec(name=self.name, type="category", categories=self.categories)

    def draw(self, draw: Draws) -> tuple[np.ndarray, np.ndarray]:
        second = draw.happens(self.share)
        return np.array(self.categories, object)[second.astype(int)], (second - self.share) / np.sqrt(
            self.share * (1 - self.share)
        )


@dataclass(frozen=True, eq=False)
class DrawnTable:
    """cells: N rows, with gaps. parts: N rows, what each weighted column adds to the risk (standard deviation 1);
    measured: of the same shape, False in gaps."""

    cells: pd.DataFrame
    parts: pd.DataFrame
    measured: pd.DataFrame

    @property
    def risk(self) -> np.ndarray:
        """[N] in standard deviations."""
        return self.parts.sum(axis=1).to_numpy()

    def shown(self, present: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """[N] risk of the measured cells, and [N] standard deviation of the rest; present: [N] bool, has the table."""
        visible = self.measured & present[:, None]
        weights = self.parts.attrs["weights"]
        hidden = (~visible * weights**2).sum(axis=1)
        return self.parts.where(visible, 0.0).sum(axis=1).to_numpy(), np.sqrt(hidden.to_numpy())

    def evidence(self, effect: float, least: float) -> list[tuple[Evidence, ...]]:
        """Measured cells that move the target by `least` or more, where a standard deviation of risk moves it by
        `effect`."""
        moves = (effect * self.parts).where(self.measured)
        return [
            tuple(
                Evidence(str(name).replace("_", " "), (Column(str(name)),), float(x))
                for name, x in row.items()
                if abs(x) >= least
            )
            for row in moves.to_dict("records")
        ]


def draw_table(columns: Sequence[Quantity | EitherOr], gaps: float, draw: Draws) -> DrawnTable:
    """gaps: share of numbers that were not measured."""
    drawn = {column.name: column.draw(draw) for column in columns}
    cells = pd.DataFrame({name: pd.Series(values) for name, (values, _score) in drawn.items()})
    weights = {column.name: column.weight for column in columns if column.weight}
    spread = float(np.sqrt(sum(weight**2 for weight in weights.values())))
    parts = pd.DataFrame({name: weight / spread * drawn[name][1] for name, weight in weights.items()})
    parts.attrs["weights"] = np.array(list(weights.values())) / spread
    numbers = [isinstance(column, Quantity) for column in columns]
    absent = (draw.uniform(shape=(len(columns),)) < gaps) & numbers
    cells = cells.mask(absent)
    return DrawnTable(cells, parts, cells[list(weights)].notna())


def normal_nodes(sd: float) -> tuple[np.ndarray, np.ndarray]:
    """Values [V] of a normal variable of mean 0 and their weights [V], summing to 1: to average over what is hidden."""
    return sd * _NODES, _NODE_WEIGHTS / _NODE_WEIGHTS.sum()
