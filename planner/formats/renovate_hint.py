"""Renovate: images that only a comment with `datasource=docker` names, beside their version.

The name in the comment is Renovate's: it must be changed together with what makes an image of the version. An
image that is spelled below a comment in a program counts, whatever it is called there.
"""

import re
from collections.abc import Iterator

from planner.formats._base import Candidate, Format, Given
from planner.formats._renovate_hints import Hint, hints, literal
from planner.model.inventory import Confidence, Role
from planner.model.source import SourceFile, Text

_HOST = re.compile(r"\A(?:docker\.io|index\.docker\.io|registry-1\.docker\.io)/(?:library/)?|\Alibrary/")
_IS_HOST = re.compile(r"[^/]*[.:][^/]*/")
_AFTER_VARIABLE = re.compile(r"(?:[})]|\$\w{1,80})/([a-z0-9][\w./-]*)")  # a registry is a variable
_WORD = re.compile(  # a name as it stands in a reference, in quotes, or at the end of a line
    r"(?<![\w./-])(?P<name>[a-z0-9][\w./-]*+)(?=:[\w$%{<]|@sha|[\"'`]|[ \t]*+$)", re.MULTILINE
)
_OF_TOOLS = re.compile(
    r"(?:\A|/)\.?mise(?:\.[\w.]+)?\.toml\Z|\.tool-versions\Z"
)  # versions of programs, not of images
_COMMENT = re.compile(r"renovate:[^\r\n]*")


def extract(source: SourceFile, _given: Given) -> Iterator[Candidate]:
    """Yield the images that only a comment names."""
    named = _Names(source.text)
    for hint in hints(source.text):
        if spelled := literal(source.text, hint):
            yield Candidate.of(spelled, Role.WORKLOAD, Confidence.HEURISTIC)
        elif not named.anywhere(hint.name) and not _OF_TOOLS.search(source.path):
            yield _candidate(hint)


class _Names:
    """The repositories that a text names outside of comments for Renovate."""

    def __init__(self, text: str) -> None:
        code = _COMMENT.sub("", text)
        self._words = set(_WORD.findall(code))
        self._elsewhere = set(_AFTER_VARIABLE.findall(code))

    def anywhere(self, name: str) -> bool:
        """Whether the text names a repository as part of a reference."""
        short = _HOST.sub("", name)
        _, _, path = short.partition("/") if _IS_HOST.match(short) else ("", "", short)
        if path in self._elsewhere or f"library/{path}" in self._elsewhere:
            return True
        words = (name, short, f"library/{short}", f"docker.io/{short}", path if "/" in path else short)
        return any(word in self._words for word in words)


def _candidate(hint: Hint) -> Candidate:
    mark = "@" if str(hint.version).startswith("sha256:") else ":"
    value = Text.join((Text.of(hint.name), Text.of(mark), hint.version))
    trail = (f"{hint.name} (a comment for Renovate names it)",)
    start = hint.version.start
    return Candidate(value, Role.IMPLICIT, start, str(hint.version), Confidence.HEURISTIC, trail)


FORMAT = Format(
    name="renovate_hint",
    patterns=(
        "*.{yml,yaml,sh,bash,env,mk,tf,tfvars,hcl,toml,go,py,json,json5,jsonnet,libsonnet,gradle,kts,groovy,nix,"
        "properties,conf,cfg,ini,just,ts,js,rb,rs,tmpl,tpl,j2,pp,ps1,cue,star,bzl}",
        ".env*",
        "*Dockerfile*",
        "*Containerfile*",
        "{Makefile,GNUmakefile,justfile,Justfile,Earthfile,Tiltfile,Jenkinsfile,Vagrantfile,.envrc}",
    ),
    words=((b"datasource=docker", b"datasource: docker"),),
    extract=extract,
    own_code=True,
    specification="https://docs.renovatebot.com/modules/manager/regex/#advanced-capture",
    general=True,
)
