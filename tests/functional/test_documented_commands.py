"""Every command that the documents show is run: against stand-ins, in a copy of the example.

A page is run from top to bottom in one folder. hub2ar is real; kubectl, gcloud and others are programs that take
what they are given, for what is asked is whether hub2ar does what the page says.
"""

import shutil
import subprocess
from pathlib import Path

import pytest
from documented import PAGES, commands
from walled import walled

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("inventory.json", "availabilities.json", "plan.json", "outcomes.jsonl")
MADE = (
    "hub2ar scan --output-format json > inventory.json",
    "hub2ar check inventory.json --output-format json > availabilities.json",
    "hub2ar plan inventory.json availabilities.json",
    "hub2ar apply plan.json --outcomes outcomes.jsonl",
)
SILENT = ("docker", "gcloud", "glab", "systemctl", "crontab", "sqlite3", "pipx", "make", "man")
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
CODES = {  # of commands that end with something else than 0, and why
    "hub2ar doctor": (0, 10),  # this machine may well have something to find
    "hub2ar mirror verify": (0, 3, 10),
    "hub2ar mirror lint": (10,),  # the example names the mirror once
    "hub2ar rewrite --check": (10,),  # and is not rewritten yet
}


@pytest.fixture(scope="module")
def walls(tmp_path_factory):
    home = tmp_path_factory.mktemp("home")
    whole = home / "whole"
    shutil.copytree(ROOT / "examples" / "storefront", whole)
    with walled(home, whole, locations=("us", "europe"), pulls=1000) as opened:
        (whole / "hub2ar.toml").write_text(opened.settings('[target]\nproject = "acme-prod"\n'))
        for name in SILENT:
            opened.program(name, "#!/bin/sh\nexit 0\n")
        opened.program("sudo", '#!/bin/sh\nexec "$@"\n')
        opened.program("kubectl", KUBECTL)
        opened.program("docker", DOCKER)
        for script in MADE:
            assert opened.run(script, whole).code == 0, script
        yield opened


def folder(walls, name):
    """A copy of the example with the documents of its migration, as a repository in which nothing is open."""
    place = walls.home / name
    shutil.copytree(walls.home / "whole", place)
    (place / ".gitignore").write_text("".join(f"{each}\n" for each in DOCUMENTS))
    git = ("git", "-c", "user.name=n", "-c", "user.email=e", "-c", "init.defaultBranch=main")
    for words in (("init", "-q"), ("add", "-A"), ("commit", "-qm", "all"), ("tag", "v1.4")):
        subprocess.run([*git, *words], cwd=place, check=True, capture_output=True)
    return place


def expected(script):
    found = [codes for start, codes in CODES.items() if start in script]
    return found[0] if found else (0,)


@pytest.mark.parametrize("page", [page for page in PAGES if commands([page])], ids=lambda page: page.stem)
def test_commands_of_a_page_do_what_they_say(walls, page):
    place = folder(walls, page.stem)
    failed = []
    for each in commands([page]):
        done = walls.run(each.script, place)
        if done.code not in expected(each.script) or "Traceback" in done.err:
            failed.append(f"{each}: {each.script}\n  exit {done.code}: {done.err.strip()[-300:]}")
    assert not failed, "\n".join(failed)
