"""Aspire: containers of an application host."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

HEAD = "var builder = DistributedApplication.CreateBuilder(args);\n"


def host(text, path="src/AppHost/Program.cs"):
    return extracted("aspire", HEAD + text, path)


@pytest.mark.parametrize(
    "text",
    [
        'builder.AddContainer("x", "a/b", "1");',
        'builder.AddContainer("x", "a/b:1").WithHttpEndpoint(80, 80);',
        'builder.AddPostgres("db").WithImage("a/b", "1").AddDatabase("orders");',
        'var db = builder.AddPostgres("db")\n    .WithImage("a/b")\n    .WithImageTag("1");',
        'builder.AddRedis("cache").WithImage("b").WithImageRegistry("docker.io/a").WithImageTag("1");',
        'const string Tag = "1";\nbuilder.AddContainer("x", "a/b", Tag);',
    ],
)
def test_image_of_a_container(text):
    assert host(text).roles == [("docker.io/a/b:1", "service")]


def test_container_of_a_test_is_one_of_a_test():
    assert host('builder.AddContainer("x", "a/b", "1");', "tests/Fixture.cs").roles == [
        ("docker.io/a/b:1", "test")
    ]


def test_integration_without_an_image_pulls_what_its_version_decides():
    [(text, reason)] = host('builder.AddRabbitMQ("bus").WithLifetime(x);').unresolved
    assert (text, "docker.io/library/rabbitmq" in reason) == ("AddRabbitMQ", True)


def test_tag_of_an_integration_is_known():
    assert host('builder.AddRedis("cache").WithImageTag("7.4");').roles == [
        ("docker.io/library/redis:7.4", "implicit")
    ]


@pytest.mark.parametrize(
    "text", ['builder.AddProject<Projects.Web>("web");', 'builder.AddRedisClient("cache");', "list.Add(x);"]
)
def test_what_is_no_container_names_nothing(text):
    assert host(text).found == []


TOKENS = st.lists(
    st.sampled_from(
        ['AddContainer("', '"', ", ", "(", ")", ".WithImage(", '"a"', "AddRedis(", ";", "\n", "+", "x"]
    ),
    max_size=20,
)


@given(TOKENS)
def test_any_text_can_be_read(tokens):
    host("".join(tokens))


def test_methods_of_typescript_begin_with_a_small_letter():
    text = """import { createBuilder } from "./.aspire/modules/aspire.mjs";
    builder.addContainer("x", "a/b:1").withHttpEndpoint({ port: 80 });
    builder.addRedis("cache").withImage("a/c").withImageTag("2");
    """
    found = extracted("aspire", text, "apphost.mts")
    assert found.pulled == ["docker.io/a/b:1", "docker.io/a/c:2"]
