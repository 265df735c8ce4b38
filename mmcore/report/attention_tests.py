"""Whether the attention of the compared methods is a guide to what they used, method by method, and the tests of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from mmcore.base.capitals import capitalised
from mmcore.base.name_lists import all_of
from mmcore.base.settings import _, counted
from mmcore.base.signed_numbers import signed
from mmcore.explain.explanation_summary import overall
from mmcore.report.document import Section, Table
from mmcore.report.numbers import number


def attention(tested: Mapping[str, Mapping[str, Any]]) -> Section:
    """The verdict on each method, then what it rests on; where nothing was tested, that it was not.

    tested: by method, rows of the document of `explain`.
    """
    heading = _("Can the attention be believed?")
    if not tested:
        return Section(
            heading,
            (_("The attention was not tested here, so the weights of these methods must not be taken as reasons."),),
        )
    yes, no = _("yes"), _("no")
    rows = []
    for method, row in tested.items():
        mine = row["explanations"][row["by"]]
        agreement = row["agreement"].get("integrated_gradients")
        rows.append(
            (
                method.replace("_", " "),
                {"tokens": _("places within inputs"), "inputs": _("whole inputs")}.get(row["attention"], _("none")),
                yes if row["faithful"] else no,
                yes if row["better_than_even"] else no,
                number(mine["deletion_vs_random"]["mean"]),
                signed(agreement, 2),
            )
        )
    heads = (
        _("method"), _("weighs"), _("better than chance"), _("better than even weights"), _("deletion against chance"),
        _("agrees with gradients"),
    )  # fmt: skip
    cases = max(int(row["cases"]) for row in tested.values())
    note = _(
        "In {cases} cases, what the method weighs most was taken away first, and in a second test "
        "brought back first. If the attention is right, the model's support for its prediction falls "
        "sooner (“deletion against chance” below 0) or comes back sooner than in a random order, and "
        "sooner than with even weights. Agreement is the rank correlation with integrated gradients, "
        "another way to ask the model, from −1 to 1."
    ).format(cases=cases)
    by_name = {method.replace("_", " "): row for method, row in tested.items()}
    lines = [overall(by_name)] if len(by_name) > 1 else []
    lines += [
        capitalised(str(row["verdict"]).replace(method, method.replace("_", " ")))
        for method, row in tested.items()
        if row["attention"] is not None
    ]
    if silent := [name for name, row in by_name.items() if row["attention"] is None]:
        words = counted(
            len(silent),
            "{methods} shows no weights; the table tests its integrated gradients instead.",
            "{methods} show no weights; the table tests their integrated gradients instead.",
            methods=all_of(silent),
        )
        lines.append(capitalised(words))
    return Section(heading, tuple(filter(None, lines)), Table(heads, tuple(rows), note))
