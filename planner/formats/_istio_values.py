"""Values of Istio: an image is a bare name between the `hub` and the `tag` of its component, or of all.

https://istio.io/latest/docs/reference/config/istio.operator.v1alpha1/
"""

from msgspec import Struct

from planner.formats._base import Candidate
from planner.formats._image_fields import Place, filled, plausible
from planner.formats._yaml import Mapping, Node, Scalar
from planner.model.inventory import Confidence, Role
from planner.model.source import Text


class Hub(Struct, frozen=True):
    """Where images come from that are bare names, and in which version, each as far as it is said."""

    name: Scalar | None = None
    tag: Scalar | None = None

    @classmethod
    def of(cls, values: Node | None) -> "Hub":
        """Return what values say for all images: `global.hub` and `global.tag`."""
        shared = values.get("global") if type(values) is Mapping else None
        return cls.in_fields(shared)

    @classmethod
    def in_fields(cls, node: Node | None) -> "Hub":
        """Return the `hub` and the `tag` of a mapping."""
        if type(node) is not Mapping:
            return cls()
        name = filled(node.get("hub"))
        return cls(name if name and plausible(name.value, bare=False) else None, filled(node.get("tag")))

    def before(self, other: "Hub") -> "Hub":
        """Return this with what it lacks from another."""
        return Hub(self.name or other.name, self.tag or other.tag)

    def image(self, place: Place) -> Candidate | None:
        """Return the image of a component; None where it has none, or one that has a registry of its own."""
        written = filled(place.fields.get("image"))
        if written is None or not written.value.replace("-", "").replace("_", "").isalnum():
            return None
        fields = {name: filled(place.fields.get(name)) for name in ("hub", "tag")}
        own = Hub(fields["hub"], fields["tag"]).before(self)
        return own.named(written.text, Role.WORKLOAD, written.start)

    def named(self, image: Text, role: Role, start: int) -> Candidate | None:
        """Return an image of the hub, told at `start`; None where no hub is known."""
        if self.name is None:
            return None
        version = (Text.of(":"), self.tag.text) if self.tag else ()
        value = Text.join((self.name.text, Text.of("/"), image, *version))
        trail = () if self.tag else ("no tag is set: the chart's appVersion usually gives it",)
        return Candidate(value, role, max(start, 0), str(value), Confidence.RESOLVED, trail)
