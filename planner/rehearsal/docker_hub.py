"""Docker Hub: tokens for everyone, pulls that are counted, and silence about what is private or not there."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from planner import clock
from planner.rehearsal.content import Stored
from planner.rehearsal.limits import HubLimits, Limits
from planner.rehearsal.registry import Options, Registry
from planner.rehearsal.storage import Storage
from planner.rehearsal.tokens import TokenPolicy, Tokens


@dataclass(frozen=True, slots=True)
class HubOptions:
    """What a test may want to be different."""

    limits: Limits = field(default_factory=Limits)
    accounts: Mapping[str, str] = field(
        default_factory=dict
    )  # user: password; they may do all, also create repositories of their own
    private: frozenset[str] = frozenset()  # repositories
    token_lifetime: int = 300  # seconds
    clock: Callable[[], float] = clock.seconds  # of the tokens; the limits have their own


class DockerHub(Registry):
    """Docker Hub over a storage."""

    def __init__(self, storage: Storage, options: HubOptions | None = None) -> None:
        self.storage = storage
        self.hub_options = options or HubOptions()
        self.limits = HubLimits(self.hub_options.limits)
        policy = TokenPolicy(
            service="registry.docker.io",
            permit=self._permit,
            lifetime=self.hub_options.token_lifetime,
            accounts=self.hub_options.accounts,
            clock=self.hub_options.clock,
        )
        super().__init__(
            Stored(storage),
            options=Options(strict_accept=True, referrers=False),
            behaviours=(Tokens(policy), self.limits),
        )

    def redirect_blobs(self, url: str) -> None:
        """Send who fetches a blob to another server, as Docker Hub does."""
        self.options = replace(self.options, blobs_elsewhere=url)

    def _permit(self, account: str, repository: str, action: str) -> bool:
        """Return what Docker Hub grants: a name that is not there is refused like one that is private."""
        if account in self.hub_options.accounts:
            return repository in self.storage.repositories or repository.startswith(f"{account}/")
        public = repository in self.storage.repositories and repository not in self.hub_options.private
        return action == "pull" and public
