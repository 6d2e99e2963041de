import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.errors import ConfigError
from planner.model.platform import canonical, parse


@pytest.mark.parametrize(
    ("written", "compared"),
    [
        ("linux/amd64", "linux/amd64"),
        ("linux/x86_64", "linux/amd64"),
        ("linux/amd64/v1", "linux/amd64"),
        ("linux/amd64/v3", "linux/amd64/v3"),
        ("linux/arm64/v8", "linux/arm64"),
        ("linux/aarch64", "linux/arm64"),
        ("linux/arm", "linux/arm/v7"),
        ("linux/armhf", "linux/arm/v7"),
        ("linux/arm/6", "linux/arm/v6"),
        ("Linux/ARM/v6", "linux/arm/v6"),
        ("windows/amd64", "windows/amd64"),
        ("macos/arm64", "darwin/arm64"),
    ],
)
def test_spellings_of_one_platform_are_one(written, compared):
    assert parse(written) == compared


@pytest.mark.parametrize("text", ["", "linux", "linux/", "/amd64", "linux/arm/v7/x", "linux amd64", "a/b c"])
def test_what_is_no_platform_is_told_with_its_value(text):
    with pytest.raises(ConfigError, match="is not a platform"):
        parse(text)


@given(st.text())
def test_reading_twice_is_reading_once(text):
    assert canonical(canonical(text)) == canonical(text)
