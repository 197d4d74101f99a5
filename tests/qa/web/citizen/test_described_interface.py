"""Whatever the interface's own description allows, and what it does not, is answered without a fault.

Schemathesis makes the calls from `/openapi.json`; `make test-all` makes ten thousand.
"""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from httpx2 import Response
from hypothesis import HealthCheck, given, settings
from starlette.testclient import TestClient

from qa.web.http.policy import SECURITY_HEADERS
from tests.support.counts import count
from tests.support.doubles.web import ADDRESS, FakeAssistant, make_app

CALLS = count(60, whole=10_000)
TRACES = ("Traceback", "site-packages", '.py"', "pydantic.dev")


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    with TestClient(make_app(FakeAssistant(), tmp_path_factory.mktemp("home")), base_url=ADDRESS) as client:
        yield client


def operations(client: TestClient) -> list[Any]:
    """Every operation that the site describes, as Schemathesis reads it."""
    from schemathesis import openapi  # a second to import

    described: Any = openapi.from_dict(client.get("/openapi.json").json())
    return [found.ok() for found in described.get_all_operations()]


def answered(client: TestClient, case: Any) -> Response:
    """The reply to a call that Schemathesis made up."""
    call = case.as_transport_kwargs(base_url=ADDRESS)
    body = {"json": call["json"]} if "json" in call else {"content": call.get("data")}
    return client.request(
        call["method"],
        call["url"],
        params=call.get("params"),
        headers=dict(call["headers"]),
        follow_redirects=False,
        **body,
    )


@pytest.mark.long
@pytest.mark.parametrize("valid", [True, False], ids=["as described", "otherwise"])
def test_no_call_that_the_description_allows_or_not_finds_a_fault(client: TestClient, valid: bool) -> None:
    from schemathesis import GenerationMode

    found = operations(client)
    assert {"/api/ask", "/api/feedback", "/api/forget", "/api/share"} <= {operation.path for operation in found}
    with_body = [operation for operation in found if operation.body]
    statuses: Counter[int] = Counter()
    # Nothing can be wrong in a call without a body.
    for operation in found if valid else with_body:
        mode = GenerationMode.POSITIVE if valid else GenerationMode.NEGATIVE
        cases = operation.as_strategy(generation_mode=mode)

        @settings(
            max_examples=max(1, CALLS // (2 * len(with_body))),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(case=cases)
        def ask(case: Any) -> None:
            response = answered(client, case)
            statuses[response.status_code] += 1
            assert response.status_code < 500 or response.status_code == 503, (response.status_code, response.text)
            assert [trace for trace in TRACES if trace in response.text] == []
            assert set(map(str.lower, SECURITY_HEADERS)) <= {name.lower() for name in response.headers}

        ask()
    print(f"{statuses.total()} calls to {len(found if valid else with_body)} operations, by status {dict(statuses)}")
    assert statuses.keys() & ({200, 303} if valid else {400, 404, 422})
