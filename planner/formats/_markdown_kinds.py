"""What a block of YAML, JSON, HCL or INI in prose would be called if it were a file."""

import re
from collections.abc import Sequence

_YAML = frozenset({"yaml", "yml", "compose", "docker-compose"})
_JSON = frozenset({"json", "jsonc", "json5"})
_HCL = frozenset({"hcl", "terraform", "tf", "opentofu", "nomad"})
_INI = frozenset({"ini", "systemd", "quadlet", "unit", "service", "conf"})
_CONTAINERS = re.compile(r"ontainer|[dD]ocker[.I_]")
_MENTIONS = re.compile(r"mage|MAGE|repository|container|uses|FROM|name")

_KEY = (
    r"[^\n:=]{0,80}(?:mage|MAGE|tag|repository|registry|newName|newTag|container|uses|name|ref)[\"']?[ \t]*+"
    r"[:=]"
)
_OPEN = re.compile(
    rf"(?m)^(?P<key>{_KEY})(?P<value>[^\n]*(?:\$\{{[\w.]+\}}|\$\{{\{{|\$[A-Za-z(\[]|\{{\{{|<%|%\("
    r"|=[ \t]*(?:var|local|each|module|data)\.)[^\n]*)$"
)

Rule = tuple[str, str]  # a pattern of the content, the name of such a file
_OF_YAML: Sequence[Rule] = (
    (r"(?m)^apiVersion:\s*kustomize|^[ \t-]*newTag:|^[ \t-]*newName:", "kustomization.yaml"),
    (r"(?m)^[ \t]*[\"']?apiVersion[\"']?:", "example.yaml"),
    (r"(?m)^[ \t]*runs-on:|^[ \t-]*uses:", ".github/workflows/example.yml"),
    (r"(?m)^[ \t]*Resources:|AWS::", "template.yaml"),
    (r"(?m)^[ \t]*pipelines:[ \t]*$", "bitbucket-pipelines.yml"),
    (r"(?m)^kind:[ \t]*pipeline", ".drone.yml"),
    (r"(?m)^orbs:|^[ \t]*- image:[^\n]*(?:cimg|circleci)/", ".circleci/config.yml"),
    (r"(?m)^[ \t]*services:[ \t]*\n(?:[ \t]*+(?:#[^\n]*+)?\n)*+[ \t]+[\w.\"'-]+:", "compose.yaml"),
    (r"(?m)^[ \t]+(?:before_script|script|stage):", ".gitlab-ci.yml"),
    (r"(?m)^[ \t-]*(?:hosts|tasks|docker_container|community\.docker):?", "playbook.yml"),
    (r"(?m)^[ \t]*(?:ports|environment|volumes|restart|depends_on|container_name):", "compose.yaml"),
    (r"(?m)^[ \t]*(?:\w*[iI]mage|repository):", "values.yaml"),
)
_OF_JSON: Sequence[Rule] = (
    (r"containerDefinitions", "taskdef.json"),
    (r"\"(?:features|forwardPorts|customizations|remoteUser|postCreateCommand)\"", "devcontainer.json"),
    (r"AWS::", "template.json"),
    (r"\"apiVersion\"", "example.json"),
)
_OF_HCL: Sequence[Rule] = (
    (r"(?m)^[ \t]*(?:target|group)[ \t]+\"", "docker-bake.hcl"),
    (r"(?m)^[ \t]*(?:job|task)[ \t]+\"", "example.nomad"),
    (r"(?m)^[ \t]*(?:resource|module|variable|locals|data)\b", "example.tf"),
)
_PROGRAMS = {
    "go": "example.go", "golang": "example.go", "java": "Example.java", "kotlin": "Example.kt",
    "kt": "Example.kt", "scala": "Example.scala", "python": "example.py", "py": "example.py",
    "csharp": "Example.cs", "cs": "Example.cs", "c#": "Example.cs", "elixir": "example.ex",
    "ex": "example.ex", "rust": "example.rs", "rs": "example.rs", "javascript": "example.js",
    "js": "example.js", "typescript": "example.ts", "ts": "example.ts", "ruby": "example.rb",
}  # fmt: skip
_PIPELINE = re.compile(
    r"(?m)^[ \t]*(?:pipeline|agent|node|podTemplate)\b[^\n]*[{(]|\bdocker\.(?:image|build)\("
)
_OF_INI: Sequence[Rule] = (
    (r"(?m)^\[Container\]", "example.container"),
    (r"(?m)^\[Service\]", "example.service"),
)


def kind_of(language: str, text: str) -> str:
    """Return the name of a file of this content, empty where it says nothing of images."""
    if language in _PROGRAMS:
        return _PROGRAMS[language] if _CONTAINERS.search(text) else ""
    if language in ("groovy", "jenkinsfile", "jenkins"):
        return "Jenkinsfile" if _PIPELINE.search(text) else "Example.groovy"
    for languages, rules in ((_YAML, _OF_YAML), (_JSON, _OF_JSON), (_HCL, _OF_HCL), (_INI, _OF_INI)):
        if language in languages and _MENTIONS.search(text):
            return next((name for pattern, name in rules if re.search(pattern, text)), "")
    return ""


def known_only(text: str) -> str:
    """Return a file without the values of images that others fill in, as long as it was."""
    return _OPEN.sub(lambda match: match["key"] + " " * len(match["value"]), text)
