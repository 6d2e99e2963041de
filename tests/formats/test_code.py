"""Source code without its grammar: tokens, calls, constants, and what expressions say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.formats import _code as code
from planner.formats import _code_languages
from planner.formats._code import Kind, calls, constants, groups, tokens, word
from planner.formats._code_file import CodeFile
from planner.formats._code_parameters import defaults
from planner.model.source import SourceFile, Text

LANGUAGES = {
    name: getattr(code, name)
    for name in (
        "JAVA", "KOTLIN", "GROOVY", "GO", "PYTHON", "JAVASCRIPT", "CSHARP", "SCALA", "RUBY", "RUST",
        "STARLARK", "NIX", "JSONNET", "PHP",
    )
} | {name: getattr(_code_languages, name) for name in ("CUE", "DHALL", "KCL")}  # fmt: skip
OPENERS = (
    *("\"'`(){}[]<>/\\$#@%|,;:=+.\n a"),
    *(
        '"""',
        "'''",
        "''",
        "${",
        "#{",
        "{{",
        "/*",
        "//",
        "|||",
        'r#"',
        '@"',
        '$"',
        "f'",
        "%w[",
        "<<~A\n",
        "x = ",
    ),
)


def strings(text, language):
    return [token.text for token in tokens(text, language) if token.kind is Kind.STRING]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("JAVA", r'"a\"b" // "c"', ['a"b']),
        ("JAVA", '"""\n  x "y"\n"""', ['\n  x "y"\n']),
        ("JAVA", '\'"\' + "x"', ['"', "x"]),
        ("JAVA", r'"a\u0041"', ["aA"]),
        ("KOTLIN", '"${f("x")}:1"', ['${f("x")}:1']),
        ("KOTLIN", '"""a\\n$b"""', ["a\\n$b"]),
        ("GROOVY", "a / b; x = /c\\/d/; $/e$f/$", ["c/d", "e$f"]),
        ("GO", '`a\\n\nb` + "c\\n"', ["a\\n\nb", "c\n"]),
        ("PYTHON", "rb'a\\n' f\"{d['k']}{{x}}\" # 'y'", ["a\\n", "{d['k']}{x}"]),
        ("PYTHON", "'''a\n'b' '''", ["a\n'b' "]),
        ("JAVASCRIPT", "`a${`b${c}`}d` + 'e'", ["a${`b${c}`}d", "e"]),
        ("JAVASCRIPT", "x.replace(/\"'/g, 'y')", ["y"]),
        ("JAVASCRIPT", "<b>don't</b>\n'x'", ["t</b>", "x"]),
        ("CSHARP", '@"a\\""b" + $"{c["d"]}e" + """f"g"""', ['a\\"b', '{c["d"]}e', 'f"g']),
        ("SCALA", 's"a$b" + raw"""c""" + \'sym', ["a$b", "c"]),
        ("RUBY", "<<~A + 'x'\n  b\nA\n%w[c d] + %q(e)", ["  b\n", "x", "c", "d", "e"]),
        ("RUBY", "x = y % (z) / 2 / 3", []),
        ("RUST", 'fn f<\'a>() { r#"b"c"#; \'d\'; b"e" }', ['b"c', "d", "e"]),
        ("PHP", "$x = 'a$b' . \"c{$d}\"; # 'e'\n// 'f'\n", ["a$b", "c{$d}"]),
        ("NIX", "''a ''${b} ${c}'' + \"d\"", ["a ${b} ${c}", "d"]),
        ("JSONNET", "|||\n  a\n||| + @'b''c' + 'd\\'e'", ["\n  a\n", "b'c", "d'e"]),
    ],
)
def test_literal_says_what_its_language_means(language, text, expected):
    found = strings(text, LANGUAGES[language])
    assert sorted(found) == sorted(expected)


@pytest.mark.parametrize(
    ("language", "text", "rest"),
    [
        ("GO", 'a.b(c, "d:1", 1.5) // e', " // e"),
        ("GO", "x := `a` + `b\n`", " `b\n`"),
        ("JAVASCRIPT", "f(\"a\", 'b', c$) / 2", " / 2"),
        ("PYTHON", 'x = y(f"{z}")', 'f"{z}")'),
        ("RUBY", "a.b?(:c) %w[d]", " %w[d]"),
    ],
)
def test_what_is_plain_is_read_at_once(language, text, rest):
    plain = LANGUAGES[language].plain.match(text)
    assert text[plain.end() :] == rest


@pytest.mark.parametrize(
    ("language", "text", "kinds"),
    [
        ("PHP", "#[a] $", "mark mark name mark mark"),
        ("JAVASCRIPT", "$ + $a \u2192 \u00e9", "name mark name mark name"),
        ("RUBY", "@ + @a + b?", "mark mark name mark name"),
        ("GO", '_ 1.5 \u0663 a1 "b"', "name number number name string"),
    ],
)
def test_token_is_what_its_language_takes_it_for(language, text, kinds):
    assert [token.kind.value for token in tokens(text, LANGUAGES[language])] == kinds.split()


def test_name_that_begins_a_line_is_known_behind_a_comment_too():
    found = tokens("a b // c\n  d e\n/* f */ g", code.GO)
    assert [token.text for token in found if token.first] == ["d"]


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"RUST", "NIX", "JSONNET", "DHALL"}))
def test_unterminated_string_ends_at_its_line(language):
    assert strings('x = "a\ny = "b"', LANGUAGES[language]) == ["a", "b"]


def test_string_keeps_its_place_around_an_escape():
    value = tokens(r'"ng\x69nx:1"', code.JAVASCRIPT)[0].value
    assert [(run.text, run.start) for run in value.runs] == [("ng", 1), ("i", -1), ("nx:1", 7)]


@pytest.mark.parametrize(
    ("language", "text", "name", "arguments"),
    [
        ("JAVA", 'new Foo<A, B>("x", y)', "Foo", ["", ""]),
        ("GO", "pkg.Run(ctx, x)", "pkg.Run", ["", ""]),
        ("RUST", "a::b::<T>(x)", "a.b", [""]),
        ("PYTHON", "@task.docker(image='x', y=1)", "task.docker", ["image", "y"]),
        ("GROOVY", "containerTemplate(name: 'a', image: 'b')", "containerTemplate", ["name", "image"]),
        ("JAVASCRIPT", "f().g(a => b, c)", "f", []),
        ("SCALA", "f[T](x)", "f", [""]),
        ("RUST", 'X::new(std::env::var("a"), "b")', "X.new", ["", ""]),
    ],
)
def test_call_has_its_name_and_its_arguments(language, text, name, arguments):
    call = next(calls(tokens(text, LANGUAGES[language])))
    assert (call.name, [each.name for each in call.arguments]) == (name, arguments)


def test_method_of_a_result_begins_with_a_dot():
    assert [call.name for call in calls(tokens("a.b().c(d)", code.JAVA))] == ["a.b", ".c"]


@pytest.mark.parametrize(
    ("text", "keys"),
    [
        ("{ a: 1, 'b': 2 }", ["a", "b"]),
        ("{ a = 1; b = 2; }", ["a", "b"]),
        ("{ a+:: 1, b:: 2 }", ["a", "b"]),
        ("{ 'a' => 1, :b => 2 }", ["a", "b"]),
        ("{ a == 1, b => 2 }", ["", ""]),
    ],
)
def test_object_has_its_keys(text, keys):
    assert [each.name for each in groups(tokens(text, code.RUBY))[0].arguments] == keys


def test_group_knows_the_key_it_stands_under():
    found = groups(tokens("{ a: { b: [ { c: 1 } ] } }", code.JAVASCRIPT))
    assert [(group.bracket, group.key) for group in found] == [("{", ""), ("{", "a"), ("[", "b"), ("{", "")]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("JAVA", 'static final String X = "a:1";'),
        ("KOTLIN", 'const val X: String = "a:1"\nval y = 1'),
        ("GO", 'const (\n  X = "a:1"\n  Y = 2\n)'),
        ("GO", 'X := "a:1"'),
        ("PYTHON", 'X = ("a:"\n "1")\n'),
        ("PYTHON", 'class C:\n    X = "a:1"\n'),
        ("PYTHON", 'X: str = "a:%d" % 1'),
        ("JAVASCRIPT", "export const X = `a:${Y}`; const Y = '1'"),
        ("CSHARP", 'const string X = "a:1";'),
        ("RUST", 'const X: &\'static str = "a:1";'),
        ("SCALA", 'val Y = "1"; val X = s"a:$Y"'),
        ("RUBY", 'X = "a:1"\n'),
        ("JAVA", 'static final String X = Y + ":1"; static final String Y = "a";'),
    ],
)
def test_name_that_is_set_once_is_known(language, text):
    assert str(constants(tokens(text, LANGUAGES[language]))["X"]) == "a:1"


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("PYTHON", 'X = "a"\nX = "b"'),
        ("PYTHON", "f(X='a')"),
        ("PYTHON", 'X = "a" if y else "b"'),
        ("PYTHON", "x = 'a'\ndef f(x): pass"),
        ("JAVA", 'if (X == "a") {}'),
        ("JAVA", 'X = y("a");'),
    ],
)
def test_name_that_may_be_anything_is_not_known(language, text):
    assert not constants(tokens(text, LANGUAGES[language]))


def said(text, language, **known):
    values = {name: Text.at(0, value) for name, value in known.items()}
    return [str(value.text) for value in word(tokens(text, LANGUAGES[language]), values).choices()]


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("PYTHON", "'a' 'b'", ["ab"]),
        ("PYTHON", "'a:' + V", ["a:1"]),
        ("PYTHON", "f'a:{V}'", ["a:1"]),
        ("PYTHON", "'a:%s' % V", ["a:1"]),
        ("PYTHON", "'%s:%s' % ('a', V)", ["a:1"]),
        ("PYTHON", "'a:%(v)s' % {'v': V}", ["a:1"]),
        ("PYTHON", "'a:{}'.format(V)", ["a:1"]),
        ("PYTHON", "'{1}:{0}'.format(V, 'a')", ["a:1"]),
        ("PYTHON", "'{n}:1'.format(n='a')", ["a:1"]),
        ("PYTHON", "os.environ.get('X', 'a:1')", ["a:1"]),
        ("PYTHON", "x or 'a:1'", ["a:1"]),
        ("PYTHON", "'a' if x else 'b'", ["a", "b"]),
        ("PYTHON", "self.V", ["1"]),
        ("JAVA", 'String.format("a:%s", V)', ["a:1"]),
        ("JAVA", 'x ? "a" : "b"', ["a", "b"]),
        ("JAVA", '("a:" + (V))', ["a:1"]),
        ("JAVA", "Versions.V", ["1"]),
        ("KOTLIN", '"a:${V}"', ["a:1"]),
        ("KOTLIN", 'x ?: "a:1"', ["a:1"]),
        ("GO", 'fmt.Sprintf("a:%s", V)', ["a:1"]),
        ("JAVASCRIPT", "process.env.X ?? 'a:1'", ["a:1"]),
        ("CSHARP", '$"a:{V}"', ["a:1"]),
        ("RUST", 'String::from("a:1")', ["a:1"]),
        ("RUST", '"a:1".to_string()', ["a:1"]),
        ("RUBY", '"a:#{V}"', ["a:1"]),
        ("PYTHON", "os.getenv('X', f'a:{V}')", ["a:1"]),
        ("JAVA", 'System.getenv().getOrDefault("X", "a:1")', ["a:1"]),
        ("JAVA", 'System.getProperty("x", "a:1")', ["a:1"]),
        ("JAVA", 'Optional.ofNullable(System.getenv("X")).orElse("a:1")', ["a:1"]),
        ("JAVA", 'Optional.ofNullable(x).map(y -> y).orElseGet(() -> "a:1")', ["a:1"]),
        ("JAVA", 'Objects.requireNonNullElse(System.getenv("X"), "a:1")', ["a:1"]),
        ("KOTLIN", 'System.getenv("X") ?: "a:1"', ["a:1"]),
        ("CSHARP", 'Environment.GetEnvironmentVariable("X") ?? "a:1"', ["a:1"]),
        ("GO", 'getEnv("X", "a:1")', ["a:1"]),
        ("GO", 'envOr("X", "a:1")', ["a:1"]),
        ("GO", 'util.GetEnvOrDefault("X", "a:1")', ["a:1"]),
        ("GO", 'cmp.Or(os.Getenv("X"), "a:1")', ["a:1"]),
        ("RUBY", "ENV.fetch('X', 'a:1')", ["a:1"]),
        ("RUBY", "ENV['X'] || 'a:1'", ["a:1"]),
        ("RUST", 'env::var("X").unwrap_or("a:1".into())', ["a:1"]),
        ("RUST", 'std::env::var("X").unwrap_or_else(|_| "a:1".to_string())', ["a:1"]),
        ("SCALA", 'sys.env.getOrElse("X", "a:1")', ["a:1"]),
    ],
)
def test_expression_says_what_it_comes_to(language, text, expected):
    assert said(text, language, V="1") == expected


@pytest.mark.parametrize(
    "text", ["f'a:{w}'", "'a:' + w", "other.V", "f('a')", "'a:%s' % w", "x['a']", "f('a', 'b:1')"]
)
def test_expression_tells_what_it_lacks(text):
    assert not word(tokens(text, code.PYTHON), {}).known


def test_function_that_returns_at_once_is_known():
    found = constants(tokens('String x() { return "a:1"; } String y() { z(); return "b"; }', code.JAVA))
    assert {name: str(value) for name, value in found.items()} == {"x()": "a:1"}


@pytest.mark.parametrize("language", LANGUAGES)
@given(parts=st.lists(st.sampled_from(OPENERS), max_size=30))
def test_any_text_is_read(language, parts):
    text = "".join(parts)
    read = tokens(text, LANGUAGES[language])
    found = groups(read)
    known = constants(read, found)
    assert all(0 <= token.start <= token.end <= len(text) + 1 for token in read)
    for group in found:
        for argument in group.arguments:
            for piece in word(argument.tokens, known).written.runs:
                assert piece.start < 0 or text[piece.start : piece.start + len(piece.text)] == piece.text


@pytest.mark.parametrize(
    "language", ["JAVA", "KOTLIN", "PYTHON", "JAVASCRIPT", "CSHARP", "RUBY", "RUST", "NIX"]
)
@pytest.mark.parametrize(
    "text", ['"${', "f(", '"""', "{a: ", "<<~A\n", 'r#"', ">(", "a = ", "/*", "'''", "`${", 'f"{', "/\\"]
)
def test_time_grows_with_the_length(language, text):
    long = text * (60_000 // len(text))
    constants(tokens(long, LANGUAGES[language]))  # a reading whose time grows with the square never ends here


def test_placeholder_with_a_number_of_thousands_of_digits_is_not_known():
    said = word(tokens(f'"{{{"1" * 5_000}}}".format("a")', LANGUAGES["PYTHON"]), {})
    assert not said.known


def test_string_with_more_holes_than_an_image_has_is_told():
    said = word(tokens(f'f"{"{a}" * 1_001}"', LANGUAGES["PYTHON"]), {"a": Text.of("x")})
    assert [piece.values[0].problem for piece in said.pieces] == ["longer than any image"]


def test_a_long_run_of_blanks_at_the_end_is_passed_over_once():
    assert [token.text for token in code.tokens("a" + " \n" * 200_000, code.GO)] == ["a"]


@given(
    st.lists(
        st.sampled_from(
            [*("def f(", "func (t *T) f(", "f(", ")", ",", "image", "x", ": str", " = 'a:1'", "{", "}", "\n")]
        ),
        max_size=12,
    )
)
def test_parameters_of_a_name_are_those_among_all(pieces):
    file = CodeFile.read(SourceFile("a.py", " ".join(pieces)))
    found = defaults(file.tokens, file.groups)
    for name in ("image", "x", "str", "t", "T"):
        assert list(file.parameters(name)) == found.get(name, [])
