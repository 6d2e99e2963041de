"""Vagrant: the images of the Docker provider and provisioner."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

TOKENS = (
    "provider ",
    '"docker" ',
    "do ",
    "|d|",
    "d.",
    "image",
    " = ",
    '"a:1"',
    "run ",
    ",",
    "[",
    "]",
    "\n",
    "#{",
)


def found(text, path="Vagrantfile"):
    return extracted("vagrant", text, path)


def provider(line, block="|d|"):
    return f'Vagrant.configure("2") do |c|\n c.vm.provider "docker" do {block}\n  {line}\n end\nend\n'


def test_image_of_the_provider_is_a_workload():
    assert found(provider('d.image = "nginx:1"')).roles == [("docker.io/library/nginx:1", "workload")]


def test_block_may_have_a_second_variable():
    assert found(provider('d.image = "nginx:1"', "|d, override|")).pulled == ["docker.io/library/nginx:1"]


@pytest.mark.parametrize(
    ("line", "pulled"),
    [
        ('d.pull_images "a/b:1", "a/c:2"', ["docker.io/a/b:1", "docker.io/a/c:2"]),
        ('d.pull_images("a/b:1")', ["docker.io/a/b:1"]),
        ('d.run "web", image: "a/b:1"', ["docker.io/a/b:1"]),
        ('d.run "web", :image => "a/b:1"', ["docker.io/a/b:1"]),
        ('d.run "redis"', ["docker.io/library/redis"]),
        ('d.build_image "/app"', []),
        ('d.name = "web"', []),
        ('# d.image = "a/b:1"', []),
    ],
)
def test_statement_in_a_block(line, pulled):
    assert found(provider(line)).pulled == pulled


@pytest.mark.parametrize("kind", ['"docker"', ":docker", '"setup", type: "docker"'])
def test_images_of_the_provisioner(kind):
    assert found(f'c.vm.provision {kind}, images: ["a/b:1"]').pulled == ["docker.io/a/b:1"]


def test_constant_is_filled_in_even_if_frozen():
    text = 'TAG = "1".freeze\n' + provider('d.image = "nginx:#{TAG}"')
    assert found(text).pulled == ["docker.io/library/nginx:1"]


def test_unknown_variable_is_unresolved():
    assert len(found(provider('d.image = "nginx:#{ENV["TAG"]}"')).unresolved) == 1


def test_script_of_the_shell_provisioner_is_read():
    assert found('c.vm.provision "shell", inline: "docker pull a/b:1"').roles == [
        ("docker.io/a/b:1", "script")
    ]


def test_box_and_image_of_another_provider_are_no_images():
    text = 'c.vm.box = "a/b"\nc.vm.provider "libvirt" do |d|\n  d.image = "a/b:1"\nend\n# docker\n'
    assert found(text).pulled == []


def test_file_may_end_after_the_name_of_a_setting():
    assert found('c.vm.provider "docker" do |d|\n d.image').pulled == []


def test_list_of_images_is_pulled():
    assert found(provider('d.pull_images ["a/b:1", "a/c"]')).pulled == ["docker.io/a/b:1", "docker.io/a/c"]


@given(st.lists(st.sampled_from(TOKENS), max_size=30))
def test_any_text_is_read(parts):
    text = "".join(parts)
    assert all(0 <= item.start <= len(text) for item in found(text).items)
