"""Protects: a BIDS folder opens with the images of its participants, and what is not read of them is told."""

from __future__ import annotations

import nibabel
import numpy as np

from mmcore.cohorts.opening import open_cohort

SUBJECTS = 12


def folder_of(place, sessions: int):
    rows = ["participant_id\tage\tdiagnosis"]
    for i in range(SUBJECTS):
        for number in range(1, 1 + (sessions if i < 3 else 1)):
            anatomy = place / f"sub-{i:02d}" / f"ses-{number}" / "anat"
            anatomy.mkdir(parents=True)
            voxels = np.random.default_rng(i).normal(size=(24, 24, 4)).astype("float32")
            for kind in ("T1w", "T2w") if i else ("T1w",):
                image = nibabel.Nifti1Image(voxels, np.eye(4))
                nibabel.save(image, anatomy / f"sub-{i:02d}_ses-{number}_{kind}.nii.gz")
                if i < 2:
                    nibabel.save(image, anatomy / f"sub-{i:02d}_ses-{number}_FLAIR.nii.gz")
            (anatomy / f"sub-{i:02d}_scans.tsv").write_text("filename\tacq_time\n1\t2\n")
        rows.append(f"sub-{i:02d}\t{40 + i * 7 % 30}\t{['control', 'patient'][i % 2]}")
    (place / "participants.tsv").write_text("\n".join(rows))
    (place / "dataset_description.json").write_text('{"Name": "brains"}')
    return open_cohort(place)


def test_images_of_participants_are_inputs(tmp_path):
    cohort = folder_of(tmp_path, 1)
    assert [(name, str(spec.kind)) for name, spec in cohort.inputs.items()] == [
        ("T1w", "image"), ("T2w", "image"), ("table", "table")]  # fmt: skip
    assert cohort.present("T1w").all() and cohort.present("T2w").sum() == SUBJECTS - 1
    assert cohort.value("sub-05", "T1w").shape[:2] and cohort.schema.target == "diagnosis"
    assert not any("no column names them" in sentence for sentence in cohort.problems)
    assert any("not read: FLAIR" in sentence for sentence in cohort.problems)


def test_further_sessions_are_told(tmp_path):
    assert any("3 subjects have several files of 'T1w'" in sentence for sentence in folder_of(tmp_path, 2).problems)
