"""What stands where follows from the references and the seed."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.model.reference import Reference
from planner.rehearsal.filling import PROBE, fill, image_of
from planner.rehearsal.mirror import Holding, holding
from planner.rehearsal.storage import Storage

NAMES = [f"{owner}/{name}" for owner in ("library", "someone") for name in "abcdefghijklmnopqrstuvwxyz"]


def held(storage: Storage, reference: Reference) -> str:
    repository = storage.repositories.get(reference.repository)
    manifest = repository.find(reference.version) if repository else None
    return manifest.digest if manifest else ""


def an(how: Holding) -> Reference:
    """Return an image that the mirror has in one way."""
    return next(Reference("docker.io", name, "1") for name in NAMES if holding(name) is how)


def test_every_reference_is_at_docker_hub_whatever_carries_it():
    names = (
        "nginx",
        "grafana/grafana:11",
        "mirror.gcr.io/library/redis:7",
        "public.ecr.aws/docker/library/node:22",
    )
    references = [Reference.parse(name) for name in names]
    filling = fill(references)
    assert all(held(filling.hub, it.upstream) for it in references if it.upstream)
    assert filling.unfilled == ()


def test_other_registries_have_no_part_in_it():
    filling = fill([Reference.parse("quay.io/a/b:1")])
    assert set(filling.hub.repositories) == {PROBE.repository}
    assert filling.unfilled == ()


@pytest.mark.parametrize(("how", "same"), [(Holding.FRESH, True), (Holding.STALE, False)])
def test_mirror_has_the_digest_of_docker_hub_or_an_earlier_one(how: Holding, same: bool):
    filling = fill([an(how)])
    assert held(filling.mirror, an(how))
    assert (held(filling.mirror, an(how)) == held(filling.hub, an(how))) is same


def test_mirror_lacks_some():
    assert not held(fill([an(Holding.ABSENT)]).mirror, an(Holding.ABSENT))


def test_withdrawn_image_is_on_the_mirror_alone():
    reference = an(Holding.ABSENT)
    filling = fill([reference], withdrawn=[reference])
    assert held(filling.mirror, reference)
    assert reference.repository not in filling.hub.repositories


def test_private_image_is_never_on_the_mirror():
    reference = an(Holding.FRESH)
    filling = fill([reference], private=[reference])
    assert filling.private == {reference.repository}
    assert held(filling.hub, reference)
    assert not held(filling.mirror, reference)


def test_digest_that_nobody_made_is_told():
    pinned = Reference.parse(f"nginx:1.27@sha256:{'a' * 64}")
    filling = fill([pinned])
    assert filling.unfilled == (pinned,)
    assert not held(filling.hub, pinned)


def test_digest_of_an_earlier_world_is_there_again():
    tag = Reference.parse("nginx:1.27")
    pinned = tag.with_version("1.27", image_of(tag).digest)
    assert held(fill([pinned]).hub, pinned) == pinned.digest
    assert fill([pinned]).unfilled == ()
    assert fill([pinned], seed=1).unfilled == (pinned,)


@given(st.lists(st.sampled_from(NAMES), max_size=6), st.integers(0, 3))
@settings(max_examples=15)
def test_order_and_repetition_make_no_difference(names: list[str], seed: int):
    references = [Reference("docker.io", name, "1") for name in names]
    assert fill(references, seed=seed) == fill([*reversed(references), *references], seed=seed)
