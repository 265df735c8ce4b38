"""Tiny archives in the layouts in which the data sets of the catalogue were published."""

from __future__ import annotations

import gzip
import io
import tarfile
import tempfile
import zipfile
from pathlib import Path

import numpy as np

from tests.readers import made

RNG = np.random.default_rng(0)


def zipped(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return content.getvalue()


def tarred(files: dict[str, bytes]) -> bytes:
    content = io.BytesIO()
    with tarfile.open(fileobj=content, mode="w:gz") as archive:
        for name, data in files.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return content.getvalue()


def png() -> bytes:
    from PIL import Image

    content = io.BytesIO()
    Image.fromarray(RNG.integers(0, 255, (40, 40), dtype=np.uint8)).save(content, "PNG")
    return content.getvalue()


def record(name: str) -> dict[str, bytes]:
    import wfdb

    with tempfile.TemporaryDirectory() as folder:
        signal = RNG.normal(size=(200, 2))
        wfdb.wrsamp(name, 100, ["mV", "mV"], ["I", "II"], signal, fmt=["16", "16"], write_dir=folder)
        return {path.name: path.read_bytes() for path in Path(folder).iterdir()}


def heart_disease() -> dict[str, bytes]:
    row = "63.0,1.0,1.0,145.0,233.0,1.0,2.0,150.0,0.0,2.3,3.0,0.0,6.0,{}\n"
    lines = "".join(row.format(i % 3) for i in range(6)).replace("233.0", "?", 1)
    return {
        "heart+disease.zip": zipped(
            {f"processed.{site}.data": lines.encode() for site in ("cleveland", "hungarian", "switzerland", "va")}
        )
    }


def mimic() -> dict[str, bytes]:
    stays = "subject_id,hadm_id,admission_type,hospital_expire_flag\n" + "".join(
        f"{i % 4},{100 + i},URGENT,{i % 2}\n" for i in range(8)
    )
    people = "subject_id,gender,anchor_age\n" + "".join(f"{i},F,{60 + i}\n" for i in range(4))
    labs = "hadm_id,itemid,charttime,valuenum\n" + "".join(
        f"{100 + i},50912,2180-01-0{j},{j}\n" for i in range(8) for j in (2, 1)
    )
    root = "mimic-iv-clinical-database-demo-2.2/hosp"
    files = {"admissions": stays, "patients": people, "labevents": labs}
    return {
        "mimic-iv-demo-2.2.zip": zipped({f"{root}/{n}.csv.gz": gzip.compress(t.encode()) for n, t in files.items()})
    }


def ptb_xl() -> dict[str, bytes]:
    root = "ptb-xl-a-large-publicly-available-electrocardiography-dataset-1.0.3"
    rows = "ecg_id,patient_id,age,sex,height,weight,report,scp_codes,strat_fold,filename_lr\n"
    codes = ["{'NORM': 100.0}", "{'IMI': 100.0, 'NDT': 50.0}", "{'NORM': 80.0, 'IMI': 20.0}", "{'SR': 0.0}"]
    files = {}
    for i in range(1, 9):
        rows += f'{i},{i}.0,56.0,1,,63.0,sinusrhythmus,"{codes[i % 4]}",{i % 10 + 1},records100/00000/{i:05d}_lr\n'
        files |= {f"{root}/records100/00000/{name}": data for name, data in record(f"{i:05d}_lr").items()}
    statements = ",description,diagnostic_class\nNORM,normal,NORM\nIMI,infarct,MI\nNDT,other,STTC\nSR,rhythm,\n"
    files |= {f"{root}/ptbxl_database.csv": rows.encode(), f"{root}/scp_statements.csv": statements.encode()}
    return {"ptb-xl-1.0.3.zip": zipped(files)}


def circor() -> dict[str, bytes]:
    root = "the-circor-digiscope-phonocardiogram-dataset-1.0.3"
    rows = "Patient ID,Age,Sex,Height,Weight,Murmur,Outcome\n"
    rows += "".join(f"{i},Child,Male,98.0,15.9,Absent,{('Normal', 'Abnormal')[i % 2]}\n" for i in range(6))
    sounds = {
        f"{root}/training_data/{i}_{p}.wav": made.sound("WAV") for i in range(6) for p in ("AV", "MV")[: 1 + i % 2]
    }
    return {"circor-1.0.3.zip": zipped({f"{root}/training_data.csv": rows.encode(), **sounds})}


def cinc() -> dict[str, bytes]:
    files = {}
    for base in "ab":
        root = f"classification-of-heart-sound-recordings-1.0.0/training-{base}"
        files[f"{root}/REFERENCE.csv"] = "".join(f"{base}000{i},{(-1, 1)[i % 2]}\n" for i in range(4)).encode()
        files |= {f"{root}/{base}000{i}.wav": made.sound("WAV") for i in range(4)}
    return {"challenge-2016-1.0.0.zip": zipped(files)}


def digits() -> dict[str, bytes]:
    root = "free-spoken-digit-dataset-1.0.10/recordings"
    names = [f"{digit}_{speaker}_0.wav" for digit in range(3) for speaker in ("ann", "bob")]
    return {"fsdd-1.0.10.zip": zipped({f"{root}/{name}": made.sound("WAV") for name in names})}


def pad_ufes() -> dict[str, bytes]:
    names = [f"PAT_{i}_1_{i}.png" for i in range(6)]
    rows = "patient_id,lesion_id,age,gender,region,diagnostic,itch,img_id,biopsed\n"
    rows += "".join(
        f"PAT_{i // 2},{i},55,MALE,FACE,{('BCC', 'NEV')[i % 2]},True,{n},True\n" for i, n in enumerate(names)
    )
    inner = zipped({f"imgs_part_1/{name}": png() for name in names})
    return {"pad-ufes-20.zip": zipped({"metadata.csv": rows.encode(), "images/imgs_part_1.zip": inner})}


def iu_xray() -> dict[str, bytes]:
    report = (
        '<eCitation><AbstractText Label="FINDINGS">Clear lungs {0}.</AbstractText><MeSH><major>{1}</major></MeSH>'
        '<parentImage id="CXR{0}_IM-1001"/></eCitation>'
    )
    texts = {f"ecgen-radiology/{i}.xml": report.format(i, ("normal", "Opacity/lung")[i % 2]).encode() for i in range(6)}
    films = {f"CXR{i}_IM-1001.png": png() for i in range(5)}
    return {"NLMCXR_png.tgz": tarred(films), "NLMCXR_reports.tgz": tarred(texts)}


LAYOUTS = {
    "uci_heart_disease": heart_disease, "mimic_iv_demo": mimic, "ptb_xl": ptb_xl, "circor": circor, "cinc_2016": cinc,
    "free_spoken_digit": digits, "pad_ufes_20": pad_ufes, "iu_xray": iu_xray,
}  # fmt: skip
