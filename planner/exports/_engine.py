"""How an engine runs hub2ar: its image, who it is, where the plan lies, and what its exit codes mean.

What is not chosen comes from the plan: the project and the place of the first repository that images go to.
"""

import re
from dataclasses import dataclass

from planner import __version__
from planner.errors import ConfigError, InvalidReference, NoInput
from planner.exports._base import Engine
from planner.exports._moved import within
from planner.exports._schedule import Schedule, schedule
from planner.model.plan import Plan
from planner.model.reference import Reference
from planner.model.repository import Target

USAGE, LATER = 2, 75  # exit codes: trying again is of no use; it is, once the limit allows more
MOST_TASKS = 10_000  # of a Cloud Run job: https://cloud.google.com/run/quotas
_REGIONS = {"us": "us-central1", "europe": "europe-west1", "asia": "asia-east1"}  # in a multi-region
_PROJECT = re.compile(r"[a-z0-9.-]+(?::[a-z0-9-]+)?", re.ASCII)
_REGION = re.compile(r"[a-z]+-[a-z]+\d{1,2}", re.ASCII)
_ACCOUNT = re.compile(r"[a-z0-9][a-z0-9.-]*@[a-z0-9][a-z0-9.-]*\.[a-z]+", re.ASCII)
_BUCKET = re.compile(r"gs://([a-z0-9][a-z0-9._-]{1,220}[a-z0-9])((?:/[A-Za-z0-9._=-]+)*)", re.ASCII)
_DIRECTORY = re.compile(r"(?:/[A-Za-z0-9._-]+)+", re.ASCII)
_HOUR, _LEAST, _WEEK = 3600, 28_800, 604_800  # seconds; Docker Hub's limit is for six hours, and a task of
# Cloud Run runs a week at most

EXIT_CODES = (
    "Exit codes: 0 all is there; 4 some images failed, which another run tries again; 75 Docker Hub's limit",
    "is reached, come back later; 2 a wrong setting or plan, which trying again does not fix.",
)


@dataclass(frozen=True, slots=True)
class Run:
    """How hub2ar is run, all of it known."""

    project: str
    image: str
    tasks: int
    parallelism: int
    schedule: Schedule
    region: str
    service_account: str
    folder: str  # without a slash at its end; empty: none was chosen
    seconds: int  # that a task is given

    @property
    def outcomes(self) -> str:
        """Where outcomes go: a folder of a bucket, in which each task has objects of its own."""
        bucket, path = self.bucket
        return f"gs://{bucket}{path}/outcomes"

    @property
    def bucket(self) -> tuple[str, str]:
        """The bucket of the folder, and the path in it, with a slash before each of its parts."""
        folder = self.folder or f"gs://{self.project.replace(':', '-').replace('.', '-')}-hub2ar"
        if not (match := _BUCKET.fullmatch(folder)):
            raise ConfigError(f"{folder!r} is no bucket", hint="--folder gs://BUCKET or gs://BUCKET/PATH")
        return match[1], match[2]


def run(plan: Plan, engine: Engine) -> Run:
    """Return how a plan's transfers are run. Raises ConfigError for an impossible choice."""
    target = _first(plan)
    region = engine.region or _REGIONS.get(target.location, target.location)
    project = target.project
    place = f"{target.registry}/{project.replace(':', '/')}"
    image = engine.image or f"{place}/hub2ar/hub2ar:{__version__}"
    account = engine.service_account or f"hub2ar@{_domain(project)}.iam.gserviceaccount.com"
    _check(project, _PROJECT, "project", "`hub2ar plan --project ID`")
    _check(region, _REGION, "region", "--region us-central1")
    _check(account, _ACCOUNT, "service account", "--service-account NAME@PROJECT.iam.gserviceaccount.com")
    if not 1 <= engine.tasks <= MOST_TASKS:
        raise ConfigError(f"{engine.tasks} tasks cannot be", hint=f"--tasks from 1 to {MOST_TASKS:,}")
    if not 0 <= engine.parallelism <= engine.tasks:
        hint = f"--parallelism from 1 to {engine.tasks}, the number of tasks"
        raise ConfigError(f"{engine.parallelism} tasks at once cannot be", hint=hint)
    return Run(
        project=project,
        image=_image(image),
        tasks=engine.tasks,
        parallelism=engine.parallelism or engine.tasks,
        schedule=schedule(engine.schedule),
        region=region,
        service_account=account,
        folder=_folder(engine.folder),
        seconds=_seconds(plan),
    )


def _first(plan: Plan) -> Target:
    """Return the repository that the first image goes to. Raises NoInput where none goes anywhere."""
    for transfer in plan.transfers:
        if target := within(transfer.destination, plan.targets):
            return target
    raise NoInput("the plan has no image to warm or to copy", hint="`hub2ar show` tells what it has")


def _domain(project: str) -> str:
    """Return a project as addresses of its service accounts have it: `example.com:p` is `p.example.com`."""
    organisation, colon, name = project.partition(":")
    return f"{name}.{organisation}" if colon else project


def _check(value: str, pattern: re.Pattern[str], what: str, hint: str) -> None:
    if not pattern.fullmatch(value):
        raise ConfigError(f"{value!r} is no {what}", hint=hint)


def _image(text: str) -> str:
    try:
        return str(Reference.parse(text))
    except InvalidReference as error:
        raise ConfigError(error.message, hint="--image REGISTRY/REPOSITORY:TAG") from error


def _folder(text: str) -> str:
    folder = text.rstrip("/")
    if folder and not (_BUCKET.fullmatch(folder) or _DIRECTORY.fullmatch(folder)):
        raise ConfigError(
            f"{text!r} is no folder", hint="--folder gs://BUCKET/PATH, or the whole path of one"
        )
    return folder


def _seconds(plan: Plan) -> int:
    """Return twice as long as the plan takes, in whole hours, for others use the same limit."""
    if plan.effort is None:
        return _WEEK
    return min(max(-(-2 * plan.effort.seconds // _HOUR) * _HOUR, _LEAST), _WEEK)


def directory(chosen: Run, otherwise: str) -> str:
    """Return the folder where it has to be a directory. Raises ConfigError for a bucket."""
    folder = chosen.folder or otherwise
    if not _DIRECTORY.fullmatch(folder):
        raise ConfigError(f"{folder!r} is no directory of that machine", hint=f"--folder {otherwise}")
    return folder


def arguments(plan: str, *more: str, wait: bool = True, follow: bool = False) -> tuple[str, ...]:
    """Return what hub2ar is called with, after its name.

    `wait`: until Docker Hub's limit allows more, rather than ending with 75. `follow`: tags that have moved.
    """
    flags = [flag for flag, wanted in (("--wait", wait), ("--follow-tags", follow)) if wanted]
    return ("apply", plan, "--only", "transfers", *flags, "--log-format", "json", *more)
