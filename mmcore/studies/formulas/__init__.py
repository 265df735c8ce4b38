"""Formulas of multimodal learning as live examples, computed by the code that trains models."""

from mmcore.studies.formulas.base import Formula, Stage, Worked, formulas, in_order, stage_label

__all__ = ["Formula", "Stage", "Worked", "formulas", "in_order", "stage_label"]
