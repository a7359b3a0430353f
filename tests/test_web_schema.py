"""The API against its own description: whatever a program sends, no call fails, and every answer is as described."""

from __future__ import annotations

from typing import Any

import hypothesis
import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from onrecord.web.api.openapi import description
from web_archive import served

_THERE = (198359306469381, 198359306469378, 1, 2)
_CHECKS = (not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance)
_EXAMPLES = 25
CALLS = [
    pytest.param((method, path), id=f"{method} {path}")
    for path, calls in description()["paths"].items()
    for method in calls
]


@pytest.fixture(scope="module")
def schema_and_token(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, str]:
    app, token = served(
        str(tmp_path_factory.mktemp("web") / "news.db"),
        hosts=("*",),
        requests_a_minute=0,
        readings_a_minute=0,
        engine="rules",
        body_bytes=20_000,
    )
    return schemathesis.openapi.from_asgi("/api/v1/openapi.json", app), token


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["sense", "nonsense"])
@pytest.mark.parametrize("call", CALLS)
def test_every_call_answers_as_the_api_says(
    schema_and_token: tuple[Any, str], call: tuple[str, str], mode: GenerationMode
) -> None:
    schema, token = schema_and_token
    method, path = call

    @given(case=schema[path][method].as_strategy(generation_mode=mode))
    @hypothesis.settings(
        max_examples=_EXAMPLES,
        deadline=None,
        derandomize=True,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    def check(case: Any) -> None:
        number = case.path_parameters.get("number")
        if isinstance(number, int) and number % 2:  # half of the numbers are some that the archive has
            case.path_parameters["number"] = _THERE[number % len(_THERE)]
        case.headers["Authorization"] = f"Bearer {token}"
        case.validate_response(case.call(), checks=_CHECKS)

    check()
