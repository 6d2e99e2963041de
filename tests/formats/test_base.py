"""Embedded texts: what is found in one is told with its place in the file that holds it."""

from hypothesis import given
from hypothesis import strategies as st

from planner.formats._base import Candidate, embedded, within
from planner.model.inventory import Role
from planner.model.source import Run, Text

_RUNS = st.lists(st.builds(Run, st.text("abc", min_size=1, max_size=4), st.integers(-1, 50)), min_size=1)


@given(_RUNS, st.data())
def test_a_piece_of_a_host_has_the_places_that_cutting_it_out_gives(runs, data):
    host = Text(tuple(runs))
    start = data.draw(st.integers(0, len(host) - 1))
    stop = data.draw(st.integers(start + 1, len(host)))
    value = Text.at(start, str(host)[start:stop])
    [moved] = embedded(iter([Candidate.of(value, Role.SCRIPT)]), host)
    assert moved.value == within(value, host) == Text.join([host.cut(start, stop)])


def test_a_candidate_begins_where_its_first_character_stands():
    [moved] = embedded(iter([Candidate(Text(), Role.SCRIPT, 2, "x")]), Text((Run("ab", 10), Run("cd", 20))))
    assert moved.start == 20


def test_a_piece_of_another_file_stays_there():
    value = Text((Run("nginx", 3, ".env"),))
    [moved] = embedded(iter([Candidate(value, Role.SCRIPT, 11, "$V")]), Text.at(10, "docker run $V"))
    assert (moved.value, moved.start) == (value, 21)
