"""Protects the newcomer's promise: each example, saved as one file, passes the sweeps of its registry unchanged."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections import Counter
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from mmcore.cohorts import open_cohort
from pages.frame import navigation
from tests.examples.dropped_in import HERE, PACKAGES
from tests.pages.opened import words

ROOT = HERE.parents[1]
SWEEPS = {  # the files whose tests run over a whole registry, and how many of them there are at least
    "quadratic_mean": ("tests/fusion/test_contract.py", 14),
    "word_lengths": ("tests/encoders/test_contract.py", 6),
    "ascii_signal": ("tests/readers/test_reader_contract.py", 7),
    "lower_case": ("tests/augmentation/test_augmentation.py", 3),
}
READS = """
from mmcore import readers
from mmcore.base.errors import BadInput
from mmcore.base.values import Kind
assert readers.kind_of("walk.asc") is Kind.SIGNAL
signal = readers.read_bytes("signal", "walk.asc", b"1 2\\n3 4\\n5 6\\n")
assert signal.samples.tolist() == [[1, 3, 5], [2, 4, 6]]
for wrong in (b"1 2\\n3", b"a b", b"\\n", b"\\xff\\xfe", b"nan"):
    try:
        readers.read_bytes("signal", "walk.asc", wrong)
    except BadInput as error:
        assert "walk.asc" in error.message and error.hint
    else:
        raise AssertionError(wrong)
"""


@pytest.fixture(scope="module")
def outcomes(tmp_path_factory) -> dict[str, Counter]:
    """Example -> how its tests ended, from one run of all sweeps with the examples dropped in."""
    report = tmp_path_factory.mktemp("examples") / "report.xml"
    sweeps = dict.fromkeys(file for file, _least in SWEEPS.values())
    run = subprocess.run(
        [
            *(sys.executable, "-m", "pytest", "-p", "tests.examples.dropped_in", "-p", "no:cacheprovider", "-n0"),
            *(*sweeps, "-k", " or ".join(SWEEPS), f"--junitxml={report}"),
        ],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stdout[-3000:] + run.stderr[-3000:]
    ended: dict[str, Counter] = {name: Counter() for name in SWEEPS}
    for case in ET.parse(report).iter("testcase"):
        for name in SWEEPS:
            if name in case.get("name", ""):
                ended[name][case[0].tag if len(case) else "passed"] += 1
    return ended


@pytest.mark.parametrize("name", SWEEPS)
def test_each_example_passes_the_sweep_of_its_registry(outcomes, name):
    assert set(outcomes[name]) <= {"passed"} and outcomes[name]["passed"] >= SWEEPS[name][1]


def test_the_reader_reads_what_it_says_and_refuses_the_rest(tmp_path):
    (tmp_path / "reads.py").write_text(
        f"import importlib\nimportlib.import_module('mmcore.readers').__path__.append({str(tmp_path)!r})\n{READS}"
    )
    (tmp_path / "ascii_signal.py").write_text((HERE / "ascii_signal.py").read_text(encoding="utf-8"), encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    run = subprocess.run([sys.executable, tmp_path / "reads.py"], cwd=ROOT, env=env, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_a_page_is_listed_and_opens(monkeypatch):
    path, files = HERE / "5_missing.py", navigation.files()
    assert (navigation.title_of(path), navigation.icon_of(path)) == ("Missing inputs", ":material/rule:")
    monkeypatch.setattr(navigation, "files", lambda: {**files, "explore": [*files["explore"], path]})
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=120)
    app.switch_page(str(path)).run()
    assert not app.exception and not app.error
    assert "How many cases have each input." in words(app)
    assert list(app.dataframe[0].value["Input"]) == list(open_cohort("heart", cases=1).inputs)


@pytest.mark.parametrize("name", [*PACKAGES, "5_missing"])
def test_an_example_says_where_it_is_saved(name):
    first = (HERE / f"{name}.py").read_text(encoding="utf-8").splitlines()[0]
    where = re.search(r": save as (\S+\.py)\.\"\"\"$", first)
    assert where and Path(where[1]).name == f"{name}.py" and (ROOT / where[1]).parent.is_dir()
    if name in PACKAGES:
        assert str(Path(where[1]).parent) == PACKAGES[name].replace(".", "/")


@pytest.mark.parametrize("paper", ["README.md", "CONTRIBUTING.md"])
def test_every_snippet_of_code_is_a_file_that_is_tested(paper):
    if not (ROOT / paper).exists():
        pytest.skip(f"{paper} is not written yet")
    snippets = re.findall(
        r"^```python\n(.*?)^```$", (ROOT / paper).read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE
    )
    files = [path.read_text(encoding="utf-8") for path in HERE.glob("*.py")]
    for snippet in snippets:
        assert snippet in files, f"this is not the whole of a file in tests/examples:\n{snippet[:200]}"
