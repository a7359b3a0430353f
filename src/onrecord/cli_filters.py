"""The filters that commands share, each under one name and with one help."""

from __future__ import annotations

from typing import Annotated

import typer

Speakers = Annotated[list[str] | None, typer.Option(help="Who speaks: a name in any script, or a country.")]
Countries = Annotated[list[str] | None, typer.Option(help="The speaker's country: name or code.")]
Roles = Annotated[list[str] | None, typer.Option(help="Words of the speaker's office.")]
Addressees = Annotated[list[str] | None, typer.Option("--to", help="To whom it was said.")]
Abouts = Annotated[list[str] | None, typer.Option(help="Whose conduct or interest it concerns.")]
Kinds = Annotated[list[str] | None, typer.Option(help="direct, mixed or indirect.")]
ActsDone = Annotated[list[str] | None, typer.Option(help="What it does: AGREE, REQUEST, LIMIT, …")]
Conditional = Annotated[bool, typer.Option("--conditional", help="Only what hangs on a condition.")]
Outlets = Annotated[list[str] | None, typer.Option(help="Words of the publisher's name or host.")]
Langs = Annotated[list[str] | None, typer.Option(help="The language of the words, such as en.")]
Sure = Annotated[float, typer.Option("--min-confidence", min=0, max=1, help="Found at least this surely.")]
