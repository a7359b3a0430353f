"""The Arrow schema of articles and statements, and the rows that fill it (`docs/formats.md`).

Two tables. A row of `articles` is an article without its statements; the next `statement_count` rows of `statements`
are these, in reading order. The columns are the fields of the records in `onrecord.schema`, and a record within a
record (block, act, span, …) is a struct of its fields, so that a field added there is a field here, and calls for a new
`VERSION`. A passage is a list of spans and, beside it, its words; a speaker is spread over columns `speaker_…`, all of
them null where there is none. Whatever writes Parquet for onrecord writes this.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from msgspec import Struct, inspect, to_builtins

from onrecord.errors import UsageError
from onrecord.formats.wire import Json
from onrecord.schema import Article, Passage, Span, Speaker, Statement

if TYPE_CHECKING:
    import pyarrow

VERSION = "1"
"""Raised whenever a column or a field changes; stands in the metadata of both schemas under `VERSION_KEY`."""
VERSION_KEY = b"onrecord.schema"

_SPEAKER = "speaker_"
_LINK = {"article": str, "url": str, "publisher": str, "published_date": str | None}
"""What a row of `statements` repeats of its article: the id to join on, and what is asked for most."""


def pyarrow_or_error() -> Any:
    """The module pyarrow; raises `UsageError` where it is not installed."""
    try:
        import pyarrow
    except ImportError as error:
        raise UsageError("Arrow and Parquet need pyarrow; install it with: pip install 'onrecord[parquet]'") from error
    return pyarrow


def articles_schema() -> pyarrow.Schema:
    """The columns of `articles`; raises `UsageError` without pyarrow."""
    fields = {field.name: field.type for field in _fields_of(Article) if field.name != "statements"}
    return _schema(fields | {"statement_count": inspect.type_info(int)})


def statements_schema() -> pyarrow.Schema:
    """The columns of `statements`; raises `UsageError` without pyarrow."""
    columns = {name: inspect.type_info(kind) for name, kind in _LINK.items()}
    for field in _fields_of(Statement):
        if field.name == "speaker":
            kinds = {one.name: one.type for one in _fields_of(Speaker)}
            columns |= {_SPEAKER + name: inspect.UnionType((kind, inspect.NoneType())) for name, kind in kinds.items()}
        elif isinstance(field.type, inspect.StructType) and field.type.cls is Passage:
            columns[field.name] = inspect.type_info(tuple[Span, ...])
            columns[f"{field.name}_text"] = inspect.type_info(str)
        else:
            columns[field.name] = field.type
    return _schema(columns)


def article_row(article: Article) -> Json:
    """The article as a row of `articles`."""
    # Not `_plain`, which takes 0.2 ms more; but msgspec makes lists of the spans that statements hold.
    fields = (name for name in Article.__struct_fields__ if name != "statements")
    return {name: to_builtins(getattr(article, name)) for name in fields} | {"statement_count": len(article.statements)}


def statement_rows(article: Article) -> Iterator[Json]:
    """The article's statements as rows of `statements`."""
    published = article.published.date if article.published else None
    link = {"article": article.id, "url": article.url, "publisher": article.publisher, "published_date": published}
    for statement in article.statements:
        yield link | _statement_row(statement)


def _statement_row(statement: Statement) -> Json:
    row: Json = {}
    for name in Statement.__struct_fields__:
        value = getattr(statement, name)
        if name == "speaker":
            row |= {_SPEAKER + part: _plain(getattr(value, part, None)) for part in Speaker.__struct_fields__}
        elif isinstance(value, Passage):
            row[name] = _plain(value.spans)
            row[f"{name}_text"] = statement.content_text if name == "content" else value.text
        else:
            row[name] = _plain(value)
    return row


def wire_object(article: Mapping[str, Any], statements: list[dict[str, Any]]) -> Json:
    """A row of `articles` and its rows of `statements` as an object that `onrecord.formats.wire.article_from` takes."""
    return {**_lists(article), "statements": [_wire_statement(row) for row in statements]}


def _wire_statement(row: Mapping[str, Any]) -> Json:
    statement = {name: value for name, value in _lists(row).items() if not name.startswith(_SPEAKER)}
    speaker = {name.removeprefix(_SPEAKER): value for name, value in row.items() if name.startswith(_SPEAKER)}
    return statement | {"speaker": speaker if speaker.get("kind") is not None else None}


def _fields_of(record: type[Struct]) -> tuple[inspect.Field, ...]:
    described = inspect.type_info(record)
    assert isinstance(described, inspect.StructType)
    return described.fields


def _schema(columns: Mapping[str, inspect.Type]) -> pyarrow.Schema:
    arrow = pyarrow_or_error()
    fields = [_arrow_field(arrow, name, kind) for name, kind in columns.items()]
    return arrow.schema(fields, metadata={VERSION_KEY: VERSION.encode()})


def _arrow_field(arrow: Any, name: str, kind: inspect.Type) -> pyarrow.Field:
    nullable = isinstance(kind, inspect.UnionType)
    if isinstance(kind, inspect.UnionType):
        [kind] = [one for one in kind.types if not isinstance(one, inspect.NoneType)] or [kind.types[0]]
        if isinstance(kind, inspect.UnionType):
            return _arrow_field(arrow, name, kind)
    return arrow.field(name, _arrow_type(arrow, kind), nullable=nullable)


def _arrow_type(arrow: Any, kind: inspect.Type) -> Any:
    match kind:
        case inspect.StrType() | inspect.LiteralType():
            return arrow.string()
        case inspect.IntType():
            return arrow.int32()
        case inspect.FloatType():
            return arrow.float64()
        case inspect.BoolType():
            return arrow.bool_()
        case inspect.VarTupleType(item_type=item):
            return arrow.list_(_arrow_field(arrow, "element", item))
        case inspect.StructType(fields=fields):
            return arrow.struct([_arrow_field(arrow, field.name, field.type) for field in fields])
    raise TypeError(f"no column for {kind}: give _arrow_type a case for it")


def _plain(value: Any) -> Any:
    """Records as dictionaries and tuples as lists, however deep."""
    if isinstance(value, Struct):
        return {name: _plain(getattr(value, name)) for name in value.__struct_fields__}
    return [_plain(one) for one in value] if isinstance(value, tuple) else value


def _lists(value: Any) -> Any:
    """Spans as the pairs that the wire has for them, however deep."""
    if isinstance(value, Mapping):
        ends = value.keys() == {"start", "end"}
        return [value["start"], value["end"]] if ends else {name: _lists(one) for name, one in value.items()}
    return [_lists(one) for one in value] if isinstance(value, list) else value
