"""The pages for people."""

from fastapi import APIRouter
from starlette.responses import HTMLResponse

from onrecord.web.pages import annotating, articles, correcting, dialogues, home, portraits, searching, statements

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)
for part in (home, annotating, articles, searching, statements, portraits, dialogues, correcting):
    router.include_router(part.router)
