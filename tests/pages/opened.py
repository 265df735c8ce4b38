"""What page tests share: a small cohort, and ways to open pages as links do and to wait for their work."""

from __future__ import annotations

import os
import re
import shutil
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from mmcore import studies
from mmcore.runs import Run

ROOT = Path(__file__).resolve().parents[2]
FEATURES, ATTENTION, WHAT_IF, TRAIN, COMPARE = (
    "pages/explore/3_features.py",
    "pages/fuse/2_attention.py",
    "pages/fuse/3_what_if.py",
    "pages/fuse/1_train.py",
    "pages/study/1_compare.py",
)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    """A small cohort: a signal and a table, the target in both, some inputs missing."""
    rng = np.random.default_rng(0)
    (tmp_path / "signals").mkdir()
    rows = []
    for i in range(32):
        ill = i % 2
        np.save(tmp_path / "signals" / f"{i}.npy", (rng.normal(size=(2, 400)) * (1 + ill)).astype(np.float32))
        rows.append(
            {
                "id": f"p{i:02d}",
                "ecg": "" if i == 5 else f"signals/{i}.npy",
                "age": 50 + 10 * ill + rng.normal(),
                "pulse": rng.normal(70, 5),
                "sex": "fm"[i % 3 == 0],
                "label": ("well", "ill")[ill],
            }
        )
    pd.DataFrame(rows).to_csv(tmp_path / "cases.csv", index=False)
    (tmp_path / "cohort.toml").write_text(
        'target = "label"\npositive = "ill"\n[inputs.ecg]\nkind = "signal"\ncolumns = ["ecg"]\nrate_hz = 100\n'
        '[inputs.vitals]\nkind = "table"\ncolumns = ["age", "pulse", "sex"]\n',
        encoding="utf-8",
    )
    st.cache_resource.clear()
    st.cache_data.clear()
    return str(tmp_path)


_trained: dict[str, Path] = {}  # what was asked for -> a home that holds it


def compared(
    folder: str,
    methods: Sequence[str],
    settings: studies.StudySettings,
    encoders: Mapping[str, str] | None = None,
) -> dict[str, Run]:
    """Runs of the cohort in the home of this test, by method: what a test asks of an empty home is trained only once,
    and later ones begin with a copy."""
    home = Path(os.environ["MMCORE_HOME"])
    new, cohort = not (home / "runs").exists(), studies.open(folder)
    wanted = repr((cohort.key, methods, settings, encoders))
    if new and wanted in _trained:
        shutil.copytree(_trained[wanted], home, dirs_exist_ok=True)
    by_method = studies.compare(cohort, methods, encoders, settings).by_method
    if new and wanted not in _trained:
        _trained[wanted] = Path(tempfile.mkdtemp(dir=home.parent)) / "home"
        shutil.copytree(home, _trained[wanted])
    return by_method


def open_page(page: str | None, **link: str) -> AppTest:
    """A page (None: the first one) as a link with these parameters opens it: no other page is run before."""
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.query_params.update(link)
    if page is not None:
        app.switch_page(page)
    return calm(app.run())


def calm(app: AppTest) -> AppTest:
    assert not app.exception, [e.message for e in app.exception]
    return app


def words(app: AppTest) -> str:
    """What a reader sees: names are escaped in the Markdown."""
    text = " ".join(
        str(element.value)
        for kind in (app.markdown, app.caption, app.header, app.title, app.info, app.success, app.error)
        for element in kind
    )
    return re.sub(r"\\([\\`*_\[\]$<>#~:])", r"\1", text)


def finish(app: AppTest) -> AppTest:
    """Wait for the jobs at work, then look again."""
    from mmcore.jobs import engine

    until = time.monotonic() + 110
    while any(job.active for job in engine.jobs()) and time.monotonic() < until:
        time.sleep(0.1)
    return calm(app.run())


def press(app: AppTest, label: str) -> AppTest:
    button = next(b for b in app.button if label in b.label)
    return calm(button.click().run())
