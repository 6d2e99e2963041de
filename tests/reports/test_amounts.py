import pytest

from reports.amounts import between, named


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
