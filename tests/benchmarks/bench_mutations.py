"""Damaged files of every format, read and encoded in children with limits, and given to the commands as a cohort."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.readers import mutated

FILES, SEED = 500, 20
COMMANDS = {
    "inspect": (),
    "encode": (),
    "compare": ("--folds", "2", "--seeds", "1", "--fusion", "concat", "--no-plain"),
}
KINDS = {"image": "hog", "signal": "minirocket", "text": "tfidf_svd"}


def run() -> list[dict]:
    """Rows: how many files ended in anything but a value or a sentence, the most seconds and MB that one cost, and how
    many commands ended in a traceback."""
    # threads do not outlive a fork
    os.environ["TOKENIZERS_PARALLELISM"], os.environ["OMP_NUM_THREADS"] = "false", "1"
    _ready()
    files = list(mutated.mutations(FILES, SEED))
    with tempfile.TemporaryDirectory() as folder:
        outcomes = []
        for number, (name, data) in enumerate(files):
            (place := Path(folder) / str(number)).mkdir()
            outcomes.append(mutated.outcome(mutated.laid_out(name, data, place)))
            if outcomes[-1].bad:
                print(number, name, outcomes[-1], file=sys.stderr)
        failed = sum(_fails(kind, files, Path(folder)) for kind in KINDS)
    return [
        {"name": f"{FILES} damaged files: neither a value nor a sentence", "unit": "files", "at_most": 0,
         "value": sum(outcome.what not in ("value", "set aside") for outcome in outcomes)},
        {"name": "the dearest of them, processor time", "unit": "s", "at_most": mutated.SECONDS,
         "value": max(outcome.seconds for outcome in outcomes)},
        {"name": "the dearest of them, memory", "unit": "MB", "at_most": mutated.BYTES / 2**20,
         "value": max(outcome.bytes for outcome in outcomes) / 2**20},
        {"name": "commands on cohorts of them that end in a traceback", "unit": "of 9", "at_most": 0, "value": failed},
    ]  # fmt: skip


def _ready() -> None:
    """What every child shares: packages and weights, loaded before they part."""
    from mmcore import encoders, readers
    from mmcore.base.values import InputSpec, Kind
    from mmcore.features import encode_case

    readers.readers.items()
    encode_case(
        encoders.make(mutated.ENCODERS[Kind.TEXT], InputSpec(name="x", kind=Kind.TEXT, columns=("x",))), "no pain"
    )


def _fails(kind: str, files: list[tuple[str, bytes]], folder: Path) -> int:
    """How many commands end in a traceback on a cohort of all damaged files of a kind, and a few whole ones."""
    from mmcore import readers

    place = folder / kind
    place.mkdir()
    lines = ["id,file,age,label"]
    suffixes = readers.suffixes(kind)
    for number, (name, data) in enumerate([*mutated.whole_files().items(), *files]):
        if name.endswith(suffixes) and not name.startswith("r."):
            (place / f"{number}{''.join(Path(name).suffixes)}").write_bytes(data)
            lines.append(f"{number},{number}{''.join(Path(name).suffixes)},{20 + number % 50},{'ab'[number % 2]}")
    (place / "cases.csv").write_text("\n".join(lines))
    roles = ("--target", "label", "--id", "id", "--input", f"x={kind}:file", "--input", "v=table:age")
    failed = 0
    for command, options in COMMANDS.items():
        chosen = () if command == "inspect" else ("--encoder", f"x={KINDS[kind]}")
        ended = subprocess.run(
            [sys.executable, "-m", "mmcore", command, str(place), "--json", *roles, *chosen, *options],
            capture_output=True, text=True,
        )  # fmt: skip
        if ended.returncode not in (0, 2) or "Traceback" in ended.stderr:
            print(kind, command, ended.stderr[-800:], file=sys.stderr)
            failed += 1
    return failed
