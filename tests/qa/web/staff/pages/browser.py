"""A member's browser without scripts: it fills in the forms of a page, as they stand there."""

import re
from html import unescape
from urllib.parse import urlencode

from fastapi import FastAPI
from httpx2 import Response
from starlette.testclient import TestClient

from tests.support.doubles.staff import open_client, sign_in

PAGE = "/staff/questions"


def signed_in(app: FastAPI, name: str) -> TestClient:
    client = open_client(app)
    assert sign_in(client, name).status_code == 303
    return client


class Browser:
    """A member's browser: it opens pages, fills in the forms it finds there, and follows where they lead."""

    def __init__(self, app: FastAPI, name: str) -> None:
        self.client = signed_in(app, name)
        self.address = PAGE
        self.page = ""

    def open(self, address: str = PAGE, **query: str) -> str:
        return self._took(self.client.get(address, params=query or None))

    def choose(self, question: str) -> str:
        """Click the row of a question."""
        (address,) = re.findall(rf'<a class="text" data-part href="([^"]+)"[^>]*>{re.escape(question)}</a>', self.page)
        return self.open(unescape(address))

    def press(self, button: str, **typed: str | list[str]) -> Response:
        """Press a button of the panel, with what its form holds and what is typed over it."""
        form, *_ = [one for one in re.findall(r"<form.*?</form>", self.page, re.S) if f'value="{button}"' in one]
        hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
        fields = {**hidden, **dict(re.findall(r'<input name="(\w+)" value="([^"]*)"', form))}
        fields |= {name: unescape(text) for name, text in re.findall(r'<textarea name="(\w+)"[^>]*>([^<]*)<', form)}
        (action,) = re.findall(r'action="([^"]+)"', form)
        sent = urlencode({**fields, "do": button, **typed}, doseq=True)
        headers = {"content-type": "application/x-www-form-urlencoded"}
        response = self.client.post(unescape(action), content=sent, headers=headers)
        self._took(self.client.get(response.headers["location"]) if response.status_code == 303 else response)
        return response

    def mark(self, words: str) -> str:
        """The value of the sentence that holds some words."""
        found = re.findall(r'name="mark" value="([^"]+)"[^>]*><span class="text">([^<]*)<', self.page)
        return next(unescape(value) for value, text in found if words in text)

    def _took(self, response: Response) -> str:
        self.page = response.text
        return self.page
