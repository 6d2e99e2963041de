"""hub2ar completion: what a shell is told, asked as its own script asks."""

import click
import pytest
from click.shell_completion import CompletionItem

from planner import discover
from planner.cli.main import hub2ar, run


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
        ("hub2ar scan --output-format j", ["plain,json", "plain,jsonl", "plain,junit"]),
        ("hub2ar scan --select compos", ["plain,compose"]),
        ("hub2ar scan --fail-on new,doc", ["plain,new,docker-hub"]),
        ("hub2ar export terra", ["plain,terraform"]),
        ("hub2ar mirror config docker-c", ["plain,docker-containerd-store"]),
        ("hub2ar rehearse --scenario mirror-e", ["plain,mirror-evicts"]),
        ("hub2ar report --table acti", ["plain,actions"]),
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


def parameters(command, names=()):
    """Every parameter of a command and of those below it, with how both are written."""
    for parameter in command.params:
        yield " ".join((*names, parameter.opts[0])), parameter
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            yield from parameters(command.get_command(context, name), (*names, name))


PLACES = ("FILE", "DIR", "LIST", "PATH", "PLAN", "DOCUMENT", "INVENTORY", "INFO")
FILES = {
    name: parameter
    for name, parameter in parameters(hub2ar)
    if any(word in (parameter.metavar or "") for word in PLACES) and name != "scan --report"
}  # what --report takes begins with the name of a format


@pytest.mark.parametrize("name", FILES)
def test_what_takes_a_file_lets_the_shell_offer_files(name):
    parameter = FILES[name]
    assert all(isinstance(item, CompletionItem) for item in offered(parameter, "x"))
    assert [item.type in ("file", "dir") for item in offered(parameter, "x")] == [True]


def offered(parameter, begun):
    return parameter.shell_complete(click.Context(hub2ar), begun)


def test_files_are_left_to_the_shell(monkeypatch, capsys):
    assert completed(monkeypatch, capsys, "hub2ar show pl") == ["file,pl"]
    assert completed(monkeypatch, capsys, "hub2ar scan --context sr") == ["dir,sr"]


def test_every_plug_in_is_offered(monkeypatch, capsys):
    for words, package in (
        ("hub2ar formats ", "planner.formats"),
        ("hub2ar export ", "planner.exports"),
        ("hub2ar mirror config ", "planner.runtimes"),
        ("hub2ar rehearse --scenario ", "planner.rehearsal.scenarios"),
    ):
        names = [each.removeprefix("plain,") for each in completed(monkeypatch, capsys, words)]
        assert [each.replace("-", "_") for each in names] == [*discover.names(package)]
