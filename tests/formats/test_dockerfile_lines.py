"""Dockerfile: lines, directives, comments, continuations and here-documents."""

import pytest

from planner.formats.dockerfile import extract
from planner.model.source import Run, SourceFile


def found(text: str) -> list[str]:
    return [str(each.value) for each in extract(SourceFile("Dockerfile", text)) if not each.problem]


def problems(text: str) -> list[str]:
    return [each.spelled for each in extract(SourceFile("Dockerfile", text)) if each.problem]


# lines


def test_byte_order_mark_is_passed_over_on_the_first_line_only():
    assert found("\ufeffFROM a\n") == ["a"]
    assert problems("FROM a\n\ufeffFROM b\n") == ["\ufeffFROM b"]


def test_line_ends_may_be_mixed():
    assert found("FROM a\r\nFROM b\nFROM c \\\r\n AS d\nFROM d\r\n") == ["a", "b", "c"]


@pytest.mark.parametrize(("length", "problem"), [(65_535, []), (65_536, [""])])
def test_line_has_at_most_65535_bytes(length, problem):
    text = f"FROM a\n#{'x' * (length - 1)}\nRUN {'x' * (length - 4)}\n"
    assert [spelled[:0] for spelled in problems(text)] == problem


@pytest.mark.parametrize(
    "line", ["from\ta\tas\tb", "FrOm a aS b", "  \u00a0FROM a", "FROM\x0b\x0ca", "FROM  a \t"]
)
def test_keywords_and_white_space(line):
    assert found(f"{line}\n") == ["a"]


def test_no_break_space_separates_no_words():
    assert problems("FROM a\nFROM\u00a0b\n") == ["FROM\u00a0b"]


def test_last_line_needs_no_end():
    assert found("FROM a\nFROM b") == ["a", "b"]


# comments


@pytest.mark.parametrize("comment", ["# FROM b", "  # FROM b", "\t#", "#FROM b \\"])
def test_comment_is_a_line_that_begins_with_a_number_sign(comment):
    assert found(f"FROM a\n{comment}\nFROM c\n{comment}") == ["a", "c"]


def test_number_sign_later_in_a_line_is_text():
    assert found("ARG T=1 # note\nFROM a:$T\nCOPY --from=b#c a b\n") == ["a:1", "b#c"]


# continuations


@pytest.mark.parametrize(
    "text",
    [
        "FROM \\\na:1\n",
        "FROM \\ \t\r\na:1\r\n",
        "FR\\\nOM a:1\n",
        "FROM \\\n# comment FROM b\n\n  # another \\\n \t\n a:1\n",
        "\\\nFROM a:1\n",
        "FROM a\\\n:1",
        "FROM a:1\\",
        "FROM a:1 \\\n",
    ],
)
def test_instruction_goes_on_after_an_escape_character(text):
    assert found(text) == ["a:1"]


def test_reference_may_be_split_and_keeps_both_places():
    (candidate,) = extract(SourceFile("Dockerfile", "FROM alp\\\nine:3\n"))
    assert candidate.value.runs == (Run("alp", 5), Run("ine:3", 10))
    assert candidate.spelled == "alpine:3"


def test_next_line_is_not_trimmed():
    assert problems("FROM alp\\\n  ine:3\n") == ["alp"]


def test_escaped_escape_character_does_not_continue():
    assert found("FROM a\nRUN x\\\\\nFROM b\n") == ["a", "b"]


def test_escape_character_inside_a_line_does_not_continue():
    assert found("FROM a\nRUN x\\ y\nFROM b\n") == ["a", "b"]


# the escape directive


@pytest.mark.parametrize(
    "head",
    [
        "# escape=`\n",
        "#escape = ` \r\n",
        "  # ESCAPE=`\n",
        "# syntax=s\n# escape=`\n",
        "# check=skip=all\n# escape=`\n",
        " # syntax=s\n# escape=`\n",
        "\ufeff# escape=`\n",
    ],
)
def test_escape_directive(head):
    assert found(f"{head}FROM a \\`\n:1 `\n AS b\nRUN dir c:\\\nFROM c\n")[-1] == "c"
    assert found(f"{head}FROM a`\n:1\n")[-1] == "a:1"


@pytest.mark.parametrize("head", ["# comment\n# escape=`\n", "\n# escape=`\n", "#!/bin/x\n# escape=`\n"])
def test_escape_after_anything_else_is_a_comment(head):
    assert found(f"{head}FROM a \\\n AS b\n") == ["a"]


def test_shebang_ends_directives_for_escape_but_not_for_syntax():
    assert found("#!/bin/x\n# syntax=s\n# escape=`\nFROM a\\\n:1\n") == ["s", "a:1"]


def test_escape_is_a_backslash_or_a_backtick():
    assert problems("# escape=x\nFROM a\n") == ["x"]


def test_escape_character_quotes_too():
    assert found("# escape=`\nARG V=1\nFROM a`b:$V\nFROM 'c'\n") == ["ab:1", "c"]
    assert found("# escape=`\nFROM a\nCOPY --from=ngi`nx:1 / /\n") == ["a", "nginx:1"]


# here-documents


@pytest.mark.parametrize(
    "text",
    [
        "RUN <<EOF\nFROM b\nEOF\n",
        "RUN <<-EOF\nFROM b\n\t\tEOF\n",
        'RUN <<"EOF"\nFROM b\nEOF\n',
        "RUN <<'EOF'\nFROM b\nEOF\n",
        'RUN <<E"O"F cat\nFROM b\nEOF\n',
        "RUN << EOF\nFROM b\nEOF\n",
        "RUN 3<<EOF cat\nFROM b\nEOF\n",
        "RUN <<EOF\r\nFROM b\r\nEOF\r\n",
        "RUN <<EOF\nFROM b \\\nEOF\n",
        "RUN <<EOF\n# x\n\n  EOF\nEOF \nFROM b\nEOF\n",
        "RUN cat \\\n  <<EOF \\\n  >x\nFROM b\nEOF\n",
        "RUN cat <<A <<-B\nFROM b\nA\nFROM b\n\tB\n",
        "RUN --mount=type=bind,target=/x <<EOF\nFROM b\nEOF\n",
        "COPY <<A <<B /x/\nFROM b\nA\nCOPY --from=b / /\nB\n",
        "ADD <<EOF /x\nFROM b\nEOF\n",
        "ONBUILD RUN <<EOF\nFROM b\nEOF\n",
        "onbuild copy <<EOF /x\nFROM b\nEOF\n",
        "RUN echo ${V:-x} <<EOF\nFROM b\nEOF\n",
        "RUN [ -f x ] <<EOF\nFROM b\nEOF\n",
        "RUN <<EOF",
    ],
)
def test_here_document_holds_no_instructions(text):
    end = "" if text.endswith("\n") else "\nEOF\n"
    assert found(f"FROM a\n{text}{end}FROM c\n") == ["a", "c"]


@pytest.mark.parametrize(
    "line",
    [
        "CMD <<EOF",
        "ENV A=<<EOF",
        "ONBUILD CMD <<EOF",
        "RUN cat <<<EOF",
        "RUN a<<EOF",
        'RUN echo "<<EOF"',
        "RUN echo '<<EOF'",
        "RUN echo \\<<EOF",
        "RUN echo $((1<<2))",
        'RUN ["cat", "<<EOF"]',
        'COPY ["<<EOF", "/x"]',
        "RUN <<",
        'RUN <<""',
        "RUN <<- EOF",
        'RUN echo "it is open <<EOF',
        "RUN echo ${V^^} <<EOF",
        "RUN echo ${} <<EOF",
    ],
)
def test_what_is_no_here_document(line):
    text = f"FROM a\n{line}\nFROM b\n"
    assert (found(text), problems(text)) == (["a", "b"], [])


def test_here_document_without_an_end_is_a_problem_and_the_next_lines_count():
    text = "FROM a\nRUN echo $((1 << 2))\nFROM b\n"
    assert (found(text), problems(text)) == (["a", "b"], ["RUN echo $((1 << 2))"])


def test_lines_of_a_here_document_without_an_end_are_not_reported_one_by_one():
    assert problems("FROM a\nRUN <<EOF\nfoo\nRUN x\nbar\n  EOF\n") == ["RUN <<EOF"]
