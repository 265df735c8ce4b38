"""Every benchmark in one table: python -m tests.benchmarks [training] [strength] [extraction] [encoding] ..

Nothing here passes or fails; ratios are of one run on this machine, which should have nothing else to do.
"""

from __future__ import annotations

import importlib
import sys

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.table import Table

PARTS = (
    "training", "strength", "extraction", "encoding", "compare", "whatif", "intervals", "verdicts", "need", "mutations",
    "deidentification", "delineation", "wide",
)  # fmt: skip


def main(chosen: list[str]) -> int:
    unknown = [name for name in chosen if name not in PARTS]
    if unknown:
        print(f"There is no benchmark named {unknown[0]}. There is: {', '.join(PARTS)}.", file=sys.stderr)
        return 2
    console, rows = Console(), list[dict]()
    for part in chosen or PARTS:
        Console(stderr=True).print(f"running {part} ...")
        module = importlib.import_module(f"tests.benchmarks.bench_{part}")
        done = module.run()
        if hasattr(module, "show"):  # a table of its own
            console.print(module.show(done))
        else:
            rows += done
    if not rows:
        return 0
    table = Table(box=SIMPLE_HEAD)
    table.add_column("benchmark", overflow="fold")
    for column in ("measured", "wanted", ""):
        table.add_column(column, justify="right", no_wrap=True)
    for row in rows:
        table.add_row(row["name"], *_values(row))
    console.print(table)
    return 0


def _values(row: dict) -> tuple[str, str, str]:
    """What was measured, what is wanted, and whether it is reached."""
    if "ratio" in row:
        wanted = row.get("target")
        measured = f"{row['ratio']:.{2 if row['ratio'] < 10 else 0}f}x"
        reached = "" if not wanted else "yes" if row["ratio"] >= wanted else "no"
        return measured, f">= {wanted:g}x" if wanted else "", reached
    measured = f"{row['value']:.2f} {row['unit']}"
    return measured, f"<= {row['at_most']:g} {row['unit']}", "yes" if row["value"] <= row["at_most"] else "no"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
