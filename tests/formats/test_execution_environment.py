"""Ansible execution environments."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st


def found(text):
    return extracted("execution_environment", text, "execution-environment.yml")


@pytest.mark.parametrize(
    ("text", "role"),
    [
        ("version: 3\nimages: {base_image: {name: 'a/b:1'}}", "base"),
        ("version: 2\nimages: {builder_image: {name: 'a/b:1'}}", "base"),
        ("version: 1\nbuild_arg_defaults: {EE_BASE_IMAGE: 'a/b:1'}", "base"),
        ("version: 1\nbuild_arg_defaults: {EE_BUILDER_IMAGE: 'a/b:1'}", "base"),
        ("ansible-navigator: {execution-environment: {image: 'a/b:1'}}", "script"),
    ],
)
def test_images(text, role):
    assert found(text).roles == [("docker.io/a/b:1", role)]


@pytest.mark.parametrize("steps", ["[COPY --from=a/b:1 /x /y]", "'COPY --from=a/b:1 /x /y'"])
def test_instructions_that_copy_are_a_dockerfile(steps):
    item = found(f"version: 3\nadditional_build_steps: {{append_final: {steps}}}\n")
    assert [each.formats for each in item.embedded] == [("dockerfile",)]


def test_other_instructions_are_passed_over():
    assert found("additional_build_steps: {append_final: [RUN x]}\n").embedded == []


@given(
    st.lists(
        st.sampled_from(
            [
                "images: ",
                "{",
                "}",
                "base_image: ",
                "name: a",
                "\n",
                "additional_build_steps: ",
                "COPY --from=",
                "[",
            ]
        )
    )
)
@settings(max_examples=100, deadline=None)
def test_any_text_is_read(tokens):
    for item in found("".join(tokens)).items:
        assert getattr(item, "start", 0) >= 0
