"""Credential helpers that do what they should not."""

from pathlib import Path

import pytest

from planner.errors import ConfigError
from planner.registries._credential import Credential
from planner.registries._helper import ask

SECRET = "hidden-s3cret"


@pytest.fixture
def helper(tmp_path: Path):
    """Ask a `docker-credential-test` that is this script."""

    def asked(
        script: str, *, patience: float = 20, mode: int = 0o755, name: str = "test"
    ) -> Credential | None:
        program = tmp_path / "docker-credential-test"
        program.write_text(script)
        program.chmod(mode)
        return ask(name, "r.example", {"PATH": f"{tmp_path}:/usr/bin:/bin"}, patience=patience)

    return asked


def test_answer_is_a_credential_that_knows_its_program(helper):
    found = helper(f"""#!/bin/sh\nread host\necho '{{"Username": "me", "Secret": "{SECRET}"}}'\n""")
    assert (found, found.place) == (Credential("me", SECRET), "docker-credential-test")


def test_helper_that_does_not_read_is_understood(helper):
    assert helper(f"""#!/bin/sh\nexec <&-\necho '{{"Username": "me", "Secret": "{SECRET}"}}'\n""")


@pytest.mark.parametrize("script", ["sleep 3", "sleep 3 & exit 0", "exec 1>&-; sleep 3"])
def test_helper_that_hangs_is_given_up(helper, script):
    """So is one that ends and leaves a child with its output, and one that lives on without output."""
    with pytest.raises(ConfigError, match=r"gives no answer for r\.example in 0\.05 s"):
        helper(f"#!/bin/sh\n{script}\n", patience=0.05)


def test_helper_that_never_stops_talking_is_cut_off(helper):
    with pytest.raises(ConfigError, match="more than 65536 bytes"):
        helper("#!/bin/sh\nyes\n")


@pytest.mark.parametrize(
    "said", ["", "garbage", "[1]", '{"Secret": 5}', "null", '{"Secret":', r"\377\376", '"x"']
)
def test_garbage_is_one_error_without_what_was_said(helper, said):
    with pytest.raises(ConfigError, match="what is not JSON of a credential") as caught:
        helper(f"#!/bin/sh\nprintf '{said}'\n")
    assert "install or fix docker-credential-test" in caught.value.hint


@pytest.mark.parametrize(
    ("script", "reason"),
    [
        (
            "echo cannot reach the keyring; exit 1",
            "no credentials for r.example: cannot reach the keyring",
        ),
        ("exit 3", "it ended with 3"),
        ("kill -9 $$", "it ended with -9"),
        (f"""echo '{{"Secret": "{SECRET}"}}'; exit 1""", "it ended with 1"),
        (f"echo {SECRET} >&2; exit 1", "it ended with 1"),
    ],
)
def test_failure_says_why_without_a_secret(helper, script, reason):
    with pytest.raises(ConfigError) as caught:
        helper(f"#!/bin/sh\n{script}\n")
    assert reason in caught.value.message
    assert SECRET not in repr(caught.value) + caught.value.hint


@pytest.mark.parametrize(
    "said",
    ["credentials not found in native keychain", "no credentials server URL", "no credentials username"],
)
def test_helper_that_has_none_is_no_failure(helper, said):
    assert helper(f"#!/bin/sh\necho {said}\nexit 1\n") is None


def test_empty_secret_is_none(helper):
    assert helper("""#!/bin/sh\necho '{"Username": "me", "Secret": ""}'\n""") is None


@pytest.mark.parametrize("mode", [0o644, 0])
def test_program_that_may_not_be_run_is_one_error(helper, mode):
    with pytest.raises(ConfigError, match="cannot be run: permission denied"):
        helper("#!/bin/sh\n", mode=mode)


@pytest.mark.parametrize("script", ["", "\x7fELF", "#!/nonexistent\n"])
def test_file_that_is_no_program_is_one_error(helper, script):
    with pytest.raises(ConfigError, match=r"docker-credential-test (cannot be run|answers|has no)"):
        helper(script)


@pytest.mark.parametrize("name", ["../test", "", "a b", "x\0y", "-x", "ä"])
def test_name_that_is_no_program_s_is_refused(helper, name):
    with pytest.raises(ConfigError, match="is not the name of a credential helper"):
        helper("#!/bin/sh\n", name=name)


@pytest.mark.parametrize("secret", ["ya29.a0AfH6SMBx1", "dckr_pat_" + "x" * 24, "a1" * 8])
def test_what_may_be_a_secret_is_not_repeated(helper, secret):
    with pytest.raises(ConfigError) as error:
        helper(f"#!/bin/sh\necho 'token {secret} is expired'\nexit 1\n")
    assert secret not in error.value.message
    assert "token … is expired" in error.value.message
