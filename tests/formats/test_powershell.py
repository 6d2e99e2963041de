"""PowerShell: variables, parameters, arrays and strings."""

import pytest
from extracted import extracted
from hypothesis import given, settings
from hypothesis import strategies as st


def found(text):
    return extracted("powershell", text, "run.ps1")


@pytest.mark.parametrize(
    "text",
    [
        "docker run x:1",
        "docker.exe run --rm `\n  -it `\n  x:1 sh",
        "& docker run 'x:1'; ls",
        "docker pull x:1 | Out-Null",
        "if ($a) { docker pull x:1 }",
        "try {\n  docker pull x:1\n} catch {}",
        "$i = 'x:1'\ndocker pull $i",
        '[string]$V = "1"\ndocker pull "x:$V"',
        '$v = "1"; docker pull "x:${v}"',
        '$v = "1"; docker pull "x:$($v)"',
        "$env:I = 'x:1'\ndocker pull $env:I",
        "$Script:I = 'x:1'\ndocker pull $i",
        'param(\n [string]$A = "a",\n [string]$I = "x:1"\n)\ndocker pull $I',
        "function f([string]$A = 'a', [string]$I = 'x:1') { docker pull $I }",
        "$l = @('x:1')\nforeach ($i in $l) { docker pull $i }",
        "$l = 'x:1'\n$l | ForEach-Object { docker pull $_ }",
        "$a = @('run', '--rm', 'x:1')\ndocker @a",
        "$out = docker run x:1",
        'Invoke-Expression "docker run x:1"',
        'Start-Process docker -ArgumentList "run x:1" -Wait',
        "kubectl run a --image=x:1",
    ],
)
def test_image_of_a_command(text):
    assert found(text).pulled == ["docker.io/library/x:1"]


@pytest.mark.parametrize(
    "text",
    [
        "# docker run x",
        "<# docker run x #> docker ps",
        "Write-Host docker run x",
        "$t = @'\ndocker run x\n'@",
        "docker exec x ls",
        '$t = "docker run x"',
    ],
)
def test_no_image(text):
    assert found(text).items == ()


def test_what_is_not_known_says_why():
    ((text, reason),) = found("docker pull $image").unresolved
    assert (text, "image is not set in run.ps1" in reason) == ("$image", True)


@pytest.mark.parametrize(
    "value", ["Get-ImageName -version 3", "select-xml -path a.xml | % { $_.node.InnerXML }", "& .\\name.ps1"]
)
def test_output_of_a_command_is_no_text(value):
    read = found(f"$i = {value}\ndocker pull x:$i\n")
    assert read.pulled == []
    ((_, reason),) = read.unresolved
    assert "is known only when the script runs" in reason


def test_every_branch_counts():
    text = "if ($a) { $i = 'x:1' } else { $i = 'x:2' }\ndocker pull $i"
    assert found(text).pulled == ["docker.io/library/x:1", "docker.io/library/x:2"]


_PARTS = st.sampled_from(
    ["$a", "=", "'", '"', "`", "`\n", "\n", "@(", "(", ")", "{", "}", "@'\n", "\n'@", "<#", "#>",
     "docker run ", "x:1", ",", "|", ";", "@a"]
)  # fmt: skip


@settings(max_examples=200, deadline=None)
@given(st.lists(_PARTS, max_size=30).map("".join))
def test_any_text_is_read(text):
    assert all(item.line >= 1 for item in found("docker run x\n" + text).found)


@pytest.mark.parametrize(
    "opener", ["[a]", "[[", "@", "$a = $a, x\n", "param([string] $a = 'x', $b = 'y')\n", '"a":']
)
def test_reading_a_hostile_text_ends(opener):
    extracted("powershell", "docker\n" + opener * (50_000 // len(opener)) + "y", "a.ps1")


def test_variable_of_the_environment_stays_one_when_it_is_set_again():
    text = "$env:A = 'x:1'\n$env:A = 'x:2'\ndocker pull $env:A\n"
    assert extracted("powershell", text, "a.ps1").pulled == ["docker.io/library/x:2"]
