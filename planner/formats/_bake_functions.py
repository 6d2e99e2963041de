"""Functions that a Bake file defines: a call becomes the function's result, its parameters the arguments.

https://docs.docker.com/build/bake/functions/
"""

from collections.abc import Iterable, Mapping

from msgspec import Struct, field
from msgspec.structs import replace

from planner.formats._hcl_nodes import (
    Access,
    Array,
    Block,
    Call,
    Choice,
    Comparison,
    Conditional,
    Expression,
    For,
    Interpolation,
    Literal,
    Name,
    Object,
    Part,
    Repetition,
    Template,
)

_DEPTH = 60  # of expressions in expressions
_CALLS = 500  # of a file's own functions; functions that call each other multiply


class Function(Struct, frozen=True):
    """Parameters and what is made of them."""

    parameters: tuple[str, ...]
    result: Expression


class Functions(Struct):
    """The functions of a file."""

    known: Mapping[str, Function]
    left: int = field(default=_CALLS)

    def inlined(self, expression: Expression) -> Expression:
        """Return an expression in which the calls of the file's functions are replaced by their results."""
        return _replaced(expression, self, {}, 0) if self.known else expression


def functions(blocks: Iterable[Block]) -> Functions:
    """Read `function "name" { params = [a] variadic_params = rest result = … }`."""
    known: dict[str, Function] = {}
    for block in blocks:
        parameters, result = block.body.get("params"), block.body.get("result")
        names = parameters.items if isinstance(parameters, Array) else ()
        if result is not None and block.labels and block.body.get("variadic_params") is None:
            plain = tuple(each.root if isinstance(each, Name) else _literal(each) for each in names)
            known[block.labels[0]] = Function(plain, result)
    return Functions(known)


def _literal(expression: Expression) -> str:
    return str(expression.text) if isinstance(expression, Literal) else ""


def _replaced(
    expression: Expression, own: Functions, parameters: Mapping[str, Expression], depth: int
) -> Expression:
    """Return the expression with parameters and calls replaced; what is too deep stays."""
    if depth > _DEPTH:
        return expression

    def inner(each: Expression) -> Expression:
        return _replaced(each, own, parameters, depth + 1)

    match expression:
        case Name():
            return (
                _argument(parameters[expression.root], expression)
                if expression.root in parameters
                else expression
            )
        case Call(function, arguments):
            given = tuple(inner(each) for each in arguments)
            found = own.known.get(function)
            if found is None or own.left <= 0 or len(given) != len(found.parameters):
                return replace(expression, arguments=given)
            own.left -= 1
            return _replaced(found.result, own, dict(zip(found.parameters, given, strict=True)), depth + 1)
        case Access(value):
            return replace(expression, value=inner(value))
        case Conditional(condition, yes, no):
            return replace(expression, condition=inner(condition), yes=inner(yes), no=inner(no))
        case Comparison(left, right):
            return replace(expression, left=inner(left), right=inner(right))
        case Array(items):
            return replace(expression, items=tuple(inner(each) for each in items))
        case Object(entries):
            return replace(expression, entries=tuple((inner(key), inner(value)) for key, value in entries))
        case For(source=source, name=name, value=value):
            return replace(expression, source=inner(source), name=name and inner(name), value=inner(value))
        case Template():
            return _template(expression, own, parameters, depth)
    return expression


def _argument(argument: Expression, name: Name) -> Expression:
    return Access(argument, name.steps[1:], name.written) if len(name.steps) > 1 else argument


def _template(
    template: Template, own: Functions, parameters: Mapping[str, Expression], depth: int
) -> Template:
    parts: list[Part] = []
    for part in template.parts:
        match part:
            case Interpolation(value):
                parts.append(replace(part, value=_replaced(value, own, parameters, depth + 1)))
            case Choice(condition, yes, no):
                condition = _replaced(condition, own, parameters, depth + 1)
                branches = (_template(each, own, parameters, depth + 1) for each in (yes, no))
                parts.append(Choice(condition, *branches))
            case Repetition(source=source, body=body):
                source = _replaced(source, own, parameters, depth + 1)
                body = _template(body, own, parameters, depth + 1)
                parts.append(replace(part, source=source, body=body))
            case _:
                parts.append(part)
    return replace(template, parts=tuple(parts))
