"""TeamCity: build steps in Kotlin and in XML."""

from extracted import extracted


def kotlin(text):
    return extracted("teamcity", text, ".teamcity/settings.kts")


def test_image_of_a_step():
    assert kotlin('script { dockerImage = "node:20" }').roles == [("docker.io/library/node:20", "step")]


def test_constant_is_filled_in():
    assert kotlin('const val V = "20"\nscript { dockerImage = "node:" + V }').pulled == [
        "docker.io/library/node:20"
    ]


def test_parameter_of_the_build_is_filled_in():
    text = 'params { param("v", "20") }\nscript { dockerImage = "node:%v%" }'
    assert kotlin(text).pulled == ["docker.io/library/node:20"]


def test_parameter_from_outside_is_not_known():
    found = kotlin('script { dockerImage = "node:%v%" }')
    assert found.unresolved == [("node:%v%", "v is a parameter of the build: it is not set in this file")]


def test_names_that_are_pushed():
    text = 'push {\n namesAndTags = """\n  a/b:1\n  a/b:%build.number%\n """.trimIndent()\n}'
    assert kotlin(text).outputs == ["docker.io/a/b:1", "a/b:%build.number%"]


def test_script_is_read():
    assert kotlin('script { scriptContent = """docker pull redis""" }').pulled == ["docker.io/library/redis"]


def test_image_of_a_step_in_xml():
    text = '<param name="plugin.docker.imageId" value="a/b:1" /><param name="x" value="c/d:1" />'
    assert extracted("teamcity", text, ".teamcity/p/x.xml").pulled == ["docker.io/a/b:1"]
