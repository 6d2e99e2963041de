"""Files that programs hold as strings."""

import pytest
from extracted import extracted
from hypothesis import given
from hypothesis import strategies as st

POD = "apiVersion: v1\nkind: Pod\nspec:\n  containers:\n  - image: a/b:1\n"
COMPOSE = "services:\n  web:\n    image: a/b:1\n"
DOCKERFILE = "FROM a/b:1\nRUN true\n"


def kinds(text, path):
    return [each.formats for each in extracted("code_documents", text, path).embedded]


@pytest.mark.parametrize(
    ("text", "kind"), [(POD, "kubernetes"), (COMPOSE, "compose"), (DOCKERFILE, "dockerfile")]
)
@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("a.go", "package a\nconst x = `{}`\n"),
        ("b.go", "package a\n// FROM x\nconst x = `{}`\n"),
        ("a.py", 'X = """\n{}"""\n'),
        ("a.ts", "const x = `{}`;\n"),
        ("A.java", 'class A {{ String x = """\n{}"""; }}\n'),
        ("A.cs", 'class A {{ string x = @"{}"; }}\n'),
    ],
)
def test_file_in_a_string_is_told_by_its_content(text, kind, path, form):
    assert kinds(form.format(text), path) == [(kind,)]


@pytest.mark.parametrize(
    "text",
    [
        'x = "FROM a/b:1"\n',
        'query = """\nSELECT *\nFROM a.b\nWHERE c\n"""\n',
        'x = """\nFROM users\nORDER BY name\n"""\n',
        'x = """\nimage: a/b:1\n"""\n',
        f'# """{DOCKERFILE}"""\n',
    ],
)
def test_other_text_is_no_file(text):
    assert kinds(text, "a.py") == []


@pytest.mark.parametrize(
    ("path", "head", "found"),
    [
        ("tests/a.py", "", [False, False]),
        ("tests/e2e/a.py", "", [False, True]),
        ("tests/a.py", "import testcontainers\n", [False, True]),
        ("a.py", "", [True, True]),
    ],
)
def test_names_in_files_of_tests_are_often_made_up(path, head, found):
    assert [bool(kinds(f'{head}X = """{text}"""\n', path)) for text in (POD, DOCKERFILE)] == found


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("a.py", 'X = """\nFROM {image}\nRUN true\n"""\ny = X.format(image=z)\n'),
        ("a.py", 'X = f"""\nFROM a/b:{version}\nRUN true\n"""\n'),
        ("a.go", "package a\nvar x = fmt.Sprintf(`\nFROM %s\nRUN true\n`, image)\n"),
        ("a.go", "package a\nconst x = `\nFROM {{ .Image }}\nRUN true\n`\n"),
        ("a.ts", "const x = `\nFROM ${image}\nRUN true\n`;\n"),
    ],
)
def test_base_that_is_filled_in_says_nothing(path, text):
    [document] = extracted("code_documents", text, path).embedded
    assert str(document.text).strip() == "FROM scratch\nRUN true"


def test_place_of_a_file_is_that_in_the_program():
    text = 'x = "FROM a/b:1\\nRUN true\\n"\n'
    [document] = extracted("code_documents", text, "a.py").embedded
    assert (str(document.text), document.text.start) == (DOCKERFILE, text.index("FROM"))


@given(
    st.lists(
        st.sampled_from(
            ['"""', "FROM a\n", "RUN x\n", "services:\n", "image: a\n", "{", "}", "f", "`", "\\n"]
        )
    )
)
def test_any_text_can_be_read(tokens):
    kinds("".join(tokens), "a.py")
