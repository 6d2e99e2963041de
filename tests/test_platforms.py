"""Verdicts for platforms: what holds whatever the registries say."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from planner.contents import UNTOLD, Content, Part
from planner.model.availability import Probe, Status, Verdict, verdict
from planner.model.reference import Reference
from planner.platforms import platforms

NOW = datetime(2026, 11, 23, tzinfo=UTC)
NGINX = Reference.parse("nginx:1.27")
CACHED = Reference("mirror.gcr.io", NGINX.repository, NGINX.tag)
DIGESTS = [f"sha256:{letter * 64}" for letter in "abc"]
NAMES = ("linux/amd64", "linux/arm64", UNTOLD)
WANTED = NAMES[:2]

parts = st.builds(
    Part,
    st.sampled_from(DIGESTS),
    st.one_of(st.none(), st.integers(0, 9)),
    st.sampled_from([(), (DIGESTS[2],)]),
    st.sampled_from(["", "no answer"]),
)
contents = st.builds(
    Content,
    st.just("index"),
    st.one_of(st.none(), st.dictionaries(st.sampled_from(NAMES), parts, min_size=1)),
    st.sampled_from(["", "no answer"]),
)


def probes(reference):
    absent = st.sampled_from([status for status in Status if status is not Status.PRESENT])
    return st.one_of(
        st.builds(Probe, st.just(reference), st.just(Status.PRESENT), st.just(NOW), st.sampled_from(DIGESTS)),
        st.builds(Probe, st.just(reference), absent, st.just(NOW)),
    )


@given(probes(NGINX), st.one_of(st.none(), probes(CACHED)), contents, contents)
def test_verdict_follows_from_what_was_said(hub, mirror, upstream, cached):
    for each in platforms(WANTED, hub, mirror, upstream, cached):
        there = mirror is not None and mirror.status is Status.PRESENT
        gone = hub.status in (Status.MISSING, Status.DENIED)
        match each.verdict:
            case Verdict.CACHED_FRESH | Verdict.CACHED_STALE:
                assert there
                assert hub.status is Status.PRESENT
                assert each.mirror
                assert not each.lacking
            case Verdict.RESCUE:
                assert gone
                assert there
                assert not each.lacking
            case Verdict.NOT_CACHED:
                assert hub.status is Status.PRESENT
            case Verdict.MISSING_OR_PRIVATE:
                assert gone or upstream.parts is not None
            case Verdict.UNKNOWN:
                assert each.detail


@given(probes(NGINX), probes(CACHED), st.dictionaries(st.sampled_from(WANTED), parts, min_size=1))
def test_platform_is_never_better_off_than_its_image(hub, mirror, held):
    """Where both hold one and the same index, what is cached of it is cached as the whole is."""
    content = Content("index", held)
    whole = verdict(hub, mirror)
    for each in platforms(held, hub, mirror, content, content):
        if (
            hub.digest
            and hub.digest == mirror.digest
            and not each.lacking
            and not held[each.platform].problem
        ):
            assert each.verdict is whole is Verdict.CACHED_FRESH


@given(probes(NGINX), probes(CACHED), contents)
def test_chart_and_signature_have_no_platforms(hub, mirror, content):
    assert list(platforms(WANTED, hub, mirror, Content("helm-chart"), content)) == []
