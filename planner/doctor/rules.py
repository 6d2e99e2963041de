"""The rules that findings come from: what follows from each, and what fixes it (listed in docs/doctor.md)."""

from dataclasses import dataclass

from planner.model.diagnosis import Finding, Severity

PROBLEM, WARNING, NOTE = Severity.PROBLEM, Severity.WARNING, Severity.NOTE


@dataclass(frozen=True, slots=True)
class Rule:
    """One kind of finding."""

    name: str
    severity: Severity
    what: str  # in general; a finding says it with the values
    follows: str
    fix: str

    def at(
        self,
        problem: str,
        path: str = "",
        line: int = 0,
        *,
        follows: str = "",
        fix: str = "",
        severity: Severity | None = None,
    ) -> Finding:
        """Return a finding; `follows` and `fix` are given where they can be said more exactly."""
        return Finding(
            self.name,
            severity or self.severity,
            path,
            line,
            problem,
            follows or self.follows,
            fix or self.fix,
        )


CONFIG_FILE = Rule(
    "config-file", PROBLEM, "a file of credentials that is not JSON, or whose parts are of a wrong type",
    "neither docker nor hub2ar reads a credential from it",
    "fix it, or move it away and log in again",
)  # fmt: skip
CONFIG_UNREADABLE = Rule(
    "config-unreadable", PROBLEM, "a file of credentials that this user may not read",
    "docker and hub2ar stop with an error, or pull anonymously",
    "give it back to its user: `sudo chown $USER FILE`",
)  # fmt: skip
CONFIG_OPEN = Rule(
    "config-open", WARNING, "a file with passwords that other users of the machine may read",
    "whoever has an account here can take them",
    "`chmod 600 FILE`, or let a credential helper keep them",
)  # fmt: skip
HUB_KEY = Rule(
    "hub-key", WARNING, "credentials of Docker Hub under a key that docker does not look for",
    "docker pulls from Docker Hub anonymously, with the limit of the address; hub2ar uses the entry",
    'log in again with `docker login`, which writes "https://index.docker.io/v1/"',
)  # fmt: skip
HELPER_KEY = Rule(
    "helper-key", WARNING, "a key of credHelpers with a scheme or a path",
    "the helper is never asked: docker looks for the host alone",
    "write the host alone, such as us-docker.pkg.dev",
)  # fmt: skip
HELPER_MISSING = Rule(
    "helper-missing", PROBLEM, "a credential helper whose program is not on PATH",
    "docker and hub2ar stop with an error for the registries that it is named for",
    "install the program, or take its name out of the file",
)  # fmt: skip
HELPER_FAILS = Rule(
    "helper-fails", PROBLEM, "a credential helper that gives an error, nonsense or no answer",
    "nothing can be pulled from the registry: docker and hub2ar stop with an error",
    "run it by hand: `echo HOST | docker-credential-NAME get`; log in again where it keeps a login",
)  # fmt: skip
STORE_FIRST = Rule(
    "store-first", WARNING, "a password in a file that names a program for the same host",
    "docker asks the program and does not look at the entry; hub2ar takes it where the program has none",
    "log in again, which gives it to the program, and take the entry out",
)  # fmt: skip
HELPER_ELSEWHERE = Rule(
    "helper-elsewhere", WARNING, "a helper for some hosts of Artifact Registry and not for the one in use",
    "docker asks the credsStore for this host, or nobody, and pulls anonymously",
    "`gcloud auth configure-docker HOST`",
)  # fmt: skip
BAD_AUTH = Rule(
    "bad-auth", PROBLEM, "an entry whose auth is not base64 of USER:PASSWORD",
    "docker and hub2ar stop with an error for this registry",
    "log in again with `docker login`",
)  # fmt: skip
TOKEN_EXPIRED = Rule(
    "token-expired", WARNING, "a token in a file that is over by its own date, or by the age of the file",
    "the registry refuses it, although it would answer anybody for what is public",
    "log in again, or let a credential helper make tokens as they are needed",
)  # fmt: skip
ADC_MISSING = Rule(
    "adc-missing", PROBLEM, "GOOGLE_APPLICATION_CREDENTIALS names no file that can be read",
    "`apply` and `verify` stop at Artifact Registry",
    "name the file that is there, or unset it and run `gcloud auth application-default login`",
)  # fmt: skip
ADC_FILE = Rule(
    "adc-file", PROBLEM, "a file of Google credentials that holds none",
    "`apply` and `verify` stop at Artifact Registry",
    "make it anew: `gcloud auth application-default login`",
)  # fmt: skip
ADC_OPEN = Rule(
    "adc-open", WARNING, "a file of Google credentials that other users of the machine may read",
    "whoever has an account here can act as you, or as the service account",
    "`chmod 600 FILE`",
)  # fmt: skip
ADC_REFUSED = Rule(
    "adc-refused", PROBLEM, "Google gives no token for the credentials that are there",
    "`apply` and `verify` stop at Artifact Registry",
    "log in again: `gcloud auth application-default login`",
)  # fmt: skip
SETTINGS = Rule(
    "settings", PROBLEM, "hub2ar.toml, or [tool.hub2ar] of pyproject.toml, cannot be used",
    "every command stops; what is above is as if there were no settings",
    "docs/settings.md has every key",
)  # fmt: skip
ENDPOINT = Rule(
    "endpoint", PROBLEM, "an entry of [endpoints] that cannot be used",
    "every command that asks this registry stops",
    "name it as https://HOST",
)  # fmt: skip
PROJECT = Rule(
    "project", NOTE, "no Google Cloud project is set",
    "a plan says `unset`, and `apply` refuses it",
    "set project in [target] of hub2ar.toml, or give --project",
)  # fmt: skip
CACHE = Rule(
    "cache", WARNING, "the folder of results cannot be written",
    "every scan reads every file, and repositories cannot be cloned",
    "fix its rights, or name another folder in HUB2AR_CACHE_DIR",
)  # fmt: skip
CLOCK = Rule(
    "clock", PROBLEM, "the clock of this machine is wrong (up to five minutes: a warning)",
    "tokens are taken for expired or not yet valid, and certificates too",
    "set the clock by NTP: `timedatectl set-ntp true`",
)  # fmt: skip
UNREACHABLE = Rule(
    "unreachable", PROBLEM, "a host gives no answer, or not one of its own (the mirror, and "
    "hosts that only some blobs come from: a warning)",
    "what is asked of it fails",
    "let the firewall or the proxy pass it: host and port 443",
)  # fmt: skip
PROXY = Rule(
    "proxy", PROBLEM, "a variable names no proxy that could be used",
    "every request that would go through it stops",
    "name it as http://HOST:PORT",
)  # fmt: skip
PULLS_GONE = Rule(
    "pulls-gone", WARNING, "no pull is left at Docker Hub, or less than a tenth",
    "builds and nodes behind this address, or of this account, are refused soon: 429",
    "log in, take images from the mirror (`hub2ar mirror config`), or wait",
)  # fmt: skip
HUB_REFUSED = Rule(
    "hub-refused", PROBLEM, "Docker Hub refuses the credentials",
    "every pull from Docker Hub fails, public images too",
    "log in again with `docker login`, or `docker logout`",
)  # fmt: skip
RUNTIME = Rule(
    "runtime", WARNING, "a file of a container runtime whose mirrors are refused (a problem), not asked, "
    "or not all there is (a note)",
    "pulls go to Docker Hub, or the runtime does not start",
    "`hub2ar mirror config RUNTIME` shows the file as it should be",
)  # fmt: skip
RUNTIME_UNREADABLE = Rule(
    "runtime-unreadable", NOTE, "a file of a container runtime that this user may not read",
    "its mirrors are not known",
    "run it once more as root: `sudo hub2ar doctor`",
)  # fmt: skip

RULES = (
    CONFIG_FILE, CONFIG_UNREADABLE, CONFIG_OPEN, HUB_KEY, HELPER_KEY, HELPER_MISSING, HELPER_FAILS,
    STORE_FIRST, HELPER_ELSEWHERE, BAD_AUTH, TOKEN_EXPIRED, ADC_MISSING, ADC_FILE, ADC_OPEN, ADC_REFUSED,
    SETTINGS, ENDPOINT, PROJECT, CACHE, CLOCK, UNREACHABLE, PROXY, PULLS_GONE, HUB_REFUSED, RUNTIME,
    RUNTIME_UNREADABLE,
)  # fmt: skip
