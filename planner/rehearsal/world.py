"""The world of a rehearsal: every registry and API that a migration talks to, on this machine."""

from collections.abc import Iterable, Mapping
from types import TracebackType

from planner.model.reference import Reference


class World:
    """Docker Hub, its mirror, Artifact Registry and its API as servers on free ports of 127.0.0.1.

    An async context manager; the servers run while it is open, on the loop that opened it.
    """

    unfilled: tuple[Reference, ...]  # pinned to a digest that no content made here can have: nobody has them

    @classmethod
    def filled(
        cls,
        references: Iterable[Reference],
        *,
        seed: int = 0,
        locations: Iterable[str] = ("us-central1",),
        withdrawn: Iterable[Reference] = (),
        private: Iterable[Reference] = (),
        pull_limit: int | None = 100,
    ) -> "World":
        """Return a world whose Docker Hub has a small image for every reference that names one of its images."""
        raise NotImplementedError

    async def __aenter__(self) -> "World":
        raise NotImplementedError

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        raise NotImplementedError

    @property
    def endpoints(self) -> Mapping[str, str]:
        """Where each registry and the API live: name -> URL. Known while the world is open."""
        raise NotImplementedError

    @property
    def hub_pulls(self) -> int:
        """The manifests that were fetched from Docker Hub, those of remote repositories included."""
        raise NotImplementedError

    @property
    def requests(self) -> Mapping[str, int]:
        """How many requests each stand-in has answered, by the name it has in `endpoints`."""
        raise NotImplementedError
