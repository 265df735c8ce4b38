"""Data sets of recordings: PTB-XL, CirCor, CinC 2016, free spoken digits."""

from __future__ import annotations

import ast
from pathlib import Path

import pandas as pd

from mmcore.base.settings import N_
from mmcore.base.values import Kind
from mmcore.catalogue.base import Download, PublicCohort, first_below, moved, public_cohorts
from mmcore.cohorts.toml import CohortFile, InputEntry


@public_cohorts.register("ptb_xl")
class PtbXl(PublicCohort):
    """PTB-XL: 12-lead ECG with reports."""

    title = N_("PTB-XL, 12-lead ECG (100 Hz)")
    inputs = N_("ECG of 12 leads and 10 seconds, report, age, sex, height, weight")
    task = N_("normal or abnormal ECG; grouped by patient, with published folds")
    megabytes = 1700
    licence = "CC BY 4.0"
    citation = "Wagner et al. 2020, PTB-XL, a large publicly available electrocardiography dataset, Scientific Data 7"
    home = "https://physionet.org/content/ptb-xl/1.0.3/"
    downloads = (Download("https://physionet.org/content/ptb-xl/get-zip/1.0.3/", "ptb-xl-1.0.3.zip"),)

    def convert(self, raw: Path, out: Path) -> tuple[pd.DataFrame, CohortFile]:
        records, statements = (
            pd.read_csv(first_below(raw, "ptbxl_database.csv")),
            pd.read_csv(first_below(raw, "scp_statements.csv")),
        )
        root = first_below(raw, "ptbxl_database.csv").parent
        classes = statements.set_index(statements.columns[0])["diagnostic_class"].dropna()
        codes = records["scp_codes"].map(ast.literal_eval)
        superclasses = codes.map(
            lambda shares: {classes[c] for c, share in shares.items() if c in classes and share > 0}
        )
        label = superclasses.map(
            lambda names: "normal" if names == {"NORM"} else "abnormal" if names and "NORM" not in names else None
        )
        table = pd.DataFrame(
            {
                "id": records["ecg_id"].map(lambda number: f"ecg-{number}"),
                "label": label,
                "patient": records["patient_id"].map(lambda number: f"patient-{int(number)}"),
                "ecg": [_record(root / name, out) for name in records["filename_lr"]],
                "report": records["report"],
                **{name: records[name] for name in ("age", "sex", "height", "weight", "strat_fold")},
            }
        )
        inputs = {
            "ecg": InputEntry(kind=Kind.SIGNAL, columns=("ecg",)),
            "report": InputEntry(kind=Kind.TEXT, columns=("report",)),
            "person": InputEntry(kind=Kind.TABLE, columns=("age", "sex", "height", "weight")),
        }
        return table, CohortFile(target="label", classes=("normal", "abnormal"), group="patient", inputs=inputs)


def _record(stem: Path, out: Path) -> str:
    moved(stem.with_suffix(".dat"), out, "ecg")
    return moved(stem.with_suffix(".hea"), out, "ecg")


_PLACES = ("AV", "PV", "TV", "MV")


@public_cohorts.register("circor")
class CirCor(PublicCohort):
    """CirCor DigiScope: heart sounds of children."""

    title = N_("CirCor DigiScope, heart sounds of children")
    inputs = N_("heart sound at up to four places of the chest; age, sex, height, weight")
    task = N_("outcome normal or abnormal; a case is a person")
    megabytes = 640
    licence = "ODC-BY 1.0"
    citation = "Oliveira et al. 2022, The CirCor DigiScope dataset, IEEE J. Biomed. Health Inform. 26"
    home = "https://physionet.org/content/circor-heart-sound/1.0.3/"
    downloads = (Download("https://physionet.org/content/circor-heart-sound/get-zip/1.0.3/", "circor-1.0.3.zip"),)

    def convert(self, raw: Path, out: Path) -> tuple[pd.DataFrame, CohortFile]:
        people = pd.read_csv(first_below(raw, "training_data.csv"))
        folder = first_below(raw, "training_data.csv").parent / "training_data"
        table = people[["Age", "Sex", "Height", "Weight", "Outcome"]].rename(columns=str.lower)
        table.insert(0, "id", people["Patient ID"].map(lambda number: f"child-{number}"))
        for place in _PLACES:
            names = people["Patient ID"].map(lambda number, place=place: folder / f"{number}_{place}.wav")
            table[place.lower()] = [moved(path, out, "sounds") if path.is_file() else None for path in names]
        places = [place.lower() for place in _PLACES if table[place.lower()].notna().any()]
        sounds = {place: InputEntry(kind=Kind.SIGNAL, columns=(place,)) for place in places}
        person = InputEntry(kind=Kind.TABLE, columns=("age", "sex", "height", "weight"))
        return table, CohortFile(target="outcome", classes=("Normal", "Abnormal"), inputs={**sounds, "person": person})


@public_cohorts.register("cinc_2016")
class Cinc2016(PublicCohort):
    """PhysioNet/CinC Challenge 2016: heart sounds from six places."""

    title = N_("PhysioNet/CinC Challenge 2016, heart sounds")
    inputs = N_("heart sound")
    task = N_("normal or abnormal; grouped by the database a recording comes from")
    megabytes = 190
    licence = "ODC-BY 1.0"
    citation = "Liu et al. 2016, An open access database for heart sound algorithms, Physiological Measurement 37"
    home = "https://physionet.org/content/challenge-2016/1.0.0/"
    downloads = (Download("https://physionet.org/content/challenge-2016/get-zip/1.0.0/", "challenge-2016-1.0.0.zip"),)

    def convert(self, raw: Path, out: Path) -> tuple[pd.DataFrame, CohortFile]:
        rows = []
        first_below(raw, "training-a")
        for folder in sorted(path for path in raw.rglob("training-?") if path.is_dir()):
            answers = pd.read_csv(folder / "REFERENCE.csv", header=None, names=["record", "label"])
            for record, label in answers.itertuples(index=False):
                sound = folder / f"{record}.wav"
                if sound.is_file():
                    rows.append(
                        (record, moved(sound, out, folder.name), {-1: "normal", 1: "abnormal"}[label], folder.name)
                    )
        table = pd.DataFrame(rows, columns=["id", "pcg", "label", "database"])
        pcg = InputEntry(kind=Kind.SIGNAL, columns=("pcg",))
        return table, CohortFile(target="label", classes=("normal", "abnormal"), group="database", inputs={"pcg": pcg})


@public_cohorts.register("free_spoken_digit")
class FreeSpokenDigit(PublicCohort):
    """Free Spoken Digit: six speakers."""

    title = N_("Free Spoken Digit Dataset")
    inputs = N_("a spoken digit, 8 kHz")
    task = N_("which of ten digits; grouped by speaker")
    megabytes = 16
    licence = "CC BY-SA 4.0"
    citation = "Jackson et al. 2018, Jakobovski/free-spoken-digit-dataset v1.0.10, Zenodo"
    home = "https://github.com/Jakobovski/free-spoken-digit-dataset"
    downloads = (
        Download(
            "https://github.com/Jakobovski/free-spoken-digit-dataset/archive/refs/tags/v1.0.10.zip", "fsdd-1.0.10.zip"
        ),
    )

    def convert(self, raw: Path, out: Path) -> tuple[pd.DataFrame, CohortFile]:
        rows = []
        for path in sorted(first_below(raw, "recordings").glob("*_*_*.wav")):
            digit, speaker, _take = path.stem.split("_")
            rows.append((path.stem, moved(path, out, "recordings"), digit, speaker))
        table = pd.DataFrame(rows, columns=["id", "audio", "digit", "speaker"])
        audio = InputEntry(kind=Kind.SIGNAL, columns=("audio",))
        return table, CohortFile(target="digit", task="multiclass", group="speaker", inputs={"audio": audio})
