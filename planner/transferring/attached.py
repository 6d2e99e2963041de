"""What is attached to images: signatures, attestations, bills of materials, whatever refers to a manifest.

It is found where the source lists referrers, under the tag that stands in for such a list, and under cosign's
tags. For the tags, a repository is listed once a run, so that an image with nothing attached costs no request
of its own; listing is no pull. It goes up before its image does: whatever interrupts a run, an image that is
there has it. Manifests about something that is not there yet are allowed
(https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pushing-manifests-with-subject).

What cannot be moved does not hold up its image; it is reported.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

import msgspec

from planner.errors import NotFound, RateLimited, RegistryError, Unavailable
from planner.model.reference import DOCKER_HUB, Reference
from planner.registries.oci import Descriptor, Manifest
from planner.registries.referrers import AFTER, BEFORE, about, fallback, merged
from planner.transferring.content import Content

MOST_ATTACHED = 100  # to one image, its platforms included
DEEPEST_ATTACHED = 3  # a signature of a bill of materials of an image is 2
_MOST_TAGS = 20_000  # of one repository, that belong to something else
_ENOUGH = 100  # tags in order, after which a list is believed to be in order
_TRIES = 3  # to have a list in a tag, where another run writes it at the same time


class Attachments(msgspec.Struct):
    """What is attached to one image, on its way."""

    content: Content
    source: Reference
    brought: int = 0  # that were not there
    left: list[str] = msgspec.field(default_factory=list)  # why something was left behind
    _seen: set[str] = msgspec.field(default_factory=set)  # digests and tags

    async def bring(self, digests: Sequence[str]) -> None:
        """Bring what is attached to manifests, and what is attached to that."""
        level = list(dict.fromkeys(digests))
        for depth in range(1, DEEPEST_ATTACHED + 2):
            found = [(digest, await self._listed(digest), await self._tags(digest)) for digest in level]
            if depth > DEEPEST_ATTACHED:
                if any(listed or tags for _, listed, tags in found):
                    self.left.append(f"what is attached more than {DEEPEST_ATTACHED} deep")
                return
            self._expect([name for _, listed, tags in found for name in (*listed, *tags)])
            level = [
                name
                for digest, listed, tags in found
                for name in (await self._referrers(digest, listed) + await self._tagged(tags))
            ]
            if not level:
                return

    def _expect(self, names: Sequence[str]) -> None:
        """Tell what is going to be fetched, where that is counted as pulls."""
        if self.source.registry == DOCKER_HUB:
            new = {name for name in names if name not in self._seen and about(name) != name}
            self.content.reader.ledger.expect(min(len(new), MOST_ATTACHED))

    @property
    def told(self) -> str:
        """What became of it, in a few words; empty where nothing was attached."""
        parts = [f"{self.brought} attached"] if self.brought else []
        return "; ".join([*parts, *(f"left behind: {each}" for each in self.left)])

    async def _tags(self, digest: str) -> list[str]:
        """Return the tags of what is attached to a digest, as the source's list of tags has them."""
        ledger, name = self.content.reader.ledger, self.source.name
        async with ledger.lock(name, ""):
            if name not in ledger.attached:
                ledger.attached[name] = await self._all_tags()
        return ledger.attached[name].get(fallback(digest), [])

    async def _all_tags(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        count, ordered, previous = 0, True, ""
        # Not found: what is gone from its registry, but still in a cache.
        with self._or_left("what is attached by tag, which could not be listed: "), suppress(NotFound):
            async for tag in self.content.reader.registries.tags(self.source, BEFORE):
                count, ordered, previous = count + 1, ordered and previous <= tag, tag
                if subject := about(tag):
                    found.setdefault(subject, []).append(tag)
                if count >= _MOST_TAGS or (ordered and count >= _ENOUGH and tag >= AFTER):
                    break
        return found

    async def _listed(self, digest: str) -> list[str]:
        """Return the digests of what refers to a digest, by the source's list and by the tag in its stead."""
        found: list[str] = []
        with self._or_left(f"what {self.source.registry} lists about {digest}: "):
            referrers = await self._registered(self.source.with_version(None, digest))
            found = [each.digest for each in referrers or ()]
        if (tag := fallback(digest)) in await self._tags(digest):
            with self._or_left():
                index = await self.content.reader.manifest(self.source.with_version(tag, None))
                found += [each.digest for each in index.children]
        return list(dict.fromkeys(found))

    async def _registered(self, subject: Reference) -> tuple[Descriptor, ...] | None:
        """Return what a registry lists as referring to a digest; one that keeps no list is asked once."""
        reader, registry = self.content.reader, subject.registry
        lists = reader.ledger.lists
        if registry not in lists:
            async with reader.ledger.lock(registry, "referrers"):
                if registry not in lists:
                    found = await reader.registries.referrers(subject)
                    lists[registry] = found is not None
                    return found
        return await reader.registries.referrers(subject) if lists[registry] else None

    async def _tagged(self, tags: Sequence[str]) -> list[str]:
        """Bring what has tags of its own; return the digests of what was there or is now."""
        there = []
        for tag in tags:
            if about(tag) != tag and self._new(tag):
                name = self.content.into.with_version(tag, None)
                with self._or_left():
                    there.append(await self._under_tag(self.source.with_version(tag, None), name))
        return there

    async def _under_tag(self, source: Reference, name: Reference) -> str:
        reader = self.content.reader
        digest, found = await reader.resolve(source), await reader.digest(name)
        if found is None:
            await self._put(digest, name)
        elif found != digest:
            self.left.append(f"{name.tag} is {found} there and {digest} at the source")
        return digest

    async def _referrers(self, subject: str, digests: Sequence[str]) -> list[str]:
        """Bring what refers to a manifest, and have it listed; return the digests of what is there now."""
        there = []
        for digest in digests:
            if digest != subject and self._new(digest):
                with self._or_left():
                    there.append(await self._referrer(digest, subject))
        if there:
            await self._list(subject, there)
        return [manifest.digest for manifest in there]

    async def _referrer(self, digest: str, subject: str) -> Manifest:
        place = self.content.into.with_version(None, digest)
        if await self.content.reader.digest(place) == digest:
            return await self.content.reader.manifest(place)
        return await self._put(digest, place, subject)

    async def _put(self, digest: str, place: Reference, subject: str = "") -> Manifest:
        manifest = await self.content.fetch(digest)
        if subject and manifest.subject not in ("", subject):
            raise RegistryError(f"{digest} is listed about {subject}, and is about {manifest.subject}")
        await self.content.below(manifest)
        await self.content.put(manifest, place)
        self.brought += 1
        return manifest

    @contextmanager
    def _or_left(self, what: str = "") -> Iterator[None]:
        """Note what cannot be moved; what may be had another time fails the image, which is tried again."""
        try:
            yield
        except (RateLimited, Unavailable):
            raise
        except RegistryError as error:
            self.left.append(f"{what}{error.message}")

    def _new(self, name: str) -> bool:
        """Tell whether something was not checked yet, and there is room for it."""
        if name in self._seen:
            return False
        if len(self._seen) >= MOST_ATTACHED:
            more = f"what is attached beyond {MOST_ATTACHED}"
            self.left += [more] if more not in self.left else []
            return False
        self._seen.add(name)
        return True

    async def _list(self, subject: str, manifests: Sequence[Manifest]) -> None:
        """Have manifests listed as referrers: by the registry, or else in the tag that stands in for it."""
        reader, into = self.content.reader, self.content.into
        async with reader.ledger.lock(into.name, subject):
            with self._or_left(f"what {into.registry} lists about {subject}: "):
                if await self._registered(into.with_version(None, subject)) is not None:
                    return
                await self._list_by_tag(into.with_version(fallback(subject), None), manifests)

    async def _list_by_tag(self, name: Reference, manifests: Sequence[Manifest]) -> None:
        """Add manifests to the index under a tag, and look whether they stay there."""
        for _ in range(_TRIES):
            index = merged(await self._index(name), manifests)
            if index is None:
                return
            await self.content.reader.registries.put_manifest(name, index)
        raise RegistryError(f"{name} is written by others at the same time")

    async def _index(self, name: Reference) -> Manifest | None:
        try:
            return await self.content.reader.manifest(name)
        except NotFound:
            return None
