"""The texts of hostile.py: what a format reads, with something in it that nobody writes so often.

A text begins with the format's own words, or it is a real file of `tests/corpus`. What is repeated may carry
its own number, the one before and the one after, so that names differ and refer to one another: what a file
sets (`TAG: 1`) and how it is used (`${TAG}`) are found in it, and so every language's own variables double.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count, islice, product
from pathlib import Path

from planner.formats._base import NOTHING, Candidate, Format
from planner.formats._patterns import expanded
from planner.model.source import SourceFile
from planner.scanning.catalog import chosen

CORPUS = Path(__file__).parents[1] / "tests" / "corpus"
FILES, LINES = 3, 24  # of the corpus, for each format
VARIABLES = 3  # of each file that refer to one another
LONG = 40  # items of each list, so that a matrix of them is large
ANY_OF = re.compile(r"\[(.)[^]]*\]")  # in a glob
STAIRS = (40, 300)  # levels of indentation
OWN, BEFORE, AFTER, LAST = "\ue000", "\ue001", "\ue002", "\ue003"  # numbers
SIGNS = (
    "{{", "}}", "${", "$(", "${{ a", "{%", "<%", "{", "}", "[", "]", "(", ")", "<", ">", "<<", '"', "'",
    "`", '"""', "'''", "\\", '\\"', "\\\n", "$a", "%a%", "%{", "@", "#", "/*", "//", "--", "- ", "? ", ": ",
    "a: ", "a:\n", "a=", '"a":', '{"a":', "[{", "&a ", "*a ", "!t ", "| \n", "<<EOF\n", "<!--", "<a>",
    "<a b='", "a ? b : ", "a.", "a(", "f(a, ", "a + ", "+ ", "a,", ";", "\n", "\r\n", "\t", " ", " a", "a",
    "A_", "/", "a/", ":", "-", "image: ", "FROM a\n", "x: {{ y }}\n", "docker run ", "docker pull a\n",
    "nginx:1 ", "a | ", "a && ", "if a; then ", "for i in a; do ", "\0", "é", " \t\n", "{{ a | ", "${a:-",
    "${{ a && ", "{% if a %}", "{# ", "$(a ", "a[0]", "a => ", "!a ", 'f"{', "a = b\n", "a = a + a\n",
    "- &a [*a, *a]\n", "# a\n", "// a\n", "/* a */", "/* a\n", "<!-- a -->", "-- a\n", "; a\n", "--- a\n",
    "---\n", "--- {}\n", "...\n", "--[[", "{- ", "(* ", "=begin\n", "<#", '@"\n', "@'\n", "r#\"", "$'",
    "%{ if a }", "~{", "~~~\n", "```\n", "```sh\n", "> ", "|", "~", "?", "!", "^", "=", ",", "\\\r\n",
    "a: |\n", "a: >\n b\n", "a\r", "\ufeff", "\u2028", "#a\r\n", "<![CDATA[", "]]>", "&a;", "<?a", "<<~E\n",
    "<<-E a <<-E b\n", "case a in ", "a) ", "esac ", "done ", "fi ", "function a { ", "a() { ", "$((",
    "$[[", "[[ ", "<(a ", "def a(b):\n ", "class A { ", "lambda: ", "a -> ", "a if b else ", "for (;;) ",
    "<+a", "$[", "@@", "##", "a@b", "a:b@", "::", "\"'", "'\\''", "`'\"", "{a,b}", "$(a `a ", "%(a)s", "#{",
    "- - ", "? - ", "[*a, ", "- image: a\n", "export a=b\n", "ENV a b\n", "RUN docker pull a\n", ". a\n",
    "include: a\n", "for a in b c; do\n", "if a; then\n", "while a; do docker pull $a; ",
)  # fmt: skip
NUMBERED = (
    f"a{OWN}\n", f"a{OWN}: a\n", f"a{OWN}=a\n", f"- a{OWN}\n", f"a{OWN} ", f"'a{OWN}', ", f'"a{OWN}": ',
    f"<a{OWN}>", f"cat <<E{OWN}\n", f"<<E{OWN} ", f"<<-'E{OWN}'\n", f"cat <<E{OWN}\nE{BEFORE}\n",
    f"a <<E{OWN} <<F{OWN}\n", f"a{OWN}() {{ a{BEFORE}; }}\n", f"image: a{OWN}\n",
    f"FROM a{BEFORE} AS a{OWN}\n", f"docker pull a{OWN}\n", f"ARG a{OWN}=$a{BEFORE}$a{BEFORE}\n",
    f"a{OWN}=$a{BEFORE}$a{BEFORE}\n", f'a{OWN}="${{a{BEFORE}:-$a{BEFORE}}}"\n',
    f"a{OWN} = $(a{BEFORE})$(a{BEFORE})\n", f"a{OWN} := $(a{AFTER})$(a{AFTER})\n",
    f"a{OWN} += $(a{BEFORE})\n", f"set a{OWN}=%a{BEFORE}%%a{BEFORE}%\n",
    f'$a{OWN} = "$a{BEFORE}$a{BEFORE}"\n', f"a{OWN} = a{BEFORE} + a{BEFORE}\n",
    f"a{OWN} = [a{BEFORE}, a{BEFORE}]\n", f'a{OWN} = f"{{a{BEFORE}}}{{a{BEFORE}}}"\n',
    f"a{OWN} = a{AFTER}\n", f'def a{OWN} = "${{a{BEFORE}}}${{a{BEFORE}}}"\n',
    f"def a{OWN}(): return a{BEFORE}() + a{BEFORE}()\n", f"a{OWN}: &a{OWN} [*a{BEFORE}, *a{BEFORE}]\n",
    f"a{OWN}: &a{OWN} {{<<: [*a{BEFORE}, *a{BEFORE}], k{OWN}: v}}\n",
    f"- &a{OWN} {{<<: *a{BEFORE}, image: a{OWN}}}\n",
    f"a{OWN}: &a{OWN}\n  <<: *a{BEFORE}\n  image: a{OWN}\n",
    f"a{OWN}: '{{{{ a{BEFORE} }}}}{{{{ a{BEFORE} }}}}'\n", f"a{OWN}: ${{a{BEFORE}}}${{a{BEFORE}}}\n",
    f"<a{OWN}>${{a{BEFORE}}}${{a{BEFORE}}}</a{OWN}>\n", f"<a{OWN}>$(a{BEFORE})$(a{BEFORE})</a{OWN}>\n",
    f'{{{{ define "a{OWN}" }}}}{{{{ template "a{BEFORE}" }}}}{{{{ template "a{BEFORE}" }}}}{{{{ end }}}}\n',
    f"a{OWN}:\n  extends: a{BEFORE}\n", f"a{OWN}:\n  extends: [a{BEFORE}, a{AFTER}]\n",
    f"- name: a{OWN}\n  value: $(a{BEFORE})$(a{BEFORE})\n",
    f'locals {{ a{OWN} = "${{local.a{BEFORE}}}${{local.a{BEFORE}}}" }}\n',
    f'variable "a{OWN}" {{ default = "${{a{BEFORE}}}${{a{BEFORE}}}" }}\n',
    f"locals {{ a{OWN} = concat(local.a{BEFORE}, local.a{BEFORE}) }}\n",
    f'function "a{OWN}" {{ params = [x] result = "${{a{BEFORE}(x)}}${{a{BEFORE}(x)}}" }}\n',
    f'target "a{OWN}" {{ inherits = ["a{BEFORE}", "a{AFTER}"] }}\n',
    f'target "a{OWN}" {{ matrix = {{ m{OWN} = ["1", "2"] }} tags = ["b:${{m{OWN}}}"] }}\n',
    f"  a{OWN}:\n    extends: {{service: a{BEFORE}}}\n", f"include: a{OWN}.yml\n",
    f"a{OWN}:\n  image: !reference [a{BEFORE}, image]\n",
    f"a{OWN}:\n  script: [!reference [a{BEFORE}, script], !reference [a{BEFORE}, script]]\n",
    f"a{OWN} = $(call a{BEFORE},$(1)$(1))$(call a{BEFORE},$(1))\n",
    f"define a{OWN}\n$(a{BEFORE})\n$(a{BEFORE})\nendef\n", f"$(eval a{OWN} := $(a{BEFORE})$(a{BEFORE}))\n",
    f"a{OWN}=(${{a{BEFORE}[@]}} ${{a{BEFORE}[@]}})\n", f"for a{OWN} in $a{BEFORE} $a{BEFORE}; do\n",
    f"for a{OWN} in $a{BEFORE} b; do docker pull $a{OWN}; done\n",
    f"a{OWN}() {{ a{BEFORE} $1$1; a{BEFORE} $1; }}\n",
    f"docker pull ${{a{OWN}:-${{a{BEFORE}:-b}}}}\n", f"docker pull a{{b{OWN},c}}{{d,e}}{{f,g}}\n",
    f'{{{{ define "a{OWN}" }}}}{{{{ include "a{BEFORE}" . }}}}{{{{ include "a{BEFORE}" . }}}}{{{{ end }}}}\n',
    f'image: {{{{ include "a{OWN}" . }}}}\n', f'{{{{ $a{OWN} := printf "%s%s" $a{BEFORE} $a{BEFORE} }}}}\n',
    f"ARG a{OWN}=b\nFROM $a{OWN}$a{BEFORE}\n", f"RUN <<E{OWN} cat <<F{OWN}\nE{OWN}\nF{OWN}\n",
    f"a{OWN} = '%s%s' % (a{BEFORE}, a{BEFORE})\n", f"a{OWN} = a{BEFORE}.replace('b', a{BEFORE})\n",
    f'"a{OWN}": {{"$ref": "#/a{BEFORE}"}},\n', f'<!ENTITY a{OWN} "&a{BEFORE};&a{BEFORE};">\n',
    f"[a.a{OWN}]\nimage = 'b:{OWN}'\n", f"[[a]]\nimage = 'b:{OWN}'\n",
)  # fmt: skip
OPENINGS = ("{{", "${", "$(", "[", "(", '"', "'", "\\", "\n", " ")
SHAPES = (
    "{}",
    "{}: ",
    "{}:\n",
    "- {}: a\n",
    "{{{}: ",
    '{{"{}": [',
    "{} {{\n",
    "{}(",
    '{} = "',
    "<{}>",
    "{} a ",
)
REFERENCE = re.compile(
    r"\$\{\{[^{}\n]*\}\}|\$\{[^{}\n]*\}|\$\[\[[^\]\n]*\]\]|\$\([\w. -]+\)|\{\{[^{}\n]*\}\}|%\w+%|<\+[^<>\n]*>"
    r"|\$\w+|~\{\w+\}|\b(?:var|local|locals|params|inputs|self)\.\w+|#@ \S+"
)
ITEM = re.compile(r"(?m)^([ \t]*-[ \t]+)([^\n]*?)([\w.]+)([^\w\n]*)$")  # of a list in YAML
LISTED = re.compile(r"\[[^\[\]{}\n]{1,200}\]")


@dataclass(frozen=True, slots=True)
class Hostile:
    """A text of any size; `after` ends it."""

    path: str
    before: str
    repeated: str
    after: str = ""

    def text(self, size: int, more: int = 0) -> str:
        """Return it with about `size` characters, and `more` repetitions."""
        often = max(size // (len(self.repeated) + 3 * self.repeated.count(OWN)), 1) + more
        if OWN not in self.repeated and BEFORE not in self.repeated:
            return self.before + self.repeated * often + self.after
        lines = "".join(numbered(self.repeated, number) for number in range(1, often + 1))
        return self.before + lines + self.after.replace(LAST, str(often))

    def __str__(self) -> str:
        return f"{self.before[-20:]!r} {self.repeated[:48]!r}…"


def numbered(text: str, number: int) -> str:
    """Return a repetition with its own number and those beside it."""
    return text.replace(OWN, str(number)).replace(BEFORE, str(number - 1)).replace(AFTER, str(number + 1))


def place(format_: Format) -> str:
    """Return a path that a format reads."""
    glob = ANY_OF.sub(r"\1", expanded(format_.patterns[0])[0])
    return glob.replace("**/", "a/").replace("**", "a").replace("*", "x").replace("?", "x").lstrip("/")


def words(format_: Format, most: int) -> Iterator[str]:
    """Yield the words of a format, the first `most` of each group."""
    return (word.decode("utf-8", "replace") for group in format_.words for word in group[:most])


def repetitions(format_: Format) -> Iterator[str]:
    """Yield what is said again and again: signs, opening in opening, and the format's own words as keys."""
    yield from SIGNS
    yield from NUMBERED
    yield from ("".join(pair) for pair in product(OPENINGS, OPENINGS) if pair[0] != pair[1])
    for word in words(format_, 2):
        yield from (shape.format(word.strip(' ":({=<')) for shape in SHAPES)
        yield from ("".join(f"{' ' * level}{word}:\n" for level in range(stairs)) for stairs in STAIRS)


def beginnings(format_: Format) -> Iterator[str]:
    """Yield what a text begins with: the format's words as lines, as keys, in a row, with an open string."""
    first = tuple(words(format_, 1)) or ("a",)
    yield "".join(f"{word}\n" for word in first)
    yield "".join(f"{word}: a\n" for word in first)
    yield " ".join(first) + " "
    yield " ".join(first) + '"'


def real(format_: Format) -> Iterator[tuple[SourceFile, int]]:
    """Yield files of the corpus, the longest first, with the offset at which the format finds an image."""
    catalog = chosen((format_.name,))
    files = sorted((file for file in (CORPUS / format_.name).rglob("*") if file.is_file()), key=size_of)
    found = 0
    for file in reversed(files):
        path = file.relative_to(CORPUS / format_.name).as_posix()
        content = file.read_bytes()
        if not catalog.claims(path) or not catalog.cards[format_.name].wanted(content):
            continue
        source = SourceFile(path, content.decode("utf-8", "surrogateescape"))
        candidates = (item for item in format_.extract(source, NOTHING) if isinstance(item, Candidate))
        start = next((item.start for item in candidates if not item.problem), None)
        if start is not None:
            yield source, start
            found += 1
        if found == FILES:
            return


def size_of(file: Path) -> tuple[int, Path]:
    """Return what orders files by their size, and equal ones by name."""
    return file.stat().st_size, file


def texts(format_: Format) -> Iterator[Hostile]:
    """Yield all texts for a format."""
    again = tuple(dict.fromkeys(filter(None, repetitions(format_))))
    path = place(format_)
    yield from (Hostile(path, before, each) for before in beginnings(format_) for each in again)
    for source, start in real(format_):
        before, after = source.text[:start], source.text[start:]
        yield from (Hostile(source.path, before, each, after) for each in again)
        yield from whole(source)
        yield from lines(source)
        yield from multiplied(source)
        yield from doubled(source)


def whole(source: SourceFile) -> Iterator[Hostile]:
    """Yield a file that stands there again and again, as one, as documents, with the line ends of Windows."""
    text = source.text
    yield Hostile(source.path, "", text)
    yield Hostile(source.path, "", f"---\n{text}\n")
    yield Hostile(source.path, "", text.replace("\n", "\r\n"))
    yield Hostile(source.path, text, text.replace("\n", " "))  # one enormous line


def lines(source: SourceFile) -> Iterator[Hostile]:
    """Yield a file with one of its lines again and again, equal or numbered."""
    all_lines = source.text.splitlines(keepends=True)
    for line in islice(dict.fromkeys(all_lines), LINES):
        at = all_lines.index(line)
        before, after = "".join(all_lines[:at]), "".join(all_lines[at:])
        yield Hostile(source.path, before, line, after)
        differing = re.sub(r"(\w)(\W*)\Z", rf"\g<1>{OWN}\2", line)
        yield Hostile(source.path, before, differing, after)
        if named := re.sub(r"\A(\W*\w+)", rf"\g<1>{OWN}", differing):
            yield Hostile(source.path, before, named, after)


def multiplied(source: SourceFile) -> Iterator[Hostile]:
    """Yield a file of which all lists are longer: what a matrix of them makes is their product."""
    text = ITEM.sub(
        lambda item: "\n".join(f"{item[1]}{item[2]}{item[3]}{n}{item[4]}" for n in range(LONG)), source.text
    )
    text = LISTED.sub(lambda found: f"[{', '.join(islice(_varied(found[0]), LONG))}]", text)
    if text != source.text:
        yield Hostile(source.path, text, "\n")
        yield Hostile(source.path, "", text)


def _varied(listed: str) -> Iterator[str]:
    items = listed[1:-1].split(",")
    for number in count():
        yield re.sub(r"(\w)(\W*)\Z", rf"\g<1>{number}\2", items[number % len(items)]).strip()


def doubled(source: SourceFile) -> Iterator[Hostile]:
    """Yield a file in which what it sets refers to what is set before or after, twice, and so on."""
    text = source.text
    found = 0
    for name, spelled in dict.fromkeys(_used(text)):
        definition = re.search(rf"(?m)^[^\n]*?\b{re.escape(name)}\b\"?'?[ \t]*(?::=|\?=|[:=>])", text)
        if definition is None or spelled in definition[0]:
            continue
        end = text.find("\n", definition.end()) + 1 or len(text)
        value = text[definition.end() : end].rstrip("\n") or " "
        lead = re.sub(rf"\b{re.escape(name)}\b", f"{name}{OWN}", definition[0])
        use = re.sub(rf"\b{re.escape(name)}\b", f"{name}{LAST}", spelled)
        after = text[definition.start() :].replace(spelled, use)
        before, following = use.replace(LAST, BEFORE), use.replace(LAST, AFTER)
        for said in (before * 2, before + following, before, use.replace(LAST, "1") * 2):
            filled = re.sub(r"[\w./:$@-]+", lambda _, said=said: said, value, count=1)
            yield Hostile(source.path, text[: definition.start()], f"{lead}{filled}\n", after)
        found += 1
        if found == VARIABLES:
            return


def _used(text: str) -> Iterator[tuple[str, str]]:
    """Yield the names that references of a text may be to, with the reference as it is spelled."""
    for reference in REFERENCE.finditer(text):
        for name in re.findall(r"\w+", reference[0]):
            yield name, reference[0]
