"""What HCL is made of, as light values that know where they stand: bodies, blocks, expressions."""

from msgspec import Struct

from planner.model.source import Text


class Literal(Struct, frozen=True, gc=False):
    """A string without interpolation, a number, `true`, `false` or `null`."""

    text: Text  # after escapes, without quotes
    quoted: bool = True

    @property
    def null(self) -> bool:
        """Whether this is `null`."""
        return not self.quoted and str(self.text) == "null"


class Interpolation(Struct, frozen=True, gc=False):
    """`${…}` in a template."""

    value: "Expression"
    written: Text


class Choice(Struct, frozen=True, gc=False):
    """A part of a template between `%{ if }`, `%{ else }` and `%{ endif }`; the two branches."""

    condition: "Expression"
    yes: "Template"
    no: "Template"


class Repetition(Struct, frozen=True, gc=False):
    """A part of a template between `%{ for key, item in source }` and `%{ endfor }`."""

    key: str  # empty where only the item has a name
    item: str
    source: "Expression"
    body: "Template"
    written: Text


class Template(Struct, frozen=True, gc=False):
    """A quoted string or a heredoc that has something filled in."""

    parts: "tuple[Part, ...]"
    heredoc: bool = False


class Splat(Struct, frozen=True, gc=False):
    """The step `[*]` or `.*`: what follows is taken of every item."""


class Name(Struct, frozen=True, gc=False):
    """A variable and what is taken of it: `var.images["web"].tag` has the steps var, images, web, tag."""

    steps: "tuple[Step, ...]"
    written: Text

    @property
    def root(self) -> str:
        """The first step."""
        return str(self.steps[0])


class Access(Struct, frozen=True, gc=False):
    """What is taken of the value of another expression: `merge(a, b).image`."""

    value: "Expression"
    steps: "tuple[Step, ...]"
    written: Text


class Call(Struct, frozen=True, gc=False):
    """A call of a function."""

    function: str
    arguments: "tuple[Expression, ...]"
    written: Text
    spread: bool = False  # the last argument is a list of arguments: `f(xs...)`


class Conditional(Struct, frozen=True, gc=False):
    """`condition ? yes : no`."""

    condition: "Expression"
    yes: "Expression"
    no: "Expression"
    written: Text


class Comparison(Struct, frozen=True, gc=False):
    """`left == right`, or `!=` where `equal` is false."""

    left: "Expression"
    right: "Expression"
    equal: bool
    written: Text


class Array(Struct, frozen=True, gc=False):
    """`[a, b]`."""

    items: "tuple[Expression, ...]"
    written: Text


class Object(Struct, frozen=True, gc=False):
    """`{ a = b }`; a key without quotes is a literal."""

    entries: "tuple[tuple[Expression, Expression], ...]"
    written: Text


class For(Struct, frozen=True, gc=False):
    """`[for key, item in source : value]`, or `{for … : name => value}`."""

    key: str  # empty where only the item has a name
    item: str
    source: "Expression"
    name: "Expression | None"
    value: "Expression"
    written: Text


class Unread(Struct, frozen=True, gc=False):
    """An expression whose value is not computed here."""

    written: Text
    reason: str


Part = Literal | Interpolation | Choice | Repetition
Expression = (
    Literal | Template | Name | Access | Call | Conditional | Comparison | Array | Object | For | Unread
)
Step = str | Expression | Splat


def written_of(expression: Expression) -> Text:
    """Return an expression as it is written, shortened where it is long."""
    match expression:
        case Literal(text):
            return text
        case Template(parts):
            return Text.join(part.text if isinstance(part, Literal) else Text.of("…") for part in parts[:3])
        case _:
            return expression.written


class Attribute(Struct, frozen=True, gc=False):
    """`name = value`."""

    name: str
    start: int  # of the name
    value: Expression


class Body(Struct, frozen=True, gc=False):
    """What stands between braces, or in a file."""

    attributes: tuple[Attribute, ...] = ()
    blocks: "tuple[Block, ...]" = ()

    def get(self, name: str) -> Expression | None:
        """Return the value of an attribute."""
        return next((each.value for each in self.attributes if each.name == name), None)

    def all(self, *path: str) -> "tuple[Block, ...]":
        """Return the blocks of a type, or those at the end of a path of types."""
        found = tuple(block for block in self.blocks if block.type == path[0])
        return (
            found if len(path) == 1 else tuple(each for block in found for each in block.body.all(*path[1:]))
        )


class Block(Struct, frozen=True, gc=False):
    """`type "label" { … }`."""

    type: str
    labels: tuple[str, ...]
    start: int  # of the type
    body: Body
