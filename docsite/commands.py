"""The command line → its reference page. What `--help` says is asked of the very objects that print it."""

from __future__ import annotations

import inspect
import typing
from collections.abc import Iterator
from enum import Enum
from typing import Any

import typer

from onrecord.cli import app

HEAD = """# Commands

Made from the commands themselves: what stands here is what `onrecord COMMAND --help` says. A command ends with 0, with
1 if some input failed or nothing was found, or with 2 for a mistake in the call ([errors](errors.md)).
"""


def page() -> str:
    """The Markdown of the reference of all commands."""
    return HEAD + "".join(_section(path, command) for path, command in commands())


def commands() -> Iterator[tuple[str, Any]]:
    """Every command under the words that call it, without groups of commands, in the order of `onrecord --help`."""
    return _leaves("onrecord", typer.main.get_command(app))


def _leaves(path: str, command: Any) -> Iterator[tuple[str, Any]]:
    if not hasattr(command, "commands"):
        yield path, command
        return
    for name, inner in command.commands.items():
        yield from _leaves(f"{path} {name}", inner)


def _section(path: str, command: Any) -> str:
    hints = typing.get_type_hints(inspect.unwrap(command.callback))
    takes = [given for given in command.params if given.param_type_name == "argument"]
    options = [given for given in command.params if given.param_type_name == "option"]
    called = " ".join([path, *(["[OPTIONS]"] if options else []), *map(_metavar, takes)])
    rows = [_row(f"`{_metavar(given)}`", "", given.help) for given in takes]
    rows += [_option(given, hints.get(given.name)) for given in options]
    table = "| given | values | meaning |\n|---|---|---|\n" + "\n".join(rows)
    parts = [f"\n## {path}\n", _prose(command.help), f"```text\n{called}\n```", table, _example(command.epilog or "")]
    return "\n\n".join(part for part in parts if part) + "\n"


def _option(given: Any, hint: Any) -> str:
    names = ", ".join(f"`{name}`" for name in [*given.opts, *given.secondary_opts])
    return _row(names, "" if given.is_flag else _values(hint, given.default), given.help)


def _values(hint: Any, default: Any) -> str:
    """What an option takes: its choices, else the kind of value; and what counts without it."""
    kinds = [kind for kind in [hint, *_inner(hint)] if isinstance(kind, type)]
    choices = [str(choice.value) for kind in kinds if issubclass(kind, Enum) for choice in kind]
    names = {"str": "text", "int": "whole number", "float": "number", "Path": "path"}
    taken = ", ".join(choices) or next((names[kind.__name__] for kind in kinds if kind.__name__ in names), "")
    default = getattr(default, "value", default)
    return f"{taken}; else {default}" if isinstance(default, int | float | str) and default != "" else taken


def _inner(hint: Any) -> Iterator[Any]:
    for one in typing.get_args(hint):
        yield one
        yield from _inner(one)


def _metavar(given: Any) -> str:
    named = str(given.metavar or given.name.upper())
    return named if given.required or named.startswith("[") else f"[{named}]"


def _row(*cells: str | None) -> str:
    return "| " + " | ".join(_prose(cell).replace("|", "\\|") for cell in cells) + " |"


def _example(epilog: str) -> str:
    examples = epilog.removeprefix("Example:").split("   ·   ")
    return "```text\n" + "\n".join(one.strip() for one in examples) + "\n```" if epilog else ""


def _prose(text: str | None) -> str:
    return " ".join((text or "").split()).replace("<", "&lt;").replace("*", "\\*")
