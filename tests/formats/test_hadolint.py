"""hadolint: trusted registries."""

from extracted import extracted


def test_registries_that_are_trusted():
    text = "ignored: [DL3008]\ntrustedRegistries: [docker.io, '*.gcr.io', my.example:5000/team]\n"
    assert extracted("hadolint", text, ".hadolint.yaml").rules == [
        ("docker.io", "prefix"),
        ("*.gcr.io", "glob"),
        ("my.example:5000/team", "prefix"),
    ]
