"""The figure of costs names the methods that none beats at less cost."""

from __future__ import annotations

import pandas as pd

from mmcore.figures import cost, theme

METHODS = ["xray", "note", "concat", "cross_attention"]

TINTS = theme.method_colours(METHODS, ["xray", "note"])

TABLE = pd.DataFrame(
    {
        "method": METHODS,
        "mean": [0.6, 0.7, 0.8, 0.85],
        "low": [0.55, 0.65, 0.75, 0.8],
        "high": [0.65, 0.75, 0.85, 0.9],
        "parameters": [10, 20, 3000, 40000],
        "seconds": [0.5, 0.6, 2.0, 30.0],
    }
)


def test_every_method_is_named_and_bold_where_none_beats_it_at_less_cost():
    beaten = pd.DataFrame([("late", 0.79, 0.8, 0.8, 500, 3.0)], columns=TABLE.columns)
    figure = cost.cost(pd.concat([TABLE, beaten]), "auroc", TINTS)
    named = {trace.text[0] for trace in figure.data if trace.text}
    bold = {f"<b>{name}</b>" for name in ("xray", "note", "concat", "cross attention")}
    assert named == {*bold, "late"}, "late is slower than concat, and no better"
    assert any(trace.name == "late" and "3.0 s" in trace.hovertemplate for trace in figure.data)
    assert cost.best_for_its_cost(TABLE, "brier") == ["xray"]
