"""Protects what a person sees of long work where no bar can move: a line now and then, and not too many."""

from mmcore.base.progress import Step
from mmcore.cli import output


def test_long_work_without_a_terminal_tells_a_line_now_and_then(capsys, monkeypatch):
    now = [0.0]
    monkeypatch.setattr(output.time, "monotonic", lambda: now[0])
    with output.Bar(True) as bar:
        for second in range(65):
            now[0] = float(second)
            bar(Step("gated (2 of 5)", second, 65, left=30.0))
    out, err = capsys.readouterr()
    assert out == ""
    assert err.splitlines() == [f"mmcore: gated (2 of 5) {done}/65 · about 30 s left" for done in (20, 40, 60)]
