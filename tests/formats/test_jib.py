"""Jib: base images and names in Maven, Gradle and build files."""

import pytest
from extracted import extracted

PLUGIN = "<plugin><artifactId>jib-maven-plugin</artifactId>{}</plugin>"


def pom(configuration, rest="", **given):
    plugin = PLUGIN.format(f"<configuration>{configuration}</configuration>")
    return extracted(
        "jib", f"<project><build><plugins>{plugin}</plugins></build>{rest}</project>", "pom.xml", **given
    )


def gradle(text, path="build.gradle"):
    return extracted("jib", text, path)


def test_base_and_name():
    found = pom("<from><image>a/b:1</image></from><to><image>c/d</image></to>")
    assert (found.roles, found.outputs) == (
        [("docker.io/a/b:1", "base"), ("docker.io/c/d", "output")],
        ["docker.io/c/d"],
    )


@pytest.mark.parametrize("image", ["docker://a/b:1", "tar:///x/y.tar", "scratch"])
def test_what_is_not_pulled(image):
    assert pom(f"<from><image>{image}</image></from>").items == ()


def test_scheme_of_a_registry_is_no_part_of_the_reference():
    assert pom("<from><image>registry://a/b:1</image></from>").pulled == ["docker.io/a/b:1"]


def test_property_of_the_file_is_filled_in():
    rest = "<properties><v>21</v><base>temurin:${v}</base></properties>"
    assert pom("<from><image>${base}</image></from>", rest).pulled == ["docker.io/library/temurin:21"]


def test_property_that_a_profile_sets_has_several_values():
    profile = "<profiles><profile><properties><v>2</v></properties></profile></profiles>"
    rest = f"<properties><v>1</v></properties>{profile}"
    found = pom("<from><image>a/b:${v}</image></from>", rest)
    assert found.pulled == ["docker.io/a/b:1", "docker.io/a/b:2"]


def test_property_that_is_not_set_is_told():
    found = pom("<from><image>${env.BASE}</image></from>")
    missing = "env.BASE is not set in this file or its parents: set it under <properties>"
    assert found.unresolved == [("${env.BASE}", missing)]


def test_properties_in_a_circle_end():
    rest = "<properties><a>${b}</a><b>${a}</b></properties>"
    assert [text for text, _ in pom("<from><image>${a}</image></from>", rest).unresolved] == ["${a}"]


def test_property_that_jib_heeds():
    text = "<project><properties><jib.from.image>a/b:1</jib.from.image></properties></project>"
    assert extracted("jib", text, "pom.xml").pulled == ["docker.io/a/b:1"]


def test_other_plugins_are_left_alone():
    configuration = "<configuration><from><image>a/b</image></from></configuration>"
    text = f"<project><plugin><artifactId>x</artifactId>{configuration}</plugin></project>"
    assert extracted("jib", text, "pom.xml").items == ()


@pytest.mark.parametrize(
    ("properties", "base"),
    [
        ("<maven.compiler.release>21</maven.compiler.release>", "docker.io/library/eclipse-temurin:21-jre"),
        ("<maven.compiler.target>1.8</maven.compiler.target>", "docker.io/library/eclipse-temurin:8-jre"),
        ("<maven.compiler.target>12</maven.compiler.target>", "docker.io/library/eclipse-temurin:17-jre"),
        ("<x/>", "docker.io/library/eclipse-temurin:8-jre"),
    ],
)
def test_default_base_goes_by_the_java_version(properties, base):
    assert pom("", f"<properties>{properties}</properties>").roles == [(base, "implicit")]


@pytest.mark.parametrize(
    "rest",
    [
        "<parent><groupId>a</groupId><artifactId>b</artifactId><version>1</version></parent>",
        "<properties><maven.compiler.target>${unknown}</maven.compiler.target></properties>",
        "<packaging>pom</packaging>",
    ],
)
def test_default_base_is_not_guessed(rest):
    assert pom("", rest).items == ()


def test_web_archive_runs_on_jetty():
    assert pom("", "<packaging>war</packaging>").roles == [("docker.io/library/jetty", "implicit")]


@pytest.mark.parametrize(
    "text",
    [
        "jib { from { image = 'a/b:1' } }",
        'jib.from.image = "a/b:1"',
        "jib {\n from.image 'a/b:1'\n}",
        "def v = '1'\njib { from { image = \"a/b:${v}\" } }",
        "def v = 1\njib { from { image = 'a/b:' + v } }",
        "jib { from { image = (project.findProperty('x') ?: 'a/b:1') } }",
        "extensions.configure(JibExtension) { from { image = 'a/b:1' } }",
        "if (x) { jib { from { image = 'a/b:1' } } }",
    ],
)
def test_base_in_groovy(text):
    assert gradle(text).pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        'jib { from { image = "a/b:1" } }',
        'jib?.from?.image = "a/b:1"',
        'val v = "1"\njib { from { image = "a/b:$v" } }',
        'configure<JibExtension> { from { image = "a/b:1" } }',
        'jib { from { image = findProperty("x") as String? ?: "a/b:1" } }',
    ],
)
def test_base_in_kotlin(text):
    assert gradle(text, "build.gradle.kts").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text", ["demo { from { image = 'a/b:1' } }", "jib { auth { image = 'a/b' } }", "// jib.from.image = 'a'"]
)
def test_what_is_not_the_base(text):
    assert gradle(text).items == ()


@pytest.mark.parametrize(
    ("java", "base"),
    [
        ("sourceCompatibility = JavaVersion.VERSION_17", "17"),
        ("java { toolchain { languageVersion = JavaLanguageVersion.of(21) } }", "21"),
        ("targetCompatibility = '1.8'", "8"),
    ],
)
def test_default_base_in_gradle(java, base):
    text = f"plugins {{ id 'com.google.cloud.tools.jib' version '3.4.0' }}\n{java}\n"
    assert gradle(text).roles == [(f"docker.io/library/eclipse-temurin:{base}-jre", "implicit")]


def test_plugin_that_is_not_applied_has_no_default():
    text = (
        "plugins { id 'com.google.cloud.tools.jib' version '3.4.0' apply false }\nsourceCompatibility = 17\n"
    )
    assert gradle(text).items == ()


def test_build_file():
    assert extracted("jib", "kind: BuildFile\nfrom:\n  image: a/b:1\n", "jib.yaml").pulled == [
        "docker.io/a/b:1"
    ]


@pytest.mark.parametrize(
    "setting",
    ["targetCompatibility = '{0}'", "targetCompatibility = JavaVersion.VERSION_{0}", "// version '{0}.1'"],
)
def test_version_of_thousands_of_digits_is_none(setting):
    number = "1" * 5_000
    version = f" version '{number}.1'" if setting.startswith("//") else ""
    text = f"plugins {{ id 'com.google.cloud.tools.jib'{version} }}\n{setting.format(number)}\njib {{ }}"
    gradle(text)


def test_version_of_java_of_thousands_of_digits_is_none():
    pom("", f"<properties><maven.compiler.release>{'1' * 5_000}</maven.compiler.release></properties>")
