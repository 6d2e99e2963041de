"""Testcontainers and dockertest: what tests start."""

import pytest
from extracted import extracted

IMPORT = "import org.testcontainers.containers.*;\n"


def java(text):
    return extracted("testcontainers", IMPORT + text, "src/test/java/ATest.java")


def go(text):
    return extracted(
        "testcontainers", 'import "github.com/testcontainers/testcontainers-go"\n' + text, "a_test.go"
    )


@pytest.mark.parametrize(
    "text",
    [
        'new GenericContainer<>("redis:7")',
        'new GenericContainer(DockerImageName.parse("redis:7"))',
        'new org.testcontainers.containers.GenericContainer<>("redis:" + V); static final String V = "7";',
        'new RedisContainer(DockerImageName.parse("redis").withTag("7")).withReuse(true)',
        'new PostgreSQLContainer<>(DockerImageName.parse("redis:7").asCompatibleSubstituteFor("postgres"))',
        'DockerImageName N = DockerImageName.parse("redis"); new GenericContainer<>(N.withTag("7"));',
        'DockerImageName N = DockerImageName.parse("redis:7"); new GenericContainer<>(N);',
        'new GenericContainer<>(image()); String image() { return "redis:7"; }',
        'new MyContainer("redis:7")',
    ],
)
def test_image_of_a_container_in_java(text):
    assert java(text).pulled == ["docker.io/library/redis:7"]


@pytest.mark.parametrize(
    "text",
    [
        '// new GenericContainer<>("redis:7")',
        '"new GenericContainer<>(\\"redis:7\\")"',
        'String image = "redis:7";',
        'name.isCompatibleWith(DockerImageName.parse("redis"))',
        'name.assertCompatibleWith(N); DockerImageName N = DockerImageName.parse("redis");',
        'new DockerComposeContainer<>("redis", new File("compose.yml"))',
        'new KafkaContainer("6.2.1")',
        'new ServletContainer("redis")',
        "void f(String image) { new GenericContainer<>(image); }",
        "GenericContainer<?> c = make(); new SocatContainer(c)",
        'class FakeContainer { FakeContainer(String x) {} } new FakeContainer("redis:7")',
    ],
)
def test_what_starts_no_container_is_no_image(text):
    found = java(text)
    assert (found.pulled, found.unresolved) == ([], [])


def test_constant_of_another_class_is_named_where_it_is_not_known():
    found = java("new GenericContainer<>(TestImages.REDIS)")
    assert [text for text, _ in found.unresolved] == ["TestImages.REDIS"]


def test_constants_of_a_class_are_given_to_those_who_use_them():
    text = 'package org.shop;\nclass TestImages { static String REDIS = "redis:7";\n' + IMPORT + "}"
    found = extracted("testcontainers", text, "TestImages.java")
    assert found.bindings == [("**", "testcontainers", {"TestImages.REDIS": "redis:7"})]


def test_constant_that_another_class_gives_is_known():
    text = IMPORT + "new GenericContainer<>(TestImages.REDIS)"
    found = extracted("testcontainers", text, "ATest.java", **{"TestImages.REDIS": "redis:7"})
    assert found.pulled == ["docker.io/library/redis:7"]


def test_base_of_a_dockerfile_made_in_code_is_pulled_and_its_name_is_built():
    found = java('new ImageFromDockerfile("own").withDockerfileFromBuilder(b -> b.from("alpine:3").build())')
    assert found.roles == [("docker.io/library/own", "output"), ("docker.io/library/alpine:3", "base")]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("A.kt", 'GenericContainer<Nothing>("redis:7")'),
        ("A.kt", 'class R : GenericContainer<R>("redis:$V")\nconst val V = "7"'),
        ("A.groovy", "new GenericContainer('redis:7')"),
        ("A.scala", 'GenericContainer.Def("redis:7", exposedPorts = Seq(6379))'),
        ("A.scala", 'GenericContainer(dockerImage = "redis:7")'),
        ("test_a.py", 'DockerContainer("redis:7")'),
        ("test_a.py", 'RedisContainer(image=f"redis:{V}")\nV = "7"'),
        ("test_a.py", "def start(image='redis:7'):\n    return DockerContainer(image)"),
        ("a.test.ts", "await new GenericContainer(`redis:7`).withExposedPorts(1).start()"),
        ("ATests.cs", 'new ContainerBuilder().WithImage("redis:7").Build()'),
        ("ATests.cs", 'new RedisBuilder("redis:7").Build()'),
        (
            "ATests.cs",
            'class A : X { A() : base(new ContainerBuilder("redis:" + V)) {} const string V = "7"; }',
        ),
        (
            "a.py",
            "class A(DockerContainer):\n    def __init__(self, image: str = 'redis:7', **more):\n"
            "        super().__init__(image=image, **more)",
        ),
        ("a.rs", 'GenericImage::new("redis", "7").start()'),
        ("a.rs", 'Redis::default().with_name("redis").with_tag("7")'),
        ("a.rb", 'Testcontainers::DockerContainer.new("redis:7")'),
    ],
)
def test_image_of_a_container_in_other_languages(path, text):
    mention = "# testcontainers\n" if path.endswith((".py", ".rb")) else "// testcontainers\n"
    assert extracted("testcontainers", mention + text, path).pulled == ["docker.io/library/redis:7"]


@pytest.mark.parametrize(
    "text",
    [
        'testcontainers.ContainerRequest{Image: "redis:7"}',
        "testcontainers.GenericContainerRequest{ContainerRequest: tc.ContainerRequest{Image: V}}\n"
        'const V = "redis:7"',
        'redis.Run(ctx, "redis:7", redis.WithLogLevel("debug"))',
        'redis.RunContainer(ctx, testcontainers.WithImage("redis:7"))',
        'gcloud.RunPubsub(ctx, "redis:7")',
        'provider.PullImage(ctx, "redis:7")',
        'dockertest.RunOptions{Repository: "redis", Tag: "7"}',
        'var _ dockertest.Pool; pool.Run("redis", "7", nil)',
        'var _ dockertest.Pool; pool.Run(ctx, "redis", dockertest.WithTag("7"))',
    ],
)
def test_image_of_a_container_in_go(text):
    assert go(text).pulled == ["docker.io/library/redis:7"]


@pytest.mark.parametrize(
    "text",
    [
        't.Run("redis:7", func(t *testing.T) {})',
        'cmd.Run(ctx, "ls")',
        "func f(image string) { redis.Run(ctx, image) }",
    ],
)
def test_what_go_runs_besides_is_no_image(text):
    found = go(text)
    assert (found.pulled, found.unresolved) == ([], [])


def test_specifications_of_dktest_name_images():
    text = (
        'package a\nimport (\n "github.com/dhui/dktest"\n)\n'
        'var specs = []dktesting.ContainerSpec{\n {ImageName: "postgres:16", Options: o},\n'
        " {ImageName: image, Options: o},\n}\n"
        'func T(t *testing.T) { dktest.Run(t, "redis:7", o, f) }\n'
    )
    assert extracted("testcontainers", text, "a_test.go").pulled == [
        "docker.io/library/postgres:16",
        "docker.io/library/redis:7",
    ]


def test_builder_of_dotnet_needs_no_import_beside_it():
    text = 'class A { PostgreSqlContainer c = new PostgreSqlBuilder("postgres:15.1").Build(); }'
    found = extracted("testcontainers", text, "A.cs")
    assert [(each.text, each.confidence.value) for each in found.occurrences] == [
        ("postgres:15.1", "certain")
    ]


def test_image_that_a_method_makes_of_a_word_is_not_told():
    text = 'using Testcontainers; var c = new KafkaBuilder(Session.Image(stage: "v4")).Build();'
    assert extracted("testcontainers", text, "A.cs").found == []


def test_builder_of_something_else_is_no_container():
    assert extracted("testcontainers", 'var u = new UriBuilder("localhost:8080");', "A.cs").found == []


def test_container_of_kubernetes_is_not_one_of_testcontainers():
    text = "import testcontainers\nV1Container(name='a', image='a/b:1')\n"
    assert extracted("testcontainers", text, "a.py").found == []


def test_part_that_is_not_known_is_told():
    assert java('new GenericContainer<>("redis:" + version)').unresolved == [
        ("redis:${version}", "version is not set to a literal in this file")
    ]


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("jdbc:tc:postgresql:16:///db", ["docker.io/library/postgres:16"]),
        ("jdbc:tc:postgis:16-3.4://localhost/db?TC_REUSABLE=true", ["docker.io/postgis/postgis:16-3.4"]),
        ("r2dbc:tc:mysql:///db?TC_IMAGE_TAG=8.0", ["docker.io/library/mysql:8.0"]),
        ("jdbc:tc:mysql:///db", []),
        ("jdbc:postgresql://localhost:5432/db", []),
    ],
)
def test_url_of_a_database_implies_its_image(url, expected):
    found = extracted("testcontainers", f"spring.datasource.url={url}\n", "application.properties")
    assert (found.pulled, {role for _, role in found.roles}) == (
        expected,
        {"implicit"} if expected else set(),
    )


def test_settings_name_images_of_testcontainers_itself():
    text = "ryuk.container.image=testcontainers/ryuk:0.7.0\n#tinyimage.container.image=alpine\n"
    found = extracted("testcontainers", text, "src/test/resources/testcontainers.properties")
    assert found.pulled == ["docker.io/testcontainers/ryuk:0.7.0"]


@pytest.mark.parametrize(
    ("head", "found"),
    [("class A extends GenericContainer<A>", ["docker.io/a/b:1"]), ("class A extends Thing", [])],
)
def test_image_that_a_class_of_containers_hands_on(head, found):
    text = f'import org.testcontainers.containers.GenericContainer;\n{head} {{ A() {{ super("a/b:1"); }} }}'
    assert extracted("testcontainers", text, "A.java").pulled == found


def test_name_that_is_only_asked_something_is_not_pulled():
    text = (
        "import org.testcontainers.utility.DockerImageName;\n"
        'class A { void a() { assertThat(DockerImageName.parse("foo:1").getVersionPart()).isEqualTo("1");\n'
        'assertThat(new GenericContainer<>(DockerImageName.parse("a/b:1"))).isNotNull(); } }'
    )
    assert extracted("testcontainers", text, "A.java").pulled == ["docker.io/a/b:1"]


@pytest.mark.parametrize(
    "text",
    [
        'new GenericContainer<>(parse("redis:7"));',
        'class A extends GenericContainer<A> { A() { super(parse("redis:7")); } }',
        'DockerImageName N = parse("redis"); new GenericContainer<>(N.withTag("7"));',
    ],
)
def test_parse_may_be_imported_by_itself(text):
    statement = "import static org.testcontainers.utility.DockerImageName.parse;\n"
    assert java(statement + text).pulled == ["docker.io/library/redis:7"]
    assert java(text).pulled == []


def rust(text):
    return extracted("testcontainers", "use testcontainers::Image;\n" + text, "src/redis/mod.rs")


_IMPL = "impl Image for Redis {{ fn name(&self) -> &str {{ {name} }} fn tag(&self) -> &str {{ {tag} }} }}"


@pytest.mark.parametrize(("name", "tag"), [("NAME", "TAG"), ('"redis"', '"7"'), ("NAME.into()", "TAG")])
def test_type_of_rust_that_is_an_image_tells_name_and_tag(name, tag):
    constants = 'const NAME: &str = "redis"; const TAG: &str = "7";\n'
    assert rust(constants + _IMPL.format(name=name, tag=tag)).pulled == ["docker.io/library/redis:7"]


@pytest.mark.parametrize(
    "text",
    [
        "impl Default for Redis { fn default() -> Self { Self::default() } }",
        "::default() new() x::new()",
        _IMPL.format(name="&self.name", tag='"7"'),
        "impl Image for Redis {",
    ],
)
def test_other_types_of_rust_tell_nothing(text):
    assert rust(text).found == []


def elixir(text):
    return extracted("testcontainers", "import Testcontainers.Container\n" + text, "test/a_test.exs")


@pytest.mark.parametrize(
    "text",
    [
        '%Testcontainers.Container{image: "redis:7", network_mode: "host"}',
        'Container.new("redis:7")',
        'new("redis:7") |> with_fixed_port(6379)',
        'RedisContainer.new() |> RedisContainer.with_image("redis:7")',
        'RedisContainer.with_image(config, "redis:7")',
        '{:ok, _} = Api.pull_image("redis:7", conn)',
        '@image "redis"\n@tag "7"\n@both "#{@image}:#{@tag}"\ndef new, do: %__MODULE__{image: @both}',
    ],
)
def test_image_of_a_container_in_elixir(text):
    assert elixir(text).pulled == ["docker.io/library/redis:7"]


@pytest.mark.parametrize(
    "text",
    [
        '# Container.new("redis:7")',
        '@moduledoc """\nContainer.new("redis:7")\n"""',
        'assert config.image == "redis:7"',
        '%Container{image: "redis:7"} = config',
        "def with_image(%__MODULE__{} = config, image), do: %{config | image: image}",
        "Container.new(image)",
        'Registry.new(name, "redis:7")',
    ],
)
def test_other_strings_of_elixir_are_none(text):
    assert elixir(text).found == []


def test_container_of_a_type_of_ones_own_is_waited_for():
    container = 'testutil.Container{{Image: "redis:7", {}: x}}'
    for field, pulled in (("WaitingFor", ["docker.io/library/redis:7"]), ("Command", [])):
        found = extracted(
            "testcontainers", f"package a\nvar WaitingFor: x = {container.format(field)}\n", "a_test.go"
        )
        assert found.pulled == pulled


@pytest.mark.parametrize(
    ("text", "pulled"),
    [
        ('new GenericContainer<>("some-default-image:123")', []),
        ('new GenericContainer<>("redis")', ["docker.io/library/redis"]),
        ('new GenericContainer<>("acme/app:1")', ["docker.io/acme/app:1"]),
        ('assertThat(x.name()).isEqualTo(DockerImageName.parse("acme/app:1"))', []),
    ],
)
def test_names_that_docker_hub_cannot_have_are_made_up(text, pulled):
    assert java(text).pulled == pulled


@pytest.mark.parametrize(
    ("built", "reasons"),
    [
        ('new PostgreSqlBuilder().WithDatabase("a").Build()', ["docker.io/library/postgres"]),
        ("new KafkaBuilder().Build()", ["docker.io/confluentinc/cp-kafka"]),
        ('new PostgreSqlBuilder().WithDatabase("a")', []),
        ('new PostgreSqlBuilder().WithImage("postgres:16").Build()', []),
        ('new PostgreSqlBuilder("postgres:16").Build()', []),
        ("new MenuBuilder().Build()", []),
    ],
)
def test_builder_of_dotnet_without_an_image_pulls_its_default(built, reasons):
    read = extracted("testcontainers", f"using Testcontainers;\nclass A {{ object a = {built}; }}\n", "A.cs")
    assert [reason.partition(" ")[0] for _, reason in read.unresolved] == reasons


@pytest.mark.parametrize(
    ("constant", "kept"),
    [
        ('HASH_LABEL = "org.testcontainers.hash"', False),
        ('INTERNAL_HOSTNAME = "host.testcontainers.internal"', False),
        ('DEFAULT_TAG = "stable"', True),
        ('KAFKA = "7.5.0"', True),
        ('REDIS = "redis"', True),
        ('PROXY = "acme/proxy"', True),
    ],
)
def test_class_keeps_only_what_may_be_part_of_an_image(constant, kept):
    text = f"package a; import org.testcontainers.x; class Container {{ static final String {constant}; }}"
    assert bool(extracted("testcontainers", text, "src/main/java/a/A.java").bindings) is kept


@pytest.mark.parametrize(
    "call",
    [
        'Container.new "redis:7"',
        'Testcontainers.Container.new "redis:7"',
        'c |> RedisContainer.with_image "redis:7"',
    ],
)
def test_call_of_elixir_needs_no_parentheses(call):
    text = f"# Testcontainers\nx = {call}\n"
    assert extracted("testcontainers", text, "test/a_test.exs").pulled == ["docker.io/library/redis:7"]


@pytest.mark.parametrize("call", ['Map.new "redis:7"', 'assert "redis:7"', 'IO.puts "redis:7"'])
def test_other_call_of_elixir_starts_nothing(call):
    text = f"# Testcontainers\nx = {call}\n"
    assert extracted("testcontainers", text, "test/a_test.exs").pulled == []
