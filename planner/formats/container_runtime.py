"""Runtimes of clusters: the pause image that containerd, CRI-O and the kubelet pull for every pod.

https://github.com/containerd/containerd/blob/main/docs/cri/config.md
https://github.com/cri-o/cri-o/blob/main/docs/crio.conf.5.md
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._toml import strings
from planner.model.inventory import Role
from planner.model.source import SourceFile, Text

_TOML = re.compile(r"(?:\.toml(?:\.\w+)?|\.conf)\Z")
_KEYS = frozenset({("sandbox_image",), ("pause_image",), ("pinned_images", "sandbox")})
_FLAG = re.compile(  # of the kubelet, and its key in arguments that kubeadm and k3s take
    r"pod-infra-container-image[\"']?(?:=|:?[ \t]++)[\"']?(?P<image>[a-z0-9][\w./:@-]*+)"
)


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the image that each runtime is told to keep pods together with."""
    if _TOML.search(source.path):
        for string in strings(source.text):
            if (string.keys[-1:] in _KEYS or string.keys[-2:] in _KEYS) and str(string.value):
                yield Candidate.of(string.value, Role.WORKLOAD)
    for flag in _FLAG.finditer(source.text):
        line = source.text.rfind("\n", 0, flag.start()) + 1
        if "#" not in source.text[line : flag.start()]:
            yield Candidate.of(Text.at(flag.start("image"), flag["image"]), Role.WORKLOAD)


FORMAT = Format(
    name="container_runtime",
    patterns=(
        "*.toml", "*.toml.*", "*.conf", "*.service", "*.env", "*.y{a,}ml", "*.json", "*.sh", "kubelet*",
    ),
    words=((b"sandbox", b"pause_image", b"pod-infra-container-image"),),
    extract=extract,
    specification="https://github.com/containerd/containerd/blob/main/docs/cri/config.md",
)  # fmt: skip
