"""Walks over a site in Chromium by its links and forms, and notes what no page may do."""

import re
from collections import Counter, deque
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlencode, urljoin, urlsplit

from playwright.sync_api import Error, Page, Response

from qa.web.http.policy import CONTENT_POLICY, SECURITY_HEADERS
from tests.support.programs.browsing import PATIENCE

# What is written into every field; shown as it is, it would make an element.
ELEMENT = "zap"
MARK = f"<{ELEMENT} onclick=x>'\"&{{{{7*7}}}}</{ELEMENT}>"
# Pages of one address with the same names in their query: a list has as many pages as it likes.
MOST_OF_A_KIND = 2
_TYPED = ("text", "search", "textarea", "password", "email", "url", "tel", "number", "date")
_LINKS = "() => [...document.querySelectorAll('a[href]')].map(one => one.href)"
_FORMS = """() => [...document.querySelectorAll('form')].map(form => ({
  action: new URL(form.getAttribute('action') || '', location.href).href,
  method: (form.getAttribute('method') || 'get').toLowerCase(),
  fields: [...form.elements].filter(one => one.name && one.type !== 'file' && one.tagName !== 'BUTTON')
    .map(one => [one.name, one.type, one.value]),
  buttons: [...form.elements].filter(one => one.tagName === 'BUTTON').map(one => [one.name, one.value]),
}))"""
_SEND = """async ([address, fields]) => {
  const headers = {"Content-Type": "application/x-www-form-urlencoded"};
  const response = await fetch(address, {method: "POST", headers, body: fields});
  return [response.url, response.headers.get("content-type") || "", await response.text()];
}"""


@dataclass
class Crawl:
    """A walk with what it found: `faults`, and the `kinds` of addresses that were opened or sent.

    `left_alone` are patterns of what is not opened and not sent, matched against the address and the fields: what
    would end the walk.
    """

    page: Page
    site: str
    left_alone: Collection[str] = ()
    faults: list[str] = field(default_factory=list)
    kinds: Counter[tuple[str, str]] = field(default_factory=Counter)

    def walk(self, starts: Iterable[str], *, most: int) -> None:
        """Open up to `most` pages from `starts` on, and send the forms of each."""
        self.page.set_default_timeout(PATIENCE)
        self.page.on("response", self._see)
        self.page.on("console", lambda message: self._hear(message.type, message.text))
        self.page.on("pageerror", lambda error: self.faults.append(f"{self.page.url}: {error}"))
        waiting = deque(urljoin(self.site, start) for start in starts)
        while waiting and most:
            address = waiting.popleft()
            if self._is_new("get", address):
                most -= 1
                waiting += self._opened(address)

    def paths(self) -> set[str]:
        """The paths that were opened or sent."""
        return {urlsplit(kind).path for _, kind in self.kinds}

    def _opened(self, address: str) -> list[str]:
        """Open a page and send its forms; return where its links lead."""
        try:
            self.page.goto(address)
        except Error as error:
            if "Download is starting" in error.message:
                return []  # a file to keep, and no page
            raise
        if self.page.locator(ELEMENT).count():
            self.faults.append(f"{address}: what was sent became an element")
        found = [link.partition("#")[0] for link in self.page.evaluate(_LINKS)]
        for form in self.page.evaluate(_FORMS):
            for fields in _filled(form):
                address = str(form["action"])
                if form["method"] == "post":
                    self._send(address, fields)
                else:
                    found.append(f"{address.partition('?')[0]}?{urlencode(fields)}")
        return [link for link in found if link.startswith(f"{self.site}/")]

    def _send(self, address: str, fields: list[tuple[str, str]]) -> None:
        pressed = next((f"{name}={value}" for name, value in fields[-1:]), "")
        if not address.startswith(f"{self.site}/"):
            self.faults.append(f"{self.page.url}: a form leads to {address}")
        elif self._is_new(f"post {pressed}", address, urlencode(fields)):
            landed, kind, text = self.page.evaluate(_SEND, [address, urlencode(fields)])
            if "html" in kind and f"<{ELEMENT}" in text:
                self.faults.append(f"{address} {pressed}, {landed}: what was sent came back as markup")

    def _is_new(self, method: str, address: str, fields: str = "") -> bool:
        parts = urlsplit(address)
        kind = (method, f"{parts.path}?{'&'.join(sorted(parse_qs(parts.query, keep_blank_values=True)))}")
        if any(re.search(pattern, f"{address} {fields}") for pattern in self.left_alone):
            return False
        self.kinds[kind] += 1
        return self.kinds[kind] <= MOST_OF_A_KIND

    def _see(self, response: Response) -> None:
        self.faults += [f"{response.url}: {fault}" for fault in _wrong(response, self.site)]

    def _hear(self, kind: str, text: str) -> None:
        # That a page was refused is no fault; what the content policy stops is.
        if kind == "error" and not text.startswith("Failed to load resource"):
            self.faults.append(f"{self.page.url}: {text}")


def _wrong(response: Response, site: str) -> Iterator[str]:
    """What no response may be or lack."""
    if response.url.startswith(("data:", "blob:")):
        return
    if not response.url.startswith(f"{site}/"):
        yield "from elsewhere"
        return
    if response.status >= 500:
        yield f"status {response.status}"
    headers = response.headers
    policy = headers.get(CONTENT_POLICY.lower(), "")
    # Where other sites may show the chat, the policy alone names them.
    framed = "frame-ancestors 'self'" in policy
    wanted = (name for name in SECURITY_HEADERS if name != "X-Frame-Options" or not framed)
    yield from (f"no {name}" for name in wanted if name.lower() not in headers)
    scripts = re.search(r"script-src [^;]*", policy)
    if scripts is None or "unsafe" in scripts[0]:
        yield "any script may run"


def _filled(form: dict[str, Any]) -> Iterator[list[tuple[str, str]]]:
    """The fields of a form as a hostile visitor fills them in, once for each of its buttons."""
    fields = [(name, MARK if kind in _TYPED else value) for name, kind, value in form["fields"]]
    for name, value in form["buttons"] or [("", "")]:
        yield [*fields, (name, value)] if name else fields
