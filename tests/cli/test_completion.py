"""hub2ar completion: what a shell is told, asked as its own script asks."""

import pytest

from planner.cli.main import run


def completed(monkeypatch, capsys, words):
    """What may follow, each with its kind, as bash asks for it."""
    monkeypatch.setenv("_HUB2AR_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", words)
    monkeypatch.setenv("COMP_CWORD", str(len(words.split(" ")) - 1))
    with pytest.raises(SystemExit, match="0"):  # click is done when it has answered
        run([])
    return capsys.readouterr().out.split()


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("hub2ar comp", ["plain,completion"]),
        ("hub2ar mirror ver", ["plain,verify"]),
        ("hub2ar completion f", ["plain,fish"]),
        ("hub2ar scan --output-format j", ["plain,json", "plain,jsonl"]),
    ],
)
def test_what_may_follow_is_told(monkeypatch, capsys, words, found):
    assert completed(monkeypatch, capsys, words) == found


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_script_of_each_shell_asks_in_the_same_variable(shell, capsys):
    assert run(["completion", shell]) == 0
    assert f"_HUB2AR_COMPLETE={shell}_complete" in capsys.readouterr().out


def test_other_shell_is_told_which_there_are(capsys):
    assert run(["completion", "tcsh"]) == 2
    assert "'bash', 'zsh', 'fish'" in capsys.readouterr().err
