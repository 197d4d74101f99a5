"""Lets MkDocs show the documents that lie outside `docs`: README, model cards, licences. `mkdocs.yml` names this hook.

The files stay where GitHub shows them, with links that work there; the hook rewrites the links for the site.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from release.locks import ROOT

DOCS = "docs/"
# What the site begins with; all else outside `docs` keeps its path below `OUTSIDE`.
FIRST = {"README.md": "index.md", "README.zh-CN.md": "zh.md"}
OUTSIDE = "project/"
_LINK = re.compile(r"(!?\[[^\]]*\]\()(?!https?:|mailto:|#)([^)#\s]+)(#[^)\s]*)?(?=\))|(<img src=\")([^\"]+)(?=\")")
_CODE = re.compile(r"^```.*?^```|`[^`\n]*`", re.MULTILINE | re.DOTALL)


def place(path: str) -> str:
    """Return where the site has a file of the repository."""
    return FIRST.get(path) or (path.removeprefix(DOCS) if path.startswith(DOCS) else OUTSIDE + path)


def links(text: str) -> Iterator[re.Match[str]]:
    """Find the links and pictures of a Markdown text that lead to files, outside of code."""
    code = [match.span() for match in _CODE.finditer(text)]
    return (one for one in _LINK.finditer(text) if not any(start <= one.start() < end for start, end in code))


def target_of(link: re.Match[str], source: str) -> str:
    """Return the path in the repository that a link in the file `source` leads to."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(source), link[2] or link[5]))


def outside(sources: Sequence[str]) -> list[str]:
    """Return the files outside `docs` that the site needs: the first pages, and what is linked, from there on, too."""
    waiting, found = [*FIRST, *sources], set[str]()
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        if path.endswith(".md"):
            text = (ROOT / path).read_text(encoding="utf-8")
            linked = (target_of(link, path) for link in links(text))
            waiting += [one for one in linked if (ROOT / one).is_file()]
    return sorted(path for path in found if not path.startswith(DOCS))


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Add the files outside `docs`."""
    pages = [DOCS + file.src_uri for file in files.documentation_pages()]
    for path in outside(pages):
        files.append(File.generated(config, place(path), abs_src_path=str(ROOT / path)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, files: Files) -> str:
    """Point the links of a page to where the site has their targets. Folders lead to their README."""
    source = next((path for path, first in FIRST.items() if first == page.file.src_uri), None) or (
        page.file.src_uri.removeprefix(OUTSIDE) if page.file.src_uri.startswith(OUTSIDE) else DOCS + page.file.src_uri
    )
    parts, end = [], 0
    for link in links(markdown):
        target = place(target_of(link, source))
        relative = posixpath.relpath(target, posixpath.dirname(page.file.src_uri) or ".")
        if link[4]:  # HTML is not rewritten by MkDocs: its page lies one folder deeper than its file
            relative = posixpath.relpath(target, page.file.url.rstrip("/") or ".")
        parts += [markdown[end : link.start()], link[1] or link[4], relative, link[3] or ""]
        end = link.end()
    return "".join([*parts, markdown[end:]])
