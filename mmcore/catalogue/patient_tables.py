"""Data sets of tables: UCI heart disease, MIMIC-IV demo."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from mmcore.base.settings import N_
from mmcore.base.values import Kind
from mmcore.catalogue.base import Download, PublicCohort, first_below, public_cohorts
from mmcore.cohorts.toml import CohortFile, InputEntry

_COLUMNS = [
    "age",
    "sex",
    "cp",
    "trestbps",
    "chol",
    "fbs",
    "restecg",
    "thalach",
    "exang",
    "oldpeak",
    "slope",
    "ca",
    "thal",
]
_SITES = ("cleveland", "hungarian", "switzerland", "va")


@public_cohorts.register("uci_heart_disease")
class UciHeartDisease(PublicCohort):
    """UCI Heart Disease: four hospitals."""

    title = N_("UCI Heart Disease (four hospitals)")
    inputs = N_("13 values of history, examination, blood tests, exercise ECG, thallium scan and fluoroscopy")
    task = N_("coronary heart disease, yes or no; grouped by hospital")
    megabytes = 1
    licence = "CC BY 4.0"
    citation = "Janosi, Steinbrunn, Pfisterer & Detrano 1988, Heart Disease, UCI Machine Learning Repository"
    home = "https://archive.ics.uci.edu/dataset/45/heart+disease"
    downloads = (Download("https://archive.ics.uci.edu/static/public/45/heart+disease.zip", "heart+disease.zip"),)

    def convert(self, raw: Path, out: Path) -> tuple[pd.DataFrame, CohortFile]:
        parts = []
        for site in _SITES:
            part = pd.read_csv(
                first_below(raw, f"processed.{site}.data"), header=None, names=[*_COLUMNS, "num"], na_values="?"
            )
            parts.append(part.assign(site=site, id=[f"{site}-{i}" for i in range(1, len(part) + 1)]))
        table = pd.concat(parts, ignore_index=True)
        table["disease"] = (table.pop("num") > 0).map({True: "disease", False: "no_disease"})
        values = InputEntry(kind=Kind.TABLE, columns=tuple(_COLUMNS))
        return table, CohortFile(
            target="disease", classes=("no_disease", "disease"), group="site", inputs={"values": values}
        )


_LABS = {
    50912: "creatinine",
    50971: "potassium",
    50983: "sodium",
    51222: "haemoglobin",
    51301: "leucocytes",
    50813: "lactate",
}


@public_cohorts.register("mimic_iv_demo")
class MimicIvDemo(PublicCohort):
    """MIMIC-IV demo: admissions of 100 patients."""

    title = N_("MIMIC-IV clinical database demo")
    inputs = N_("age, sex, kind of admission; first laboratory values of a stay")
    task = N_("death in hospital, yes or no; grouped by patient")
    megabytes = 16
    licence = "ODbL 1.0"
    citation = "Johnson et al. 2023, MIMIC-IV Clinical Database Demo (version 2.2), PhysioNet"
    home = "https://physionet.org/content/mimic-iv-demo/2.2/"
    downloads = (Download("https://physionet.org/content/mimic-iv-demo/get-zip/2.2/", "mimic-iv-demo-2.2.zip"),)

    def convert(self, raw: Path, out: Path) -> tuple[pd.DataFrame, CohortFile]:
        stays = pd.read_csv(first_below(raw, "admissions.csv.gz"))
        people = pd.read_csv(first_below(raw, "patients.csv.gz"))[["subject_id", "gender", "anchor_age"]]
        labs = pd.read_csv(first_below(raw, "labevents.csv.gz"), usecols=["hadm_id", "itemid", "charttime", "valuenum"])
        labs = labs[labs["itemid"].isin(_LABS) & labs["hadm_id"].notna()].sort_values("charttime")
        first = labs.groupby(["hadm_id", "itemid"])["valuenum"].first().unstack().rename(columns=_LABS)
        first = first.reindex(columns=list(_LABS.values()))
        table = stays.merge(people, on="subject_id").merge(first, left_on="hadm_id", right_index=True, how="left")
        table = table.rename(columns={"anchor_age": "age"}).assign(
            id=table["hadm_id"].map(lambda number: f"stay-{number}"),
            outcome=table["hospital_expire_flag"].map({0: "survived", 1: "died"}),
            patient=table["subject_id"].map(lambda number: f"patient-{number}"),
        )
        chosen = ["id", "outcome", "patient", "age", "gender", "admission_type", *_LABS.values()]
        inputs = {
            "admission": InputEntry(kind=Kind.TABLE, columns=("age", "gender", "admission_type")),
            "labs": InputEntry(kind=Kind.TABLE, columns=tuple(_LABS.values())),
        }
        return table[chosen], CohortFile(target="outcome", classes=("survived", "died"), group="patient", inputs=inputs)
