"""Images that are pulled although nothing spells them, each with the setting that moves it.

No tag is invented: where the installed version of a program decides it, the image is reported as not known.
"""

from msgspec import Struct

from planner.formats._base import Candidate
from planner.model.inventory import Role
from planner.model.source import Text


class Pull(Struct, frozen=True):
    """What a program pulls by itself."""

    image: str  # in full; a repository where `decided_by` tells what has the tag
    knob: str  # the setting that moves it: "set the input image to move it"
    decided_by: str = ""

    def at(self, start: int, spelled: str) -> Candidate:
        """Return the candidate at the text that makes the program run."""
        place = max(start, 0)
        if self.decided_by:
            reason = f"{self.image} is pulled, in a version that {self.decided_by} decides: {self.knob}"
            return Candidate(Text(), Role.IMPLICIT, place, spelled, problem=reason)
        return Candidate(Text.of(self.image), Role.IMPLICIT, place, spelled, trail=(self.knob,))


BUILDKIT = "docker.io/moby/buildkit:buildx-stable-1"
SYFT_SCANNER = "docker.io/docker/buildkit-syft-scanner:stable-1"
BINFMT = "docker.io/tonistiigi/binfmt:latest"
KIND_NODE = "docker.io/kindest/node"
K3S = "docker.io/rancher/k3s"
K3S_SYSTEM = "what docker.io/rancher has for the cluster itself"
ACT = "docker.io/catthehacker/ubuntu"
REGISTRY = "docker.io/library/registry:2"  # of k3d and of the action of kind
RYUK = "docker.io/testcontainers/ryuk"
PYTHON = "docker.io/library/python"
PAKETO = "a builder of docker.io/paketobuildpacks, with its run image,"
