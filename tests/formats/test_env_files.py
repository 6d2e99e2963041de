"""Files of variables that commands name for Compose files."""

import pytest

from planner.scan import scan

COMPOSE = "services: {db: {image: '${DB_IMAGE}'}}\n"
COMMANDS = {
    "run.sh": "#!/bin/sh\n%s up -d\n",
    "Makefile": "up:\n\t%s up -d\n",
    ".github/workflows/ci.yml": (
        "on: push\njobs: {a: {runs-on: x, steps: [{run: %s up -d, working-directory: .}]}}\n"
    ),
}


@pytest.fixture
def found(tmp_path):
    def of(**files: str) -> tuple[list[str], list[str]]:
        for name, text in files.items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text)
        inventory = scan([tmp_path])
        used = [str(each.reference) for each in inventory.occurrences if each.format == "compose"]
        return used, [each.text for each in inventory.unresolved]

    return of


@pytest.mark.parametrize("name", ["prod.env", "env.prod", ".env.prod", "settings.env.prod"])
@pytest.mark.parametrize("host", COMMANDS)
def test_file_of_variables_reaches_the_compose_file_that_a_command_names_with_it(found, host, name):
    command = COMMANDS[host] % f"docker compose --env-file config/{name} -f deploy/web.yaml"
    files = {host: command, f"config/{name}": "DB_IMAGE=postgres:17\n", "deploy/web.yaml": COMPOSE}
    assert found(**files) == (["docker.io/library/postgres:17"], [])


@pytest.mark.parametrize(
    "command",
    [
        "docker-compose --env-file prod.env",
        "docker compose --env-file=prod.env -p shop",
        "$(DOCKER_COMPOSE) --env-file prod.env",
        "cd . && podman-compose --env-file ./prod.env",
    ],
)
def test_file_of_variables_is_for_the_compose_files_of_the_folder_where_none_is_named(found, command):
    files = {"Makefile": f"up:\n\t{command} up\n", "prod.env": "DB_IMAGE=postgres:17\n"}
    assert found(**files, **{"compose.yaml": COMPOSE}) == (["docker.io/library/postgres:17"], [])


def test_each_file_of_variables_is_a_use_of_its_own(found):
    script = "docker compose --env-file a.env up\ndocker compose --env-file b.env up\n"
    files = {"a.env": "DB_IMAGE=postgres:16\n", "b.env": "DB_IMAGE=postgres:17\n", "compose.yaml": COMPOSE}
    names = ["docker.io/library/postgres:16", "docker.io/library/postgres:17"]
    assert found(**files, **{"up.sh": script}) == (names, [])


def test_file_of_variables_that_no_command_names_is_for_no_compose_file(found):
    assert found(**{"prod.env": "DB_IMAGE=${X}\n", "compose.yaml": COMPOSE}) == ([], ["${DB_IMAGE}"])


def test_edit_of_the_image_is_made_in_the_file_of_variables(found, tmp_path):
    files = {"prod.env": "DB_IMAGE=postgres:17\n", "compose.yaml": COMPOSE}
    found(**files, **{"up.sh": "docker compose --env-file prod.env up\n"})
    (item,) = (each for each in scan([tmp_path]).occurrences if each.format == "compose")
    assert [(each.path, each.text) for each in item.fragments[:2]] == [
        ("prod.env", "postgres"),
        ("prod.env", "17"),
    ]
