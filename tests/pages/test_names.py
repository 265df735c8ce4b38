"""Protects readers from names: whatever a cohort calls its inputs, columns, classes, groups and cases, no page loads a
picture from elsewhere because of it."""

from __future__ import annotations

import json
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
import streamlit as st
from PIL import Image
from streamlit.testing.v1 import AppTest

from mmcore import studies
from mmcore.training import TrainingSpec
from tests.pages.opened import ATTENTION, COMPARE, FEATURES, TRAIN, WHAT_IF, finish, open_page

OVERVIEW, COHORT, CASE = "pages/start/1_overview.py", "pages/explore/1_cohort.py", "pages/explore/2_case.py"
FILM, NOTE, BEAT, ROW, AGE, SEX, LABEL, GROUP = (f"![x](http://evil.example/{i})" for i in range(8))
ENCODERS = {FILM: "hog", NOTE: "word2vec", BEAT: "log_mel"}
SICK, FIRST = "![x](http://evil.example/sick)", "![x](http://evil.example/case)"
TOML = f"""
title = "![x](http://evil.example/title)"
target = "{LABEL}"
positive = "{SICK}"
group = "{GROUP}"
[inputs."{FILM}"]
kind = "image"
columns = ["film"]
[inputs."{NOTE}"]
kind = "text"
columns = ["note"]
[inputs."{BEAT}"]
kind = "signal"
columns = ["beat"]
rate_hz = 100
channel_names = ["![x](http://evil.example/channel)", "b"]
[inputs."{ROW}"]
kind = "table"
columns = ["{AGE}", "{SEX}"]
"""
# What Streamlit reads no Markdown in: choices of lists that open, what was typed, drawings, and names of elements.
AS_IT_IS = {"PlotlyChart", "VegaLiteChart", "BidiComponent", "Html"}
NOT_READ = {
    "id",
    "form_id",
    "raw_value",
    "raw_values",
    "default",
    "placeholder",
    "value",
    "url_pathname",
    "query_string",
}


@pytest.fixture(scope="module")
def cohort(tmp_path_factory) -> str:
    """Sixteen cases with an input of every kind, all names pictures from elsewhere; one case lacks two inputs."""
    folder, rng, rows = tmp_path_factory.mktemp("named"), np.random.default_rng(0), []
    for i in range(16):
        Image.fromarray(rng.integers(0, 255, (48, 40), dtype=np.uint8)).save(folder / f"{i}.png")
        np.save(folder / f"{i}.npy", (rng.normal(size=(2, 300)) * (1 + i % 2)).astype(np.float32))
        rows.append(
            {
                "id": FIRST if i == 0 else f"p{i}",
                "film": "" if i == 1 else f"{i}.png",
                "note": f"No pain on visit {i}.",
                "beat": "" if i == 1 else f"{i}.npy",
                AGE: 50 + i,
                SEX: ("![x](http://evil.example/f)", "m")[i % 3 == 0],
                LABEL: ("well", SICK)[i % 2],
                GROUP: f"![x](http://evil.example/group{i // 2})",
            }
        )
    pd.DataFrame(rows).to_csv(folder / "cases.csv", index=False)
    (folder / "cohort.toml").write_text(TOML, encoding="utf-8")
    return str(folder)


def pictures(app: AppTest) -> list[str]:
    """Where a picture from elsewhere stands in something that is read as Markdown."""
    result = [
        f"table: {cell}" for table in app.table for cell in table.value.to_numpy().ravel() if "![x](h" in str(cell)
    ]
    for element in _elements(app._tree):
        kind = element.DESCRIPTOR.name
        if kind == "Dataframe":
            texts = [("help", column.get("help") or "") for column in json.loads(element.columns or "{}").values()]
        else:
            texts = [] if kind in AS_IT_IS else _texts(element)
        unread = NOT_READ | ({"options"} if kind in ("Selectbox", "MultiSelect") else set())
        result += [f"{kind} {field}: {text}" for field, text in texts if field not in unread and "![x](h" in text]
    return result


def _elements(block) -> Iterator:
    for child in block.children.values():
        if child.proto is not None:
            yield child.proto
        if hasattr(child, "children"):
            yield from _elements(child)


def _texts(proto) -> Iterator[tuple[str, str]]:
    """All text in an element, with the name of its field."""
    for field, value in proto.ListFields():
        for part in value if field.is_repeated else [value]:
            if isinstance(part, str):
                yield field.name, part
            elif hasattr(part, "ListFields"):
                yield from _texts(part)


@pytest.fixture(scope="module")
def runs(cohort, tmp_path_factory) -> dict[str, str]:
    """Keys of runs by method, in the home that the tests of this file share."""
    home, quick = (
        str(tmp_path_factory.mktemp("home")),
        studies.StudySettings(folds=2, seeds=1, training=TrainingSpec(epochs=1, width=8, components=4), plain=False),
    )
    st.cache_resource.clear()
    st.cache_data.clear()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("MMCORE_HOME", home)
        methods = (ROW, "gated", "transformer")
        result = studies.compare(studies.open(cohort), methods, ENCODERS, quick)
    return {method: run.key[:10] for method, run in result.by_method.items()} | {"home": home}


SEEN = [
    *((page, {}) for page in (OVERVIEW, COHORT, CASE, TRAIN, "pages/start/3_import_data.py")),
    (CASE, {"case": "p1"}),
    (TRAIN, {"run": ROW}),
    (TRAIN, {"run": "gated"}),
    *((FEATURES, {"view": "case", "input": name}) for name in (FILM, NOTE, BEAT, ROW)),
    (FEATURES, {"view": "case", "input": FILM, "case": "p1"}),
    *((FEATURES, {"view": view, "input": BEAT}) for view in ("scale", "beside", "varied", "map", "separate")),
    *((ATTENTION, {"view": view, "run": "transformer"}) for view in ("case", "linked", "inside", "beside", "cohort")),
    (ATTENTION, {"view": "right", "run": "transformer"}),
    *((ATTENTION, {"view": view, "run": "gated", "case": "p1"}) for view in ("case", "linked", "inside")),
    (WHAT_IF, {"run": "gated", "case": "p1"}),
    *((ATTENTION, {"view": view, "run": ROW}) for view in ("case", "inside", "beside")),
    (WHAT_IF, {"run": ROW}),
    *(
        (COMPARE, {"look": look})
        for look in ("curves", "confusion", "decisions", "inputs", "cost", "robustness", "information")
    ),
]


@pytest.mark.parametrize(("page", "link"), SEEN, ids=lambda value: str(value)[:60])
def test_a_name_is_never_a_picture(cohort, runs, monkeypatch, page, link):
    monkeypatch.setenv("MMCORE_HOME", runs["home"])
    link = {"cohort": cohort, "case": FIRST, "explained": "1"} | {f"encoder.{k}": v for k, v in ENCODERS.items()} | link
    link["run"] = runs[link.get("run", "gated")]
    app = finish(open_page(page, **link))
    assert not app.error and not pictures(app)


def test_the_sweep_would_find_one():
    def page():
        import streamlit as st

        st.pills("a", ["![x](http://evil.example/1)"])
        st.table({"a": "![x](http://evil.example/2)"})
        st.metric("![x](http://evil.example/3)", 1, help="![x](http://evil.example/4)")

    assert len(pictures(AppTest.from_function(page).run())) == 4
