from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.cli._plan_text import plan
from planner.model.job import Copy, Warm
from planner.model.plan import (
    AllowUpstreams,
    Charge,
    CreateRepository,
    Effort,
    Grant,
    Keep,
    Manual,
    Plan,
    Rewrite,
    Wave,
    key,
)
from planner.model.reference import Reference
from planner.model.repository import Cleanup, Credentials, Mode, Setup, Target
from planner.model.words import duration

HUB = Target("acme", "us", "hub", Mode.VIRTUAL)
REMOTE = Target("acme", "us", "hub-remote", Mode.REMOTE)
LONG = "a reason of many words that does not fit into one line of a terminal that has eighty columns"


def warm(text, reason="cached"):
    source = Reference.parse(text)
    return Warm(source, REMOTE.place(source), None, reason)


def rewrite(path, text="nginx:1", owners=()):
    source = Reference.parse(text)
    return Rewrite(path, 1, 1, text, source, HUB.place(source), (), "named", owners)


def document(*actions, **more):
    return Plan((), actions, more.pop("waves", ()), "", datetime(2026, 11, 23, tzinfo=UTC), **more)


SUM = (
    "Plan: 1 repository to create, 1 image to warm, 1 to copy, 2 places to rewrite, 1\n"
    "      to keep, 1 for you to decide."
)


def text(*actions, limit=None, width=80, **more):
    return "\n".join(plan(document(*actions, **more), limit, width))


def test_actions_stand_under_headings_with_their_number_in_the_order_they_are_done():
    nginx = Reference.parse("nginx:1")
    actions = (
        CreateRepository(REMOTE, "a proxy"),
        AllowUpstreams("acme", "us", "inside a perimeter"),
        Grant(REMOTE, "roles/reader", "allUsers", "pulls from it"),
        warm("nginx:1"),
        Copy(nginx, Reference.parse("mirror.gcr.io/library/nginx:1"), HUB.place(nginx), None, "gone"),
        rewrite("a"),
        rewrite("b"),
        Keep(nginx, ("a:1",), "it is ours"),
        Manual("$X", ("a:2",), "X is not set"),
    )
    assert (
        text(*actions)
        == """\
Repositories (1)
    # a proxy
  + repository us-docker.pkg.dev/acme/hub-remote (remote)

Service perimeters (1)
    # inside a perimeter
  + allow upstreams of acme in us

Grants (1)
    # pulls from it
  + grant roles/reader on us-docker.pkg.dev/acme/hub-remote to allUsers

Images (2)
    # cached
  * warm docker.io/library/nginx:1
      -> us-docker.pkg.dev/acme/hub-remote/library/nginx:1
    # gone
  > copy mirror.gcr.io/library/nginx:1
      -> us-docker.pkg.dev/acme/hub/library/nginx:1

Places in the code (2)
  ~ rewrite a:1: nginx:1
      -> us-docker.pkg.dev/acme/hub/library/nginx:1
  ~ rewrite b:1: nginx:1
      -> us-docker.pkg.dev/acme/hub/library/nginx:1

Left as they are (1)
    # it is ours
  = keep docker.io/library/nginx:1
      a:1

For you to decide (1)
    # X is not set
  ! manual $X
      a:2

"""
        + SUM
    )


def test_empty_plan_is_its_sum_alone():
    assert text().startswith("Plan: 0 repositories to create")


def test_waves_say_when_they_begin_how_long_they_take_and_what_they_pull():
    first, second, third = warm("a/a:1"), warm("b/b:1"), warm("c/c:1")
    waves = (
        Wave("rescued", (key(second),), 0, 60, 0, 2048),
        Wave("the rest", (key(first),), 21600, 90, 1, None),
    )
    said = text(first, second, third, waves=waves).splitlines()
    assert said[:3] == ["Wave 1 of 2: rescued (1)", "      takes 1 min, 2.0 kB", "    # cached"]
    assert said[6:8] == [
        "Wave 2 of 2: the rest (1)",
        "      begins after 6 h, takes 1 min 30 s, 1 pull of Docker Hub",
    ]
    assert said[12] == "Images of no wave (1)"


def test_one_wave_is_no_first_of_several():
    assert text(warm("a/a:1"), waves=(Wave("most used first", (key(warm("a/a:1")),)),)).startswith(
        "Images: most used first (1)\n"
    )


def test_reason_of_several_is_told_once_and_what_stays_is_put_together_by_it():
    kept = [Keep(Reference.parse(f"{name}:1"), (), reason) for name, reason in zip("abc", "xyx", strict=True)]
    signs = [line for line in text(*kept).splitlines() if line.startswith(("    #", "  ="))]
    assert signs == [
        "    # x",
        "  = keep docker.io/library/a:1",
        "  = keep docker.io/library/c:1",
        "    # y",
        "  = keep docker.io/library/b:1",
    ]


def test_sentences_end_at_the_width_and_names_are_whole():
    places = tuple(f"{'long/' * 30}{number}:1" for number in range(3))
    said = text(Keep(Reference.parse("nginx:1"), places, LONG)).splitlines()
    assert max(len(line) for line in said if line.startswith("    #")) <= 80
    assert [line.strip(" ,") for line in said if "long" in line] == list(places)


def test_places_stand_side_by_side_where_they_fit():
    keep = Keep(Reference.parse("nginx:1"), tuple(f"file{number}:1" for number in range(20)), "x")
    assert max(len(line) for line in text(keep).splitlines()) <= 80
    assert text(keep).count("\n") == 8


def test_limit_shows_some_of_each_kind_and_counts_the_rest():
    kept = [Keep(Reference.parse(f"a/{n}:1"), tuple("abcde"), "x") for n in range(5)]
    said = text(*[rewrite(f"f{n}") for n in range(9)], *kept, limit=2)
    assert said.count("~ rewrite") == 2
    assert "      … and 7 more\n" in said
    assert "      a, b, c and 2 more\n" in said
    assert "… and" not in text(rewrite("a"), rewrite("b"), limit=2)


def test_owners_stand_behind_what_they_own():
    assert "  ~ rewrite a:1: nginx:1  (@x, @y)\n" in text(rewrite("a", owners=("@x", "@y")))
    assert "  ! manual $X  (@x)\n" in text(Manual("$X", (), "r", ("@x",)))


def test_repository_says_what_it_is_made_with():
    setup = Setup(
        labels={"team": "web", "env": "x"}, scanning=False, cleanup=Cleanup(2_592_000, keep=("a", "b"))
    )
    virtual = CreateRepository(HUB, "one name", (REMOTE,), "ghcr.io", setup)
    assert text(virtual, width=250).splitlines()[1:4] == [
        "    # one name",
        "  + repository us-docker.pkg.dev/acme/hub (virtual, ghcr.io)",
        "      in front of hub-remote; labels env=x, team=web; not scanned for vulnerabilities;"
        " deletes versions without a tag after 30 d, but not 2 digests in use",
    ]


def test_repository_that_logs_in_and_only_logs_what_it_would_delete():
    login = Credentials("me", "projects/p/secrets/s/versions/1")
    setup = Setup({}, "projects/p/key", True, True, login, Cleanup(3_600, tagged=True, dry_run=True))
    assert text(CreateRepository(REMOTE, "", setup=setup), width=250).splitlines()[2] == (
        "      encrypted with projects/p/key; its tags never move;"
        " logs in as me with projects/p/secrets/s/versions/1;"
        " would delete, and only logs, versions after 1 h"
    )


def charge(what, low, high, per="month", remedy=""):
    return Charge(what, low, high, "USD", per, "12 GiB at 0.10", "a page", "2026-10-01", remedy)


def test_costs_are_a_table_with_what_they_are_reckoned_from():
    charges = (charge("storage", 1.2, 1.5), charge("scanning", 1234.5, None, "once", "turn it off"))
    assert text(charges=charges).splitlines()[:7] == [
        "Costs (2)",
        "    storage        1.20 to 1.50 USD  a month",
        "      12 GiB at 0.10 (a page, 2026-10-01)",
        "    scanning  at least 1,234.50 USD  once",
        "      12 GiB at 0.10 (a page, 2026-10-01)",
        "      to pay less: turn it off",
        "",
    ]


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (1, 1, "1.00 USD"),
        (0.001, 0.5, "under 0.01 to 0.50 USD"),
        (0, None, "not known"),
        (0, 0, "0.00 USD"),
    ],
)
def test_amount(low, high, said):
    assert text(charges=(charge("x", low, high),)).splitlines()[1] == f"    x  {said}  a month"


def test_effort_is_a_sentence_with_what_the_mirror_spares():
    said = text(effort=Effort(42, 22_800), direct=Effort(1, 90_000), width=200).splitlines()[0]
    assert said == "With mirror.gcr.io as source this takes 6 hours and 42 pulls, without it 25 hours."
    assert text(effort=Effort(1, 0)).splitlines()[0] == "This takes under a minute and 1 pull."


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3_661, "1 h 1 min"),
        (86_400, "1 d"),
        (86_460, "1 d"),
        (3_601, "1 h"),
    ],
)
def test_duration_has_its_two_largest_units(seconds, said):
    assert duration(seconds) == said


@given(st.integers(0, 12), st.integers(0, 12))
def test_shortened_plan_leaves_out_what_it_counts(count, limit):
    said = text(*[rewrite(f"f{number}") for number in range(count)], limit=limit).splitlines()
    shown = sum(line.startswith("  ~") for line in said)
    more = next((int(line.split()[2]) for line in said if "… and" in line), 0)
    assert (shown + more, shown) == (count, min(count, limit))
