"""Data sets of pictures with words or values: PAD-UFES-20, IU X-ray (Open-i)."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pandas as pd

from mmcore.base.settings import N_
from mmcore.base.values import Kind
from mmcore.catalogue.base import Download, PublicCohort, first_below, moved, public_cohorts
from mmcore.cohorts.toml import CohortFile, InputEntry

_HISTORY = (
    "age",
    "gender",
    "region",
    "itch",
    "grew",
    "hurt",
    "changed",
    "bleed",
    "elevation",
    "diameter_1",
    "diameter_2",
)


@public_cohorts.register("pad_ufes_20")
class PadUfes20(PublicCohort):
    """PAD-UFES-20: skin lesions from telephones."""

    title = N_("PAD-UFES-20, skin lesions photographed by smartphone")
    inputs = N_("picture of a lesion; age, sex, site on the body, complaints")
    task = N_("which of six diagnoses; grouped by patient")
    megabytes = 3400
    licence = "CC BY 4.0"
    citation = "Pacheco et al. 2020, PAD-UFES-20, Data in Brief 32"
    home = "https://data.mendeley.com/datasets/zr7vgbcyr2/1"
    downloads = (Download("https://data.mendeley.com/public-api/zip/zr7vgbcyr2/download/1", "pad-ufes-20.zip"),)

    def convert(self, raw: Path, out: Path) -> tuple[pd.DataFrame, CohortFile]:
        rows = pd.read_csv(first_below(raw, "metadata.csv"))
        pictures = {path.name: path for path in raw.rglob("*.png")}
        columns = [name for name in _HISTORY if name in rows]
        table = rows[["diagnostic", "patient_id", *columns]].copy()
        table.insert(0, "id", rows["img_id"].str.removesuffix(".png"))
        table["picture"] = [
            moved(pictures[name], out, "pictures") if name in pictures else None for name in rows["img_id"]
        ]
        inputs = {
            "picture": InputEntry(kind=Kind.IMAGE, columns=("picture",)),
            "history": InputEntry(kind=Kind.TABLE, columns=tuple(columns)),
        }
        return table, CohortFile(target="diagnostic", task="multiclass", group="patient_id", inputs=inputs)


@public_cohorts.register("iu_xray")
class IuXray(PublicCohort):
    """IU X-ray (Open-i): chest films with reports."""

    title = N_("IU X-ray / Open-i, chest films with reports")
    inputs = N_("chest film, findings of the report")
    task = N_("normal or not, as indexed by hand; a case is an examination")
    megabytes = 1360
    licence = "CC BY-NC-ND 4.0"
    citation = "Demner-Fushman et al. 2016, Preparing a collection of radiology examinations, JAMIA 23"
    home = "https://openi.nlm.nih.gov/faq#collection"
    downloads = (
        Download("https://openi.nlm.nih.gov/imgs/collections/NLMCXR_png.tgz", "NLMCXR_png.tgz"),
        Download("https://openi.nlm.nih.gov/imgs/collections/NLMCXR_reports.tgz", "NLMCXR_reports.tgz"),
    )

    def convert(self, raw: Path, out: Path) -> tuple[pd.DataFrame, CohortFile]:
        pictures = {path.stem: path for path in raw.rglob("*.png")}
        rows = []
        first_below(raw, "ecgen-radiology")
        for path in sorted(raw.rglob("ecgen-radiology/*.xml")):
            try:
                report = ElementTree.parse(path).getroot()
            except ElementTree.ParseError as error:
                raise ValueError(f"{path.name}: {error}") from error
            films = [image.get("id", "") for image in report.iter("parentImage")]
            film = next((name for name in films if name in pictures), None)
            texts = {part.get("Label"): (part.text or "").strip() for part in report.iter("AbstractText")}
            major = [(term.text or "").lower() for term in report.iter("major")]
            label = ("normal" if major == ["normal"] else "abnormal") if major else None
            rows.append(
                (
                    f"cxr-{path.stem}",
                    moved(pictures[film], out, "films") if film else None,
                    texts.get("FINDINGS") or None,
                    label,
                )
            )
        table = pd.DataFrame(rows, columns=["id", "film", "findings", "label"])
        inputs = {
            "film": InputEntry(kind=Kind.IMAGE, columns=("film",)),
            "findings": InputEntry(kind=Kind.TEXT, columns=("findings",)),
        }
        return table, CohortFile(target="label", classes=("normal", "abnormal"), inputs=inputs)
