"""How long an answer to an edited case takes: each kind of edit on `heart`, and the search for the one that flips it.

Run from the repository root: python -m tests.benchmarks.bench_whatif [CASES]
"""

from __future__ import annotations

import os
import sys
import tempfile
import time

import numpy as np

AT_MOST = 300  # ms an answer may take
TRIES = 9
METHODS = ("gated", "cross_attention")


def run(cases: int = 160) -> list[dict]:
    """Median milliseconds per answer: [{name, value, unit, at_most}], of a method on vectors and one on tokens.

    Trained in an empty home folder with few epochs, which changes no time asked for here. Every try edits another
    value, so nothing but the unchanged inputs is known.
    """
    from mmcore import studies
    from mmcore.training import TrainingSpec

    before = os.environ.get("MMCORE_HOME")
    with tempfile.TemporaryDirectory() as folder:
        os.environ["MMCORE_HOME"] = folder
        try:
            settings = studies.StudySettings(training=TrainingSpec(epochs=3))
            cohort = studies.open("heart").select([f"heart-{row + 1:04d}" for row in range(cases)])
            rows = []
            for method in METHODS:
                result = studies.train(cohort, studies.plan(cohort, method, settings=settings))
                rows += _of(method, result, cohort)
            return rows
        finally:
            if before is None:
                del os.environ["MMCORE_HOME"]
            else:
                os.environ["MMCORE_HOME"] = before


def _of(method: str, run, cohort) -> list[dict]:
    from mmcore import studies
    from mmcore.base.values import Box
    from mmcore.explain import edits
    from mmcore.explain.counterfactual import counterfactuals

    case = next(case for case in map(cohort.case, cohort.ids) if len(case.values) == len(cohort.inputs))
    session = studies.what_if(run, cohort, case)
    words = edits.words(case.values["note"])
    kinds = {
        "an input removed": lambda i: {list(case.values)[i % 4]: None},
        "another case's image": lambda i: {"xray": np.roll(case.values["xray"], i + 1, axis=1)},
        "a region erased": lambda i: {"xray": edits.erase(case.values["xray"], Box(0.1, 0.1, 0.3, 0.2 + 0.05 * i))},
        "a word edited": lambda i: {"note": edits.replace_words(case.values["note"], words[i % len(words)], "pain")},
        "seconds flattened": lambda i: {"ecg": edits.mask_seconds(case.values["ecg"], 0.5 * i, 0.5 * i + 1)},
        "signal shifted": lambda i: {"ecg": edits.shift(case.values["ecg"], 0.1 * (i + 1))},
        "noise added": lambda i: {"ecg": edits.noise(case.values["ecg"], 0.2, i)},
        "a value edited": lambda i: {"labs": edits.set_value(case.values["labs"], "age", 40.0 + i)},
    }
    rows = []
    for kind, change in kinds.items():
        session.ask(change(TRIES))  # weights of the encoder are loaded
        rows.append(
            _row(
                f"{method}: {kind}", [_seconds(lambda i=i, change=change: session.ask(change(i))) for i in range(TRIES)]
            )
        )
    options = studies.alternatives(cohort)
    fresh = [studies.what_if(run, cohort, case) for _try in range(3)]
    searches = [_seconds(lambda session=session: counterfactuals(session, options)) for session in fresh]
    return [*rows, _row(f"{method}: which one change flips it?", searches, 10 * AT_MOST)]


def _seconds(ask) -> float:
    started = time.perf_counter()
    ask()
    return time.perf_counter() - started


def _row(name: str, seconds: list[float], at_most: float = AT_MOST) -> dict:
    return {"name": f"what if, {name}", "value": 1000 * float(np.median(seconds)), "unit": "ms", "at_most": at_most}


if __name__ == "__main__":
    for row in run(int(sys.argv[1]) if len(sys.argv) > 1 else 160):
        print(f"{row['name']}: {row['value']:.0f} ms (wanted: at most {row['at_most']:.0f})")
