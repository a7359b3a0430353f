"""The public names of Python → their reference page, from docstrings and the strings behind the fields of records."""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
import typing
from itertools import pairwise
from typing import Any

import onrecord
from onrecord import errors, schema
from onrecord.integrations.arrow_tables import Tables
from onrecord.page.repair import Repaired

HEAD = """# Python

Made from the docstrings: everything that `import onrecord` gives. What is not here (modules under `onrecord.`) may
change between versions, but for what a page of this site shows. Records are frozen, and compare by what they hold;
[formats](formats.md) says more of the fields, [acts](positions.md) of those of an act.
"""
FUNCTIONS = ("read", "read_many", "attribute", "repair", "to_dict", "evaluate")


def page() -> str:
    """The Markdown of the reference of all public names."""
    records = [
        getattr(onrecord, name) for name in onrecord.__all__ if hasattr(getattr(onrecord, name), "__struct_fields__")
    ]
    parts = [HEAD, "\n## Functions\n", *(_function(getattr(onrecord, name)) for name in FUNCTIONS)]
    parts += ["\n## Records\n", *map(_record, [*records, Repaired, Tables]), "\n## Values\n", *_values()]
    parts.append("\n## Errors\n\nWhat each means, and what to do, is told under [errors](errors.md).\n")
    parts += [_error(getattr(onrecord, name)) for name in onrecord.__all__ if name.endswith("Error")]
    return "".join(parts)


def errors_table() -> str:
    """The Markdown table of every error that the package raises on purpose, with what it is a kind of."""
    classes = [one for one in vars(errors).values() if isinstance(one, type) and one.__module__ == errors.__name__]
    rows = (
        f"| `{one.__name__}` | `{one.__base__.__name__}` | {_prose(one.__doc__)} |" for one in classes if one.__base__
    )
    return "\n".join(["| error | is a | |", "|---|---|---|", *rows])


def _function(named: Any) -> str:
    [made] = ast.parse(inspect.getsource(named)).body
    assert isinstance(made, ast.FunctionDef)
    result = f" -> {ast.unparse(made.returns)}" if made.returns else ""
    called = f"{named.__name__}({ast.unparse(made.args)}){result}"
    return f"\n### onrecord.{named.__name__}\n\n```text\n{called}\n```\n\n{_prose(named.__doc__, keep=True)}\n"


def _record(kind: Any) -> str:
    told = _field_strings(kind)
    hints = _annotations(kind)
    head = f"\n### {kind.__name__}\n\n{_prose(kind.__doc__, keep=True)}\n\n| field | type | |\n|---|---|---|\n"
    fields = getattr(kind, "__struct_fields__", None) or tuple(hints)
    rows = "".join(f"| `{name}` | {_code(hints[name])} | {_prose(told.get(name))} |\n" for name in fields)
    return head + rows + "".join(_member(kind, name) for name in vars(kind) if _public(kind, name))


def _public(kind: Any, name: str) -> bool:
    held = inspect.getattr_static(kind, name)
    return (not name.startswith("_") and isinstance(held, property | classmethod)) or name == "__getitem__"


def _member(kind: Any, name: str) -> str:
    held = inspect.getattr_static(kind, name)
    called = f"`{kind.__name__}.{name}`" if name != "__getitem__" else f"`{kind.__name__.lower()}[span]`"
    return f"\n{called}: {_prose(held.__doc__, keep=True)}\n"


def _values() -> list[str]:
    """The literals that fields take, by the name of the type."""
    named = {
        name: typing.get_args(held) for name, held in vars(schema).items() if typing.get_origin(held) is typing.Literal
    }
    return [f"\n`{name}`\n: {', '.join(f'`{value}`' for value in values)}\n" for name, values in named.items()]


def _error(kind: Any) -> str:
    return f"\n`{kind.__name__}({kind.__base__.__name__})`\n: {_prose(kind.__doc__)}\n"


def _annotations(kind: Any) -> dict[str, str]:
    return {node.target.id: ast.unparse(node.annotation) for node in _body(kind) if _is_field(node)}


def _field_strings(kind: Any) -> dict[str, str]:
    """The string that stands behind each field that has one."""
    body = _body(kind)
    pairs = pairwise(body)
    return {
        field.target.id: text.value.value
        for field, text in pairs
        if _is_field(field) and isinstance(text, ast.Expr) and isinstance(text.value, ast.Constant)
    }


def _is_field(node: Any) -> bool:
    return isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name)


def _body(kind: Any) -> list[Any]:
    [made] = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    return made.body if isinstance(made, ast.ClassDef) else []


def _code(text: str) -> str:
    return "`" + text.replace("|", "\\|") + "`"


def _prose(text: str | None, keep: bool = False) -> str:
    """A docstring as Markdown: examples in a block of their own; one line for a cell unless `keep`."""
    cleaned = inspect.cleandoc(text or "")
    if not keep:
        return " ".join(cleaned.split()).replace("|", "\\|")
    return re.sub(r"((?:^>>> .*\n?)(?:^.+\n?)*)", r"\n```pycon\n\1\n```\n", cleaned, flags=re.MULTILINE).replace(
        "\n\n```\n", "\n```\n"
    )
