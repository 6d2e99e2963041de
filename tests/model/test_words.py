import pytest

from planner.model.words import counted, duration, few, short_digest, short_digests, size


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


def test_digests_in_a_text_are_cut_to_twelve_digits():
    digest = f"sha256:{'ab' * 32}"
    assert short_digest(digest) == "sha256:abababababab"
    assert (
        short_digests(f"a@{digest}: not b@{digest}") == "a@sha256:abababababab…: not b@sha256:abababababab…"
    )


@pytest.mark.parametrize(
    ("seconds", "said"),
    [(0, "0 s"), (59, "59 s"), (61, "1 min 1 s"), (3_600, "1 h"), (21_970, "6 h 6 min"), (86_405, "1 d")],
)
def test_a_time_is_told_in_its_two_largest_units(seconds, said):
    assert duration(seconds) == said


@pytest.mark.parametrize(
    ("number", "said"),
    [(0, "0 B"), (999, "999 B"), (1_500, "1.5 kB"), (2_500_000, "2.5 MB"), (10**16, "10000.0 TB")],
)
def test_bytes_are_told_in_decimal_units(number, said):
    assert size(number) == said
