"""What a command line names, whatever its program and whatever wraps it, as `sudo` and `timeout 5` do."""

import re
from collections.abc import Iterator, Mapping, Sequence

from planner.formats._base import Candidate
from planner.formats._build_arguments import given_to_builds
from planner.formats._cluster_commands import CLUSTER_COMMANDS
from planner.formats._command_line import Options, arguments, program
from planner.formats._deploy_commands import DEPLOY_COMMANDS
from planner.formats._docker_commands import Command, Found
from planner.formats._docker_programs import buildah, compose, containers
from planner.formats._helm_commands import HELM_COMMANDS
from planner.formats._registry_commands import REGISTRY_COMMANDS
from planner.formats._shell_words import Word
from planner.model.inventory import Confidence, Role

COMMANDS: Mapping[str, Command] = {
    **dict.fromkeys(("docker", "podman", "nerdctl"), containers),
    "buildah": buildah,
    **dict.fromkeys(("docker-compose", "podman-compose"), compose),
    **REGISTRY_COMMANDS,
    **CLUSTER_COMMANDS,
    **HELM_COMMANDS,
    **DEPLOY_COMMANDS,
}
_BY_VARIABLE = {name.upper().replace("-", "_"): name for name in COMMANDS}  # `$(KIND) create cluster`
PROGRAMS = re.compile(
    rf"(?<!\w)(?:{'|'.join(COMMANDS)})(?![\w-])|\$[{{(]?\w{{0,20}}(?:DOCKER|PODMAN|CONTAINER|ENGINE|OCI_BIN)"
    rf"|\$[{{(]?(?:{'|'.join(_BY_VARIABLE)})(?![A-Za-z0-9])"
)
_WRAPPERS: Mapping[str, Options] = {
    "sudo": Options.of("user group host prompt chdir chroot role type close-from", "ughpDRrtCT"),
    "doas": Options.of("", "uC"),
    "env": Options.of("unset chdir split-string", "uC"),
    "timeout": Options.of("kill-after signal", "ks"),
    "time": Options.of("format output", "fo"),
    "nice": Options.of("adjustment", "n"),
    "ionice": Options.of("class classdata", "cn"),
    "stdbuf": Options.of("input output error", "ioe"),
    "exec": Options.of("", "a"),
    "watch": Options.of("interval", "n"),
    "run": Options.of("", "n"),  # of bats
    **dict.fromkeys(
        (
            "command",
            "builtin",
            "nohup",
            "setsid",
            "chronic",
            "unbuffer",
            "retry",
            "travis_retry",
            "lima",
            "k3s",
            "microk8s",
            "k0s",
            "winpty",
        ),
        Options.of(""),
    ),
}
_PRINTERS = frozenset(
    {"echo", "printf", "print", "grep", "egrep", "fgrep", "sed", "awk", "test", "[", "which", "man", "apt",
     "apt-get", "yum", "dnf", "apk", "brew", "pip"}
)  # fmt: skip
_PRINTER = re.compile(r"(?i)echo|print")
_CONTAINERS = frozenset({"docker", "podman", "nerdctl", "docker.io"})
_ENGINE = re.compile(r"(?i)(?!.*compose).*?(?:docker|podman|container|engine|oci_bin)")
_ARRAY = ("[@]}", "[*]}")
_BARE = re.compile(r"[a-z0-9_-]++")
_PLACE = re.compile(r"_(?:BIN|BINARY|CMD|COMMAND|CLI|EXE|PATH)\Z")
_VERBS = frozenset({"run", "pull", "create", "build", "push", "tag", "image", "container", "buildx"})
_DIRECT = frozenset({"run", "pull", "create"})


def found(words: Sequence[Word]) -> Iterator[Found]:
    """Yield what a command line names; wrappers such as `sudo` and `timeout 5` are skipped."""
    yield from found_in(unwrapped(words))


def found_in(words: Sequence[Word]) -> Iterator[Found]:
    """Yield what a command line names that no other command wraps."""
    name = program(words)
    if command := COMMANDS.get(name) or COMMANDS.get(_named_by_variable(words)):
        yield from command(words[1:])
    elif _is_engine(words):
        is_array = str(words[0]).endswith(_ARRAY)
        yield from _run_by_array(words[1:]) if is_array else containers(words[1:])
    elif name and name not in _PRINTERS:
        yield from _unknown_wrapper(words)
        yield from given_to_builds(words)


def _named_by_variable(words: Sequence[Word]) -> str:
    """Return the program that a variable is named after whose value is not known; empty for any other."""
    first = words[0] if words else None
    if first is None or first.known or len(words) < 2:
        return ""
    return _BY_VARIABLE.get(_PLACE.sub("", first.variable), "")


def _is_engine(words: Sequence[Word]) -> bool:
    """Tell by its name whether a variable that is not known stands for docker or podman: `$ENGINE run x`."""
    first = words[0] if words else None
    return (
        first is not None
        and not first.known
        and len(words) > 2
        and _ENGINE.match(first.variable) is not None
        and str(words[1]) in _VERBS
    )


def _run_by_array(words: Sequence[Word]) -> Iterator[Found]:
    """Yield what `"${docker[@]}" run x/y` names; a bare name may be a service of Compose."""
    for item in containers(words):
        if type(item) is not Candidate or item.role is Role.OUTPUT or not _BARE.fullmatch(str(item.value)):
            yield item


def unwrapped(words: Sequence[Word]) -> Sequence[Word]:
    """Return a command line without the commands and assignments that only wrap another.

    So is a variable before a program that is known: `$SUDO docker run x`, `$DRY_RUN docker pull x`.
    """
    while len(words) > 2 and _is_prefix(words[0].variable) and program(words[1:]) in COMMANDS:
        words = words[1:]
    while words and (options := _WRAPPERS.get(name := program(words))):
        is_timeout = name == "timeout"
        words = arguments(words[1:], options, mixed=False).operands
        while words and re.match(r"[A-Za-z_]\w*=", str(words[0])):
            words = words[1:]
        if is_timeout:
            words = words[1:]
    return words


def _is_prefix(variable: str) -> bool:
    """Whether a variable may be empty or hold `sudo`, as `$SUDO` and `$DRY_RUN` do."""
    return bool(variable) and not _PRINTER.search(variable)


def _unknown_wrapper(words: Sequence[Word]) -> Iterator[Found]:
    """Look for `docker run` further along: a function or a tool may run it."""
    for index, word in enumerate(words[1:-1], start=1):
        if str(word) in _CONTAINERS and str(words[index + 1]) in _DIRECT:
            for item in containers(words[index + 1 :]):
                if isinstance(item, Candidate) and item.role is Role.SCRIPT and not item.problem:
                    yield Candidate(
                        item.value, item.role, item.start, item.spelled, Confidence.HEURISTIC, item.trail
                    )
            return
