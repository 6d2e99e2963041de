"""The hand that chance has in a rehearsal."""

from hypothesis import given
from hypothesis import strategies as st

from planner.rehearsal.network import Network
from planner.rehearsal.stage import Stage
from planner.rehearsal.world import World


def stage(seed: int) -> Stage:
    return Stage(World(), Network(), seed)


@given(st.integers(0, 60), st.floats(0, 1), st.integers(0, 9))
def test_a_share_is_so_many_in_their_order_and_the_same_every_time(number, share, seed):
    items = [f"image-{place}" for place in range(number)]
    found = stage(seed).some(items, share, "why")
    assert found == sorted(found, key=items.index)
    assert len(set(found)) == len(found) == min(max(round(number * share), 1), number)
    assert stage(seed).some(items, share, "why") == found


def test_another_seed_and_another_reason_have_other_victims():
    items = list(range(100))
    chosen = {tuple(stage(seed).some(items, 0.3, why)) for seed in (0, 1) for why in ("evicted", "stale")}
    assert len(chosen) == 4
