import pytest
from merging import OWN, asked, file_of, merged

from planner.errors import ConfigError
from planner.model.source import SourceFile


def test_prefix_ends_with_a_slash():
    assert merged("testcontainers", "", OWN) == f"hub.image.name.prefix={OWN}/\n"


def test_other_properties_stay():
    before = "#comment\r\ndocker.client.strategy=x\r\ntestcontainers.reuse.enable=true"
    after = merged("testcontainers", before, OWN)
    assert after.startswith(before)
    assert asked("testcontainers", after) == [f"{OWN}/"]


def test_prefix_of_the_cache_is_refused_because_nothing_falls_back():
    with pytest.raises(ConfigError, match="there is no fallback"):
        merged("testcontainers")


def test_other_prefix_is_not_replaced():
    with pytest.raises(ConfigError, match="FILE:1:23: the prefix is 'a\\.example'"):
        merged("testcontainers", "hub.image.name.prefix=a.example/\n", OWN)


def test_nothing_is_asked_after_the_prefix():
    last = file_of("testcontainers").last
    assert last(SourceFile("FILE", f"hub.image.name.prefix = {OWN}/\n")) == ()
    assert last(SourceFile("FILE", "")) == ("registry-1.docker.io",)
