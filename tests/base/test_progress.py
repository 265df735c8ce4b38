"""Protects what people are told of work under way."""

from mmcore.base import progress
from mmcore.base.progress import Pace, time_left


def test_time_left_follows_the_pace(monkeypatch):
    now = [100.0]
    monkeypatch.setattr(progress.time, "monotonic", lambda: now[0])
    pace = Pace(300)
    now[0] += 1
    assert pace.left(10) is None, "too early to tell"
    now[0] += 9
    assert pace.left(0) is None
    assert pace.left(100) == 20 and pace.left(300) == 0


def test_time_left_as_people_say_it():
    output = [time_left(seconds) for seconds in (3, 34, 70, 125, 3000, 7300)]
    assert output == [
        "a few seconds left",
        "about 30 s left",
        "about 1 min left",
        "about 2 min left",
        "about 50 min left",
        "about 2 h left",
    ]
