import pytest

from planner.model.words import counted


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
