"""Lists that registries keep: the tags of a repository, and what refers to a manifest; page by page.

https://github.com/opencontainers/distribution-spec/blob/main/spec.md#content-discovery. A page names the next
one, which has to be at the same registry: a list may not have requests sent to other hosts of our network.
"""

import re
from collections.abc import AsyncIterator
from urllib.parse import urlencode, urlsplit

import msgspec

from planner.errors import RateLimited, RegistryError, Unavailable
from planner.model.reference import Reference, is_tag
from planner.registries._auth import Access
from planner.registries._origin import joined, origin
from planner.registries._refusal import refusal
from planner.registries._session import Session
from planner.registries.answer import Answer, clean
from planner.registries.manifest import LARGEST, OCI_INDEX, Descriptor, read

_PAGE = 1000  # tags; some registries refuse to list more at once
_MOST_PAGES = 1000
_MOST_EMPTY = 10  # pages in a row
_MOST_REFERRERS = 1000  # of one manifest; the rest is not read
_LONGEST_LINK = 8 << 10  # characters of a header
_LINK = re.compile(r"""[\s,]*+<([^<>]*)>((?:[^<>"]|"[^"]*")*+)""")
_RELATION = re.compile(r"""\brel\s*=\s*(?:"([^"]*)"|([^\s",;]+))""", re.IGNORECASE)


class _Tags(msgspec.Struct):
    tags: tuple[str, ...] | None = None


async def tags(session: Session, repository: Reference, after: str = "") -> AsyncIterator[str]:
    """Yield the tags of a repository in the registry's order, each once; with `after`, those behind that tag.

    Listing is no pull. Raises RegistryError, also for a text that can be no tag: put into a URL, it could
    name another repository, here and where the tag is copied to.
    """
    query = urlencode({"n": _PAGE} | ({"last": after} if after else {}))
    path, empty, seen = f"/v2/{repository.repository}/tags/list?{query}", 0, set[str]()
    async for answer in _pages(session, repository, path):
        if answer.status != 200:
            raise refusal(answer, repository.name)
        try:
            page = msgspec.json.decode(answer.body, type=_Tags)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise RegistryError(f"{repository.name}: the list of tags is not valid: {error}") from error
        for tag in page.tags or ():
            if not is_tag(tag):
                raise RegistryError(
                    f"{repository.name}: its list has what is no tag: {clean(tag)!r}",
                    hint="copy the tags that are needed, each by its name",
                )
            if tag not in seen:
                seen.add(tag)
                yield tag
        empty = 0 if page.tags else empty + 1
        _check_end(empty, repository)


async def referrers(session: Session, subject: Reference) -> tuple[Descriptor, ...] | None:
    """Return the manifests about a manifest, by its digest; None where a registry keeps no such list.

    A registry that keeps one lists nothing for a manifest that it does not have. Raises RegistryError.
    """
    found: list[Descriptor] = []
    path, empty = f"/v2/{subject.repository}/referrers/{subject.digest}", 0
    async for answer in _pages(session, subject, path, (("Accept", OCI_INDEX),)):
        error = None if answer.status == 200 else refusal(answer, str(subject))
        if isinstance(error, RateLimited | Unavailable):
            raise error
        if error or OCI_INDEX not in answer.headers.get("content-type"):
            return None
        listed = read(answer.body, OCI_INDEX, "").children
        found += listed
        empty = 0 if listed else empty + 1
        _check_end(empty, subject)
        if len(found) >= _MOST_REFERRERS:
            break
    return tuple(found)


def _check_end(empty: int, repository: Reference) -> None:
    """Raise RegistryError where one page after another has nothing and names the next."""
    if empty > _MOST_EMPTY:
        raise RegistryError(f"{repository.name}: its list does not end")


async def _pages(
    session: Session, repository: Reference, path: str, headers: tuple[tuple[str, str], ...] = ()
) -> AsyncIterator[Answer]:
    access, seen = Access.to(repository), {path}
    while path:
        answer = await session.ask(access, "GET", path, headers=headers, largest=LARGEST)
        yield answer
        with session.discreet():
            path = _next(answer)
        if path in seen or len(seen) >= _MOST_PAGES:
            raise RegistryError(f"{repository.name}: its list does not end")
        seen.add(path)


def _next(answer: Answer) -> str:
    """Return the path of the page after this one, "" after the last."""
    for header in answer.headers.all("link"):
        if len(header) > _LONGEST_LINK:
            raise RegistryError(f"{answer.host} names the next page in more than {_LONGEST_LINK} characters")
        for place, parameters in _LINK.findall(header):
            if _is_next(parameters):
                return _path(answer, place)
    return ""


def _is_next(parameters: str) -> bool:
    relation = _RELATION.search(parameters)
    return relation is not None and "next" in (relation[1] or relation[2]).lower().split()


def _path(answer: Answer, place: str) -> str:
    url = joined(answer.url, place)
    if origin(url) != origin(answer.url):
        raise RegistryError(f"{answer.host} sends us to {origin(url)[1]} for the rest of a list")
    parts = urlsplit(url)
    return f"{parts.path}?{parts.query}" if parts.query else parts.path
