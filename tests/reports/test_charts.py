from reports.charts import Part, Span, Stack, Timetable


def test_a_stack_tells_its_parts_in_words():
    stack = Stack("Verdicts", "images", (Part("fresh", 1_200), Part("gone", 3)))
    assert stack.description == "Of 1,203 images: 1,200 fresh, 3 gone."


def test_the_ticks_of_a_timetable_are_round_and_few():
    table = Timetable("Waves", (Span("1", 0, 600, "first"), Span("2", 21_600, 22_000, "second")))
    assert [label for _, label in table.ticks] == ["0 s", "2 h", "4 h", "6 h"]
    assert all(0 <= at <= 100 for at, _ in table.ticks)


def test_a_wave_of_no_known_length_has_a_place():
    assert Timetable("Waves", (Span("1", 0, 0, "first"),)).end == 1
