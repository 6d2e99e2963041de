import pytest

from planner.model.words import duration
from reports.amounts import between, named, size


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3_600, "1 h"), (21_970, "6 h 6 min"), (86_405, "1 d")],
)
def test_a_time_is_told_in_its_two_largest_units(seconds: int, said: str):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (2_500_000, "2.5 MB"), (10**16, "10000.0 TB")],
)
def test_bytes_are_told_in_decimal_units(number: int, said: str):
    assert size(number) == said


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0, 0, "0 USD"),
        (0, None, "not known"),
        (1.5, None, "at least 1.50 USD"),
        (0, 9.1, "0 to 9.10 USD"),
        (0.001, 0.001, "under 0.01 USD"),
    ],
)
def test_money_is_a_range_with_what_is_not_known(low: float, high: float | None, said: str):
    assert between(low, high, "USD") == said


def test_names_are_few_and_the_rest_is_counted():
    assert (named("ab"), named("abcde")) == ("a, b", "a, b, c and 2 more")
