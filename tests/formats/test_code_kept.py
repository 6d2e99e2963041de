"""Constants that are images, kept in one file of a program and used in another."""

import pytest
from trees import Memory

from planner.scan import Place, scan_places

GO = 'import (\n\t"github.com/testcontainers/testcontainers-go/modules/postgres"\n%s)\n'
RUN = '\tpostgres.Run(ctx, %s)\n}\nfunc f() {\n\tmyImage := "local:1"\n\tg(myImage)\n}\n'
GO_TEST = "package db\n" + GO + "func TestA() {\n" + RUN
PYTHON = "from testcontainers.core.container import DockerContainer\n%s\nDockerContainer(%s).start()\n"
SCRIPT = 'import { GenericContainer } from "testcontainers";\n%s\nnew GenericContainer(%s).start();\n'
KEPT_GO = 'package %s\n\nconst PostgresImage = "postgres:16"\n'
KEPT = 'POSTGRES_IMAGE = "postgres:16"\n'
EXPORTED = 'export const POSTGRES_IMAGE = "postgres:16";\n'


def found(**files):
    """Return what is named where no constant is set by itself."""
    inventory = scan_places([Place(Memory(tuple(files.items())), "memory")])
    kept = (each for each in inventory.occurrences if each.format != "image_constants")
    return sorted((str(each.reference), str(each.role), each.path) for each in kept)


@pytest.mark.parametrize(
    ("kept", "user", "text"),
    [
        ("db/images.go", "db/a_test.go", GO_TEST % ("", "PostgresImage")),
        ("db/help_test.go", "db/a_test.go", GO_TEST % ("", "PostgresImage")),
        ("internal/images/all.go", "db/a_test.go",
         GO_TEST % ('\t"github.com/acme/shop/internal/images"\n', "images.PostgresImage")),
        ("internal/images/all.go", "db/a_test.go",
         GO_TEST % ('\tin "github.com/acme/shop/internal/images"\n', "in.PostgresImage")),
    ],
)  # fmt: skip
def test_constant_of_a_package_of_go(kept, user, text):
    package = kept.split("/")[-2]
    assert found(**{kept: KEPT_GO % package, user: text}) == [("docker.io/library/postgres:16", "test", user)]


@pytest.mark.parametrize(
    ("kept", "line", "name"),
    [
        ("tests/images.py", "from tests.images import POSTGRES_IMAGE", "POSTGRES_IMAGE"),
        ("tests/images.py", "from .images import (\n    POSTGRES_IMAGE as PG,\n)", "PG"),
        ("tests/images.py", "from . import images", "images.POSTGRES_IMAGE"),
        ("images.py", "from ..images import *", "POSTGRES_IMAGE"),
        ("src/shop/settings/images.py", "import shop.settings.images as i", "i.POSTGRES_IMAGE"),
        ("tests/images/__init__.py", "from tests.images import POSTGRES_IMAGE", "POSTGRES_IMAGE"),
        ("tests/images.py", "from images import POSTGRES_IMAGE", 'f"{POSTGRES_IMAGE}"'),
    ],
)
def test_constant_of_a_module_of_python(kept, line, name):
    read = found(**{kept: KEPT, "tests/test_a.py": PYTHON % (line, name)})
    assert read == [("docker.io/library/postgres:16", "test", "tests/test_a.py")]


@pytest.mark.parametrize(
    ("kept", "line", "name"),
    [
        ("test/images.ts", 'import { POSTGRES_IMAGE } from "./images";', "POSTGRES_IMAGE"),
        ("test/images.ts", 'import { POSTGRES_IMAGE as pg } from "./images.js";', "pg"),
        ("lib/images/index.ts", 'import * as images from "../lib/images";', "images.POSTGRES_IMAGE"),
        ("lib/images.js", 'const { POSTGRES_IMAGE } = require("../lib/images");', "POSTGRES_IMAGE"),
        ("src/lib/images.ts", "import { POSTGRES_IMAGE } from '@/lib/images';", "POSTGRES_IMAGE"),
    ],
)
def test_constant_of_a_module_of_javascript(kept, line, name):
    read = found(**{kept: EXPORTED, "test/a.test.ts": SCRIPT % (line, name)})
    assert read == [("docker.io/library/postgres:16", "test", "test/a.test.ts")]


def test_constant_of_a_class_of_csharp():
    kept = 'static class Images\n{\n    public const string PostgresImage = "postgres:16";\n}\n'
    user = "using Testcontainers.PostgreSql;\nclass A { void B() => new PostgreSqlBuilder()\n"
    user += "    .WithImage(Images.PostgresImage).Build(); }\n"
    read = found(**{"Shared/Images.cs": kept, "Tests/A.cs": user})
    assert read == [("docker.io/library/postgres:16", "test", "Tests/A.cs")]


def test_constant_of_a_class_of_java_without_a_word_of_testcontainers():
    kept = 'package org.shop;\nclass Images {\n  static final String POSTGRES_IMAGE = "postgres:16";\n}\n'
    user = "package org.shop;\nimport org.testcontainers.containers.PostgreSQLContainer;\n"
    user += "class ATest { Object a = new PostgreSQLContainer<>(Images.POSTGRES_IMAGE); }\n"
    read = found(**{"src/Images.java": kept, "src/ATest.java": user})
    assert read == [("docker.io/library/postgres:16", "test", "src/ATest.java")]


@pytest.mark.parametrize(
    ("kept", "head"),
    [
        ('interface PostgresImages {\n  String POSTGRES = "postgres:16";\n}\n', "implements PostgresImages"),
        ('abstract class Images {\n  static final String POSTGRES = "postgres:16";\n}\n', "extends Images"),
    ],
)
def test_constant_of_an_interface_or_class_that_a_class_of_java_extends(kept, head):
    user = "package org.shop;\nimport org.testcontainers.containers.PostgreSQLContainer;\n"
    user += f"class ATest {head} {{ Object a = new PostgreSQLContainer<>(POSTGRES); }}\n"
    read = found(**{"src/Images.java": "package org.shop;\n" + kept, "src/ATest.java": user})
    assert read == [("docker.io/library/postgres:16", "test", "src/ATest.java")]


def test_task_of_airflow_takes_the_constant_of_another_module():
    user = "from airflow import DAG\nfrom shop.images import POSTGRES_IMAGE\n"
    user += 'KubernetesPodOperator(task_id="a", image=POSTGRES_IMAGE)\n'
    read = found(**{"dags/shop/images.py": KEPT, "dags/a.py": user})
    assert read == [("docker.io/library/postgres:16", "workload", "dags/a.py")]


@pytest.mark.parametrize(
    ("kept", "user"),
    [
        ({"other/images.go": KEPT_GO % "other"}, {"db/a_test.go": GO_TEST % ("", "PostgresImage")}),
        ({"db/b_test.go": 'package db\nfunc TestB() {\n\tpostgresImage := "postgres:16"\n}\n'},
         {"db/a_test.go": GO_TEST % ("", "postgresImage")}),
        ({"b/images_test.py": KEPT}, {"tests/test_a.py": PYTHON % ("from .images import X", "X")}),
    ],
)  # fmt: skip
def test_name_of_something_else_is_no_image(kept, user):
    assert [each for each in found(**kept, **user) if each[2] in user] == []


def test_name_that_a_file_sets_itself_is_its_own():
    line = 'from tests.images import POSTGRES_IMAGE\nPOSTGRES_IMAGE = "postgres:15"\n'
    user = PYTHON % (line, "POSTGRES_IMAGE")
    read = found(**{"tests/images.py": KEPT, "tests/test_a.py": user})
    assert read == [("docker.io/library/postgres:15", "test", "tests/test_a.py")]


@pytest.mark.parametrize(
    "opener", ["import ", "from a import (", "from a import b, ", 'x from "a" ', "const a = "]
)
def test_reading_hostile_imports_ends(opener):
    text = "testcontainers DockerContainer(\n" + opener * (60_000 // len(opener))
    assert found(**{"tests/a.py": text, "tests/a.ts": text, "tests/a.go": text, "tests/a.cs": text}) == []
