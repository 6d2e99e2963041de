import ast
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from planner import discover, errors
from planner.cli.main import run


@pytest.fixture
def folder(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()  # no settings from above
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_wrong_command_names_the_nearest(folder, capsys):
    assert run(["scna"]) == 2
    assert "did you mean 'scan'?" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "said", "hint"),
    [
        (
            ["scan", "--hlp"],
            "no such option '--hlp'; did you mean '--help'?",
            "hub2ar scan [OPTIONS] [PATH]...",
        ),
        (["copy", "nginx"], "missing argument 'DST'", "hub2ar copy [OPTIONS] SRC DST"),
        (["mirror", "cnfig"], "no such command 'cnfig'", "hub2ar mirror [OPTIONS] COMMAND [ARGS]..."),
    ],
)
def test_wrong_command_line_is_told_in_two_lines_as_every_error(folder, capsys, arguments, said, hint):
    assert run(arguments) == 2
    told = capsys.readouterr().err.splitlines()
    assert (len(told), told[0].startswith(f"error: {said}"), told[1].startswith(f"hint: {hint}")) == (
        2,
        True,
        True,
    )


def test_no_command_at_all_is_answered_with_help(folder, capsys):
    assert run([]) == 2
    said = capsys.readouterr()
    assert "Start with `hub2ar rehearse .`" in said.out + said.err


@pytest.mark.parametrize("arguments", [["--help"], ["mirror", "--help"]])
def test_every_command_has_a_summary_that_is_not_cut_off(folder, capsys, monkeypatch, arguments):
    monkeypatch.setenv("COLUMNS", "80")
    assert run(arguments) == 0
    _, commands = capsys.readouterr().out.split("Commands:\n")
    assert "..." not in commands


def test_wrong_option_is_a_usage_error(folder, capsys):
    assert run(["scan", "--output-fromat", "json"]) == 2
    assert "--output-format" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "near"),
    [
        (["scan", "--output-format", "jsno"], "json"),
        (["scan", "--select", "dockerfil"], "dockerfile"),
        (["scan", "--ignore", "dockerfil"], "dockerfile"),
        (["scan", "--fail-on", "nwe"], "new"),
        (["formats", "dockerfil"], "dockerfile"),
        (["plan", "--mode", "remot"], "remote"),
        (["apply", "--only", "transfrs"], "transfers"),
        (["rewrite", "--strategy", "centrl"], "central"),
        (["verify", "--only", "cdoe"], "code"),
        (["report", "x", "--output-format", "htlm"], "html"),
        (["report", "i.json", "--table", "occurences"], "occurrences"),
        (["export", "terrafrom"], "terraform"),
        (["rehearse", "--scenario", "mirror-evict"], "mirror-evicts"),
        (["mirror", "config", "dokcer"], "docker"),
        (["mirror", "lnit"], "lint"),
        (["completion", "bsh"], "bash"),
    ],
    ids=" ".join,
)
def test_wrong_name_is_told_the_nearest(folder, capsys, arguments, near):
    run(["scan", "--output-format", "json"])
    (folder / "i.json").write_text(capsys.readouterr().out)
    assert run(arguments) == 2
    assert f"did you mean '{near}'?" in capsys.readouterr().err.lower()


def test_wrong_settings_are_a_usage_error_with_a_hint(folder, capsys):
    (folder / "hub2ar.toml").write_text('[target]\nprojct = "x"\n')
    assert run(["scan"]) == 2
    assert capsys.readouterr().err.endswith("hint: did you mean 'project'?\n")


def test_bug_is_exit_70_with_where_to_report_it(folder, capsys, monkeypatch):
    monkeypatch.setattr("planner.scan.chosen", lambda *_: 1 / 0)
    assert run(["scan"]) == 70
    assert "report it" in capsys.readouterr().err


def test_alone_it_says_where_to_start(folder, capsys):
    run([])
    output = capsys.readouterr()
    assert "hub2ar rehearse" in output.out + output.err


def test_closed_pipe_is_no_traceback(folder):
    (folder / "Dockerfile").write_text("".join(f"FROM image-{number}\n" for number in range(5000)))
    command = f"{sys.executable} -m planner scan | head -n 1"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, env=_environment()
    )
    assert (done.stdout.count("\n"), "Traceback" in done.stderr) == (1, False)


def test_full_disk_is_said_and_no_bug(folder):
    (folder / "Dockerfile").write_text("FROM nginx\n")
    command = f"{sys.executable} -m planner scan > /dev/full"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, env=_environment()
    )
    assert done.returncode == 1
    assert "error: cannot write: no space left on device\n" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_place_for_temporary_files_is_said_and_no_bug(folder, capsys, monkeypatch):
    (folder / "Dockerfile").write_text("FROM nginx\n")
    assert run(["plan", "--offline", "--project", "acme-prod"]) == 0
    monkeypatch.setattr("tempfile.tempdir", None)
    monkeypatch.setattr("tempfile._candidate_tempdir_list", lambda: ["/nowhere"])
    assert run(["report", "plan.json", "--output-format", "xlsx", "--output", "plan.xlsx"]) == 1
    assert capsys.readouterr().err.endswith(
        "error: no usable temporary directory found in ['/nowhere']\n"
        "hint: make room there, or name another with TMPDIR\n"
    )


@pytest.mark.parametrize(("said", "code", "told"), [
    ("marshal data too short", 1, "hint: install hub2ar again"),
    ("", 70, "report it"),
])  # fmt: skip
def test_end_of_a_file_in_the_middle_is_not_taken_for_an_interrupt(
    folder, capsys, monkeypatch, said, code, told
):
    def cut(*_):
        raise EOFError(said)

    monkeypatch.setattr("planner.scan.chosen", cut)
    assert run(["scan"]) == code
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "code"),
    [
        *((f"{words} <&-", 3) for words in ("scan -", "plan --offline -", "show -", "apply -", "merge -")),
        *((words, 0) for words in ("--help >&-", "scan . >&-", "scan . 2>&-")),
        ("scan - <&- >&- 2>&-", 3),
    ],
)
def test_closed_stream_is_no_bug(folder, words, code):
    command = f"{sys.executable} -m planner {words}"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, env=_environment()
    )
    assert (done.returncode, "Traceback" in done.stderr) == (code, False)


def test_interrupt_is_exit_130(folder):
    os.mkfifo(folder / "input")
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as feeder:
        process = subprocess.Popen(
            [sys.executable, "-m", "planner", "scan", "-"],
            stdin=feeder.stdout,
            stderr=subprocess.PIPE,
            env=_environment(),
        )
        while _state(process.pid) != "waiting":
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
        assert feeder.stdin is not None
        feeder.stdin.close()
    assert (process.returncode, said.strip()) == (130, b"interrupted; what was done is kept")


def _state(process: int) -> str:
    """Return whether a process waits in read(2), which it does once it is past its imports."""
    with open(f"/proc/{process}/syscall", encoding="ascii") as file:  # noqa: PTH123
        return "waiting" if file.read().startswith("0 0x0 ") else "running"


def _environment():
    return {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2])}


COMMANDS = [name for name in discover.names("planner.cli") if name != "main"]


MIRROR_COMMANDS = [["mirror", name, "--help"] for name in ("config", "verify", "explain", "lint")]
HELPS = [["--help"], *([name, "--help"] for name in COMMANDS), *MIRROR_COMMANDS]


@pytest.mark.parametrize("arguments", HELPS, ids=" ".join)
def test_help_fits_80_columns(arguments, capsys):
    assert run(arguments) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 80


@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "formats"])
def test_help_has_an_example(name, capsys):
    run([name, "--help"])
    assert "Example" in capsys.readouterr().out


def _unhinted():
    """Every error that is raised without a next step, by its module: `module: message`."""
    kinds = {name for name, value in vars(errors).items() if isinstance(value, type)}
    for path in sorted((ROOT / "planner").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Raise(exc=ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) as call):
                    if name in kinds and not any(each.arg == "hint" for each in call.keywords):
                        yield f"{path.relative_to(ROOT).with_suffix('').as_posix()}: {ast.unparse(call)}"


ROOT = Path(__file__).parents[2]
NO_NEXT_STEP = (
    "planner/registries/",  # what a registry sends is told as the reason of one image, and is not the user's
    "planner/transferring/",  # the same
    "planner/scanning/judge:",  # becomes the reason of what is unresolved
)


def test_error_that_a_user_can_meet_has_a_next_step():
    assert [each for each in _unhinted() if not each.startswith(NO_NEXT_STEP)] == []


def test_working_directory_that_is_gone_is_said(folder):
    command = f"mkdir gone && cd gone && rmdir ../gone && {sys.executable} -m planner scan"
    done = subprocess.run(
        ["bash", "-c", command], capture_output=True, text=True, check=False, env=_environment()
    )
    assert done.returncode == 3
    assert done.stderr == "error: the working directory is gone\nhint: change into one that is there\n"


@pytest.mark.parametrize(
    "words", ["scan shut", "scan shut.json", "check --offline shut.json", "explain shut.json:1", "scan"]
)
def test_what_may_not_be_read_is_named(folder, words):
    (folder / "shut").mkdir(mode=0)
    (folder / "shut.json").touch(mode=0)
    drop = ["setpriv", "--bounding-set=-dac_override,-dac_read_search"] if os.geteuid() == 0 else []
    done = subprocess.run(
        [*drop, sys.executable, "-m", "planner", *words.split()],
        capture_output=True,
        text=True,
        check=False,
        env=_environment(),
    )
    if words == "scan":  # of what is found in a tree the scan tells, and goes on
        assert (done.returncode, "cannot be listed" in done.stdout) == (0, True)
    else:
        assert done.returncode == 3
        assert done.stderr.startswith("error: 'shut")
        assert "permission denied\nhint: " in done.stderr


def test_path_as_windows_writes_it_is_understood(folder, capsys):
    (folder / "services" / "web").mkdir(parents=True)
    (folder / "services" / "web" / "Dockerfile").write_text("FROM nginx:1.27\n")
    assert run(["explain", "services\\web\\Dockerfile:1"]) == 0
    assert "docker.io/library/nginx:1.27" in capsys.readouterr().out
    assert run(["scan", "--include", "services\\web\\*"]) == 0
    assert "docker.io/library/nginx:1.27" in capsys.readouterr().out
    assert run(["scan", "--exclude", "services\\web\\*"]) == 0
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("command", ["apply", "rewrite", "verify", "show", "report"])
def test_empty_document_is_said_with_what_writes_one(folder, capsys, command):
    (folder / "plan.json").write_text("")
    assert run([command, "plan.json"]) == 3
    said = capsys.readouterr().err
    assert "plan.json is empty" in said
    assert "hint: `hub2ar" in said


def test_bytes_that_are_no_text_are_no_bug(folder):
    for words in ("mirror verify -", "scan --repositories -", "show -", "scan -", "merge -"):
        done = subprocess.run(
            [sys.executable, "-m", "planner", *words.split()],
            input=bytes(range(256)),
            capture_output=True,
            check=False,
            env=_environment(),
        )
        assert (done.returncode != 70, b"Traceback" in done.stderr) == (True, False), words


def test_document_that_is_nested_without_end_is_no_bug(folder, capsys):
    (folder / "deep.json").write_text('{"kind":"Plan","hub2ar":1,"actions":' + "[" * 100_000)
    for words in (["show"], ["apply"], ["merge"], ["report"], ["plan", "--offline", "--baseline"]):
        assert run([*words, "deep.json"]) == 2
        assert "deep.json" in capsys.readouterr().err


def test_number_that_nothing_can_be_is_told_with_its_place(folder, capsys):
    line = '{"kind":"Outcome","key":"k","action":"copy","subject":"s","result":"done","bytes":%s}\n'
    for number in (2**70, -1):
        (folder / "o.jsonl").write_text(line % number)
        assert run(["report", "o.jsonl"]) == 2
        assert capsys.readouterr().err.startswith("error: o.jsonl:1: $.bytes: ")


LONG = "x" * 5000


@pytest.mark.parametrize(
    "words",
    [
        *(f"{name} {LONG}" for name in ("scan", "show", "check --offline", "rehearse", "explain", "apply")),
        *(f"{words} {LONG}" for words in ("plan --offline", "mirror lint", "plan --offline . -o", "report")),
        *(f"{words} {LONG}" for words in ("check --merge-history", "mirror verify", "merge")),
    ],
)
def test_name_that_no_file_can_have_is_one_line(folder, capsys, words):
    assert run(words.split()) in (2, 3)
    said = capsys.readouterr().err
    errors_ = [line for line in said.splitlines() if line.startswith("error: ")]
    assert (len(errors_), "file name too long" in errors_[0], len(errors_[0]) < 400) == (1, True, True)


def test_link_that_leads_to_itself_is_no_bug(folder, capsys):
    (folder / "loop").symlink_to("loop")
    run(["plan", "--offline", "--project", "acme-prod"])
    rewrite = "rewrite plan.json loop --unverified"
    for words in ("show loop", "scan loop", rewrite, "mirror verify loop", "merge loop"):
        code = run(words.split())
        assert (code in (0, 1, 3), "Traceback" in capsys.readouterr().err) == (True, False), words


def test_name_that_is_no_text_is_no_bug(folder, capsys):
    name = os.fsdecode(b"\xff")
    (folder / "Dockerfile").write_text("FROM nginx\n")
    for words in (["check", "--merge-history"], ["scan", "--include"], ["scan", "--select"], ["merge"]):
        run([*words, name])
        assert "Traceback" not in capsys.readouterr().err, words


def test_list_with_a_line_without_end_is_one_line(folder, capsys):
    (folder / "list").write_text(f"a b {LONG}\n")
    assert run(["scan", "--repositories", "list"]) == 2
    assert len(capsys.readouterr().err.splitlines()[0]) < 400


def _shell(command, **environment):
    done = subprocess.run(
        ["bash", "-c", command.replace("hub2ar", f"{sys.executable} -m planner")],
        capture_output=True,
        check=False,
        env=_environment() | environment,
    )
    return done.returncode, done.stdout, done.stderr


@pytest.mark.parametrize(
    ("words", "code"),
    [("scan .", 0), ("plan --offline --project acme-prod .", 0), ("scan --fail-on docker-hub .", 10)],
)
def test_talk_that_cannot_be_written_changes_no_exit_code(folder, words, code):
    (folder / "Dockerfile").write_text("FROM nginx\n")
    assert _shell(f"hub2ar {words} 2> /dev/full")[::2] == (code, b"")


def test_character_that_an_encoding_lacks_is_written_out(folder):
    (folder / "Dockerfile").write_text("".join(f"FROM image-{number}\n" for number in range(50)))
    words = "hub2ar plan --offline --project acme-prod ."
    code, out, _ = _shell(words, PYTHONIOENCODING="latin-1", PYTHONUTF8="0")
    assert (code, b"\\u2026 and 30 more" in out) == (0, True)


@pytest.mark.parametrize("home", ["", "/proc/nowhere", "/proc"])
def test_home_that_cannot_be_written_is_done_without(folder, home):
    (folder / "Dockerfile").write_text("FROM nginx:1\n")
    code, out, err = _shell("hub2ar scan .", HOME=home, XDG_CACHE_HOME="", HUB2AR_CACHE_DIR="")
    assert (code, out, b"Traceback" in err) == (
        0,
        b"Dockerfile:1: docker.io/library/nginx:1  (base)\n",
        False,
    )


def test_what_is_left_at_the_end_is_not_looked_through():
    code = (
        "import atexit, gc, sys\nfrom planner.cli.main import main\n"
        "atexit.register(lambda: print(len(gc.get_objects()) < 1000))\n"
        "sys.argv = ['hub2ar', 'formats']\nmain()"
    )
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert done.stdout.splitlines()[-1] == "True"
