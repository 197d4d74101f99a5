"""A member of staff at the pages made on the server: opens them, fills in their forms, presses their buttons."""

import re

from fastapi import FastAPI
from starlette.testclient import TestClient

from qa.web.staff.pages.frame import TOKEN, stamped
from tests.support.doubles.staff import open_client, sign_in


class Clerk:
    """A browser in which somebody has signed in, on one page of the area."""

    def __init__(self, app: FastAPI, name: str, page: str) -> None:
        self.client: TestClient = open_client(app)
        assert sign_in(self.client, name).status_code == 303
        self.name, self.page = name, page

    def open(self, **query: str) -> str:
        """The page that an address opens."""
        return str(self.client.get(self.page, params=query).text)

    def token(self) -> str:
        """The token that the page puts into its forms."""
        self.open()
        return stamped(self.client.cookies[TOKEN], self.name)

    def hidden(self, name: str, /, **query: str) -> str:
        """The value of a hidden field on a page."""
        return str(re.findall(rf'name="{name}" value="([^"]*)"', self.open(**query))[0])

    def press(self, button: str, query: dict[str, str] | None = None, /, **typed: str | list[str]) -> str:
        """The page after a button of the page at `query` was pressed."""
        response = self.client.post(self.page, params=query, data={"form": self.token(), "do": button, **typed})
        if response.status_code == 303:
            response = self.client.get(response.headers["location"])
        assert response.status_code in (200, 400, 403, 404, 409), response.text
        return str(response.text)
