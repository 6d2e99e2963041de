"""Source code: its tokens, its calls and objects, the names it sets to strings, what expressions say.

Languages differ in how they write strings and comments; how calls look is nearly the same in all of them.
"""

from planner.formats._code_calls import Argument, Call, Group, calls, groups
from planner.formats._code_constants import constants
from planner.formats._code_languages import (
    CSHARP,
    ELIXIR,
    GO,
    GROOVY,
    JAVA,
    JAVASCRIPT,
    JSONNET,
    KOTLIN,
    NIX,
    PHP,
    PYTHON,
    RUBY,
    RUST,
    SCALA,
    STARLARK,
    Language,
)
from planner.formats._code_tokens import Kind, Token, tokens
from planner.formats._code_words import is_literal, word

__all__ = [
    "CSHARP", "ELIXIR", "GO", "GROOVY", "JAVA", "JAVASCRIPT", "JSONNET", "KOTLIN", "NIX", "PHP", "PYTHON",
    "RUBY", "RUST", "SCALA", "STARLARK", "Argument", "Call", "Group", "Kind", "Language", "Token", "calls",
    "constants", "groups", "is_literal", "tokens", "word",
]  # fmt: skip
