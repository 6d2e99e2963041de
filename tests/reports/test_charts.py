from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from reports.charts import Line, Part, Point, Span, Stack, Timetable


def test_a_stack_tells_its_parts_in_words():
    stack = Stack("Verdicts", "images", (Part("fresh", 1_200), Part("gone", 3)))
    assert stack.description == "Of 1,203 images: 1,200 fresh, 3 gone."


def test_the_ticks_of_a_timetable_are_round_and_few():
    table = Timetable("Waves", (Span("1", 0, 600, "first"), Span("2", 21_600, 22_000, "second")))
    assert [label for _, label in table.ticks] == ["0 s", "2 h", "4 h", "6 h"]
    assert all(0 <= at <= 100 for at, _ in table.ticks)


def test_a_wave_of_no_known_length_has_a_place():
    assert Timetable("Waves", (Span("1", 0, 0, "first"),)).end == 1


def line(*values: int) -> Line:
    start = datetime(2026, 5, 4, tzinfo=UTC)
    return Line("t", "places", tuple(Point(start + timedelta(days=n), v) for n, v in enumerate(values)))


@given(st.lists(st.integers(0, 10**7), min_size=1, max_size=8))
def test_scale_of_a_line_is_round_and_holds_every_value(values: list[int]):
    chart = line(*values)
    assert max(values) <= chart.top <= 2.5 * max(*values, 2)
    assert chart.top % 2 == 0
    assert all(0 <= x <= 100 and 0 <= y <= 100 for x, y in chart.placed)


def test_line_says_its_first_its_highest_and_its_last_value():
    assert line(5, 9, 2).description == "Places: 5 on 2026-05-04, at most 9 on 2026-05-05, 2 on 2026-05-06."
