"""The documentation's site is whole, loads nothing from elsewhere, and is shown only where the settings say so."""

import html.parser
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from starlette.testclient import TestClient

from qa.runtime.settings import SettingsError
from release.docs_site import links, outside, place, target_of
from release.locks import ROOT
from tests.support.doubles.web import ADDRESS, FakeAssistant, make_app


class Page(html.parser.HTMLParser):
    """What a page links, what it loads, and the places in it that others can link."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.linked: list[str] = []
        self.loaded: list[str] = []
        self.ids: set[str] = set()
        self.feed(path.read_text(encoding="utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.ids |= {given[name] for name in ("id", "name") if name in given}
        if tag == "a" and "href" in given:
            self.linked.append(given["href"])
        self.loaded += [given[name] for name in ("src",) if name in given]
        if tag == "link" and given.get("rel") in ("stylesheet", "icon", "preload"):
            self.loaded.append(given["href"])


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site as `make docs` builds it."""
    folder = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)]
    built = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "NO_MKDOCS_2_WARNING": "1"}, capture_output=True, text=True
    )
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def leading_nowhere(site: Path) -> Iterator[tuple[str, str]]:
    """The links of all pages that have no target in the site, each with its page."""
    pages = {path: Page(path) for path in site.rglob("*.html") if path.name != "404.html"}
    for path, page in pages.items():
        for address in (*page.linked, *page.loaded):
            parts = urlsplit(address)
            if parts.scheme or parts.netloc:
                continue
            target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
            target = target / "index.html" if target.is_dir() else target
            known = pages[target].ids if target in pages else None
            if not target.is_file() or (parts.fragment and known is not None and unquote(parts.fragment) not in known):
                yield path.relative_to(site).as_posix(), address


@pytest.mark.long
def test_every_link_of_the_site_leads_to_a_page_and_a_place_in_it(site: Path) -> None:
    assert len(list(site.rglob("*.html"))) > 100
    assert list(leading_nowhere(site)) == []


@pytest.mark.long
def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    # The example stands for a page of another site, which loads the chat from ours.
    pages = [path for path in site.rglob("*.html") if path.name != "widget-example.html"]
    loaded = {address for path in pages for address in Page(path).loaded}
    assert len(loaded) > 10
    assert [address for address in loaded if urlsplit(address).netloc] == []


def test_a_link_that_leads_nowhere_would_be_found(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text('<p id="here"><a href="#here"></a><a href="#gone"></a><a href="b/"></a>')
    assert [address for _, address in leading_nowhere(tmp_path)] == ["#gone", "b/"]


def test_links_are_found_outside_of_code_and_followed_from_their_file() -> None:
    text = '[a](../LICENSE) `[b](c.md)` ![p](x.png) <img src="y.png">\n```\n[d](e.md)\n```\n[f](https://example.org)'
    assert [target_of(link, "docs/page.md") for link in links(text)] == ["LICENSE", "docs/x.png", "docs/y.png"]
    assert (place("docs/x.png"), place("LICENSE"), place("README.md")) == ("x.png", "project/LICENSE", "index.md")
    assert "qa/answering/reader/model/MODEL_CARD.md" in outside([])


def test_the_site_is_shown_only_where_the_settings_name_it(tmp_path: Path) -> None:
    folder = tmp_path / "site"
    folder.mkdir()
    (folder / "index.html").write_text("<h1>说明</h1>", encoding="utf-8")
    (tmp_path / "secret.txt").write_text("secret", encoding="utf-8")
    with TestClient(make_app(FakeAssistant(), tmp_path, QA_DOCS_SITE=str(folder)), base_url=ADDRESS) as client:
        assert client.get("/docs-site/").text == "<h1>说明</h1>"
        assert client.head("/docs-site/index.html").status_code == 200
        for path in ("/docs-site/../secret.txt", "/docs-site/%2e%2e/secret.txt", "/docs-site/none", "/docs-sitE/"):
            assert client.get(path).status_code == 404, path
        assert client.post("/docs-site/").status_code == 404
    with TestClient(make_app(FakeAssistant(), tmp_path), base_url=ADDRESS) as client:
        assert client.get("/docs-site/").status_code == 404


def test_a_folder_without_a_site_is_named_at_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="QA_DOCS_SITE: .* is no site; write it by: make docs"):
        make_app(FakeAssistant(), tmp_path, QA_DOCS_SITE=str(tmp_path))
