import pytest

from planner.model.words import counted, few


@pytest.mark.parametrize(
    ("number", "noun", "said"),
    [
        (1, "file", "1 file"),
        (0, "file", "0 files"),
        (1200, "repository", "1,200 repositories"),
        (3, "day", "3 days"),
    ],
)
def test_things_are_counted_as_people_do(number, noun, said):
    assert counted(number, noun) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, ""), (1, "0"), (3, "0, 1, 2"), (4, "0, 1, 2 and 1 more"), (1234, "0, 1, 2 and 1,231 more")],
)
def test_of_many_the_first_few_are_named(number, said):
    assert few([str(each) for each in range(number)]) == said
