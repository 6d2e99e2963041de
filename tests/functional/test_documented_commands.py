"""Every command that the documents show is run: against stand-ins, in a copy of the example.

A page is run from top to bottom in one folder. hub2ar is real; kubectl, gcloud and others are programs that
take what they are given, for what is asked is whether hub2ar does what the page says.
"""

import json
import shutil
import subprocess
from pathlib import Path

import pytest
from documented import PAGES, commands
from walled import walled

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("inventory.json", "availabilities.json", "plan.json", "outcomes.jsonl")
ELSEWHERE = "--mode standard --repository images -o other.json"
MADE = (
    "hub2ar scan --output-format json > inventory.json",
    "hub2ar check inventory.json --output-format json > availabilities.json",
    "hub2ar plan inventory.json availabilities.json",
    "hub2ar apply plan.json --outcomes outcomes.jsonl",
    "hub2ar apply plan.json --outcomes outcomes.db",
    "hub2ar apply plan.json --outcomes gs://acme-moves/outcomes",
    "hub2ar apply plan.json --outcomes gs://acme-prod-hub2ar/outcomes",
    f"hub2ar plan inventory.json availabilities.json --project acme --location europe {ELSEWHERE}",
    "hub2ar apply other.json --only repositories",
    f"hub2ar plan inventory.json availabilities.json --project acme --location us {ELSEWHERE}",
    "hub2ar apply other.json --only repositories && rm other.json",
)
UV = "ghcr.io/astral-sh/uv:0.5.4"
IMAGES = ("nginx:1.27", "redis:7", "postgres:16", "acme/api:1", "registry.acme.example/redis:6", UV)
ENTRY = {"jsonPayload": {"reason": "Pulling", "message": 'Pulling image "nginx:1.27"'}}
USAGE = (
    "datehour,user_name,repository,access_token_name,ips,repository_privacy,tag,digest,version_checks,pulls\n"
)
MORE = {  # what pages speak of and the example does not have
    "Dockerfile": "FROM nginx:1.27\n",
    "docker-compose.yml": "# The database of the shop.\n" * 11 + "services:\n  db:\n    image: postgres:16\n",
    "charts/web/values.yaml": "image:\n  repository: nginx\n  tag: '1.27'\n",
    "charts/web/Chart.yaml": "apiVersion: v2\nname: web\nversion: 1.0.0\n",
    "charts/web/templates/web.yaml": (
        "kind: Pod\nspec:\n  containers:\n"
        "    - image: {{ .Values.image.repository }}:{{ .Values.image.tag }}\n"
    ),
    "deploy/compose.yaml": "services:\n  web:\n    image: mirror.gcr.io/library/nginx:1.27\n",
    ".github/CODEOWNERS": "* @acme/web @acme/payments\n",
    "pulls.jsonl": json.dumps(ENTRY) + "\n",
    "usage.csv": USAGE,
    "registries.conf": 'unqualified-search-registries = ["docker.io"]\n',
    "daemon.json": '{"registry-mirrors": ["https://mirror.gcr.io"]}\n',
    "repositories.txt": "../backend\n",
}
REFERENCES = ("commands",)
SILENT = ("glab", "gh", "systemctl", "crontab", "pipx", "make", "man")
GCLOUD = """#!/bin/sh
case "$*" in
  *describe*) exit 1 ;;
  *=-*) cat > /dev/null ;;
esac
"""
KUBECTL = """#!/bin/sh
case "$*" in
  *"get pods"*) echo '{"apiVersion": "v1", "kind": "List", "items": []}' ;;
  *) cat > /dev/null ;;
esac
"""
DOCKER = """#!/bin/sh
case "$*" in
  *info*) echo '{"ServerVersion": "28.2.2", "RegistryConfig": {"Mirrors": ["https://mirror.gcr.io/"]}}' ;;
  *) cat > /dev/null ;;
esac
"""
CODES = {  # of commands that end with something else than 0, and why; the first that is in a command counts
    "hub2ar merge - ": (3,),  # its gcloud prints nothing
    "git diff --name-only": (0,),  # nothing differs from main
    "rewrite --strategy central --check": (0, 10),  # on one page all is rewritten before
    "hub2ar doctor": (0, 10),  # this machine may well have something to find
    "hub2ar mirror verify": (0, 3, 10),
    "hub2ar mirror lint": (10,),  # the example names the mirror once
    "hub2ar apply plan.json --dry-run": (0, 10),  # something is to be done, as long as nothing is there
    "hub2ar rewrite --check": (10,),  # and is not rewritten yet
    "--runtime-log": (10,),  # its log is of a cluster that pulls from Docker Hub
    "hub2ar verify plan.json --only destinations": (0, 4),  # not all of its images are for all platforms
    "hub2ar verify --only destinations": (0,),
    "hub2ar verify": (0, 4),  # the account that is named is not there, and not all code is rewritten
    "--baseline": (0,),
    "--fail-on": (10,),  # for the same reason
}
GIT = ("git", "-c", "user.name=n", "-c", "user.email=e", "-c", "init.defaultBranch=main")


def committed(place):
    """Make a folder a repository in which nothing is open, with a tag."""
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "all"), ("tag", "v1.4")):
        subprocess.run([*GIT, *words], cwd=place, check=True, capture_output=True)


@pytest.fixture(scope="module")
def walls(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    whole = home / "whole"
    shutil.copytree(ROOT / "examples" / "storefront", whole)
    for name, text in MORE.items():
        (whole / name).parent.mkdir(parents=True, exist_ok=True)
        (whole / name).write_text(text)
    shutil.copytree(whole, home / "backend")
    committed(home / "backend")
    subprocess.run([*GIT, "clone", "-q", "--bare", "backend", "backend.git"], cwd=home, check=True)
    (home / ".gitconfig").write_text("[user]\nname = n\nemail = e@example.com\n")
    (home / ".config" / "fish" / "completions").mkdir(parents=True)
    with walled(home, whole, images=IMAGES, locations=("us", "europe"), pulls=1000) as opened:
        (whole / "hub2ar.toml").write_text(opened.settings('[target]\nproject = "acme-prod"\n'))
        for name in SILENT:
            opened.program(name, "#!/bin/sh\nexit 0\n")
        opened.program("sudo", '#!/bin/sh\nexec "$@"\n')
        opened.program("gcloud", GCLOUD)
        opened.program("kubectl", KUBECTL)
        opened.program("docker", DOCKER)
        for script in MADE:
            done = opened.run(script, whole)
            assert done.code == 0, (script, done)
        (whole / "archive").mkdir()
        shutil.copy(whole / "inventory.json", whole / "archive" / "2026-11-02.json")
        shutil.copy(whole / "inventory.json", whole / "part-1.json")
        shutil.copy(whole / "outcomes.jsonl", whole / "outcomes-1.jsonl")
        yield opened


def folder(walls, name):
    """A copy of the example with the documents of its migration, as a repository in which nothing is open."""
    place = walls.home / name
    shutil.copytree(walls.home / "whole", place)
    (place / ".gitignore").write_text("".join(f"{each}\n" for each in DOCUMENTS))
    committed(place)
    return place


def expected(script):
    found = [codes for start, codes in CODES.items() if start in script]
    return found[0] if found else (0,)


def runs(walls, page):
    """Each command of a page with the folder it runs in; those of a reference do not build on one another."""
    shown = commands(page)
    if page.stem in REFERENCES:
        return [(each, folder(walls, f"{page.stem}-{number}")) for number, each in enumerate(shown)]
    place = folder(walls, page.stem)
    return [(each, place) for each in shown]


def failures(walls, page, **environment):
    """What the commands of a page did else than they say."""
    for each, place in runs(walls, page):
        done = walls.run(each.script, place, **environment)
        if done.code not in expected(each.script) or "Traceback" in done.err:
            said = (done.err + done.out).strip()[-300:]
            yield f"{each}: {each.script}\n  exit {done.code}: {said}"


@pytest.mark.parametrize("page", [page for page in PAGES if commands(page)], ids=lambda page: page.stem)
def test_commands_of_a_page_do_what_they_say(walls, page):
    failed = list(failures(walls, page))
    assert not failed, "\n".join(failed)


def test_commands_of_the_readme_work_where_only_python_and_hub2ar_are_installed(walls, installed):
    shutil.rmtree(walls.home / "README", ignore_errors=True)
    programs = f"{installed}:{walls.home / 'bin'}:/usr/bin:/bin"
    assert walls.run("command -v hub2ar", walls.home, PATH=programs).out.strip() == str(installed / "hub2ar")
    own = {
        "PYTHONPATH": "",
        "PYTHONDONTWRITEBYTECODE": "",
        "PYTHONPYCACHEPREFIX": str(walls.home / "compiled"),
    }
    failed = list(failures(walls, ROOT / "README.md", PATH=programs, **own))
    assert not failed, "\n".join(failed)
