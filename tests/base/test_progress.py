"""Protects what people are told of work under way."""

from mmcore.base import progress
from mmcore.base.progress import Pace, Phases, Step, part_of, time_left


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


def test_phases_make_a_whole_that_never_goes_back_and_idle_ones_take_nothing():
    seen: list[float] = []
    phases = Phases(lambda step: seen.append(round(step.share, 6)))
    first, idle, last = phases.next(0.4), phases.next(0.5), phases.next()
    for done in (0, 1, 2):
        first(Step("encoding", done, 2))
    for done in (0, 1, 2):
        last(Step("training", done, 2))
    assert seen == [0.0, 0.2, 0.4, 0.4, 0.7, 1.0] and idle is not None
    again = Phases(lambda step: seen.append(round(step.share, 6))).next()
    again(Step("all of it", 1, 2))
    again(Step("counted anew", 0, 2))
    assert seen[-2:] == [0.5, 0.5]


def test_pieces_count_by_their_weight_and_keep_their_live_numbers():
    seen: list[Step] = []
    part_of(seen.append, "b", 1, 3, {"method": "b"}, weights=[1, 8, 1])(Step("training", 1, 2, {"loss": 0.3}))
    part_of(seen.append, "b", 1, 4)(Step("training", 1, 2))
    assert [step.share for step in seen] == [0.5, 0.375] and seen[0].live == {"method": "b", "loss": 0.3}
    assert seen[0].label == "b (2 of 3): training"
