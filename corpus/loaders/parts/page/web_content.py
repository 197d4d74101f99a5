"""Finds the content of a saved web page; removes menus, breadcrumbs, lists of other pages and the site's footer.

It uses the density of links and of sentences, not the names of tags or classes (Kohlschütter, Fankhauser and Nejdl
2010).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

_BLOCKS = frozenset(
    """
    address article aside blockquote body center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr html li main nav ol p pre section table tbody td tfoot th thead tr ul
    """.split()  # noqa: SIM905  # a table of words reads better than a list of quotes
)
_SENTENCE = re.compile(r"[。；！？]|\.\s")
_DATE = re.compile(r"[\[（(]?\d{2,4}[-/.年]\d{1,2}(?:[-/.月]\d{1,2}日?)?[\]）)]?|\d{1,2}:\d\d(?::\d\d)?")
# Phrases that sites write around their content.
_AROUND = re.compile(
    r"(?:上|下)一(?:篇|条|页)|(?:您|你)?(?:现在|当前|所在)(?:的|所在)*位置|(?:您|你)的?位置\s*[：:]|"
    r"(?:相关|推荐|热门|延伸|更多)(?:阅读|链接|新闻|文章|信息|稿件|推荐|文档|内容)?\s*[：:]?$|"
    r"分享(?:到|至)|扫一扫|(?:【|\[)?(?:打印|关闭)(?:本页|窗口|此页)|返回顶部|设为首页|加入收藏|无障碍|用户登录|站内搜索|请输入关键[字词]"
)
_SITE_WORDS = re.compile(
    r"版权所有|网站标识码|ICP备|公网安备|技术支持|网站地图|联系我们|网站管理|copyright|©",
    re.IGNORECASE,
)
_WHOSE = re.compile(r"[主承]办(?:单位)?")  # of a site; alone, of what a page tells of
_FILE = re.compile(r"\.(?:docx?|xlsx?|pptx?|pdf|wps|et|ofd|zip|rar)(?:$|[?#])", re.IGNORECASE)
# Tools of a page in the line with its date and source: type sizes, counters; beside them, buttons.
_TOOLS = re.compile(
    r"[【\[［(（]?\s*字[体号](?:大小)?\s*[：:]?\s*(?:[\[［【(（]?\s*(?:特?大|中|小|默认|标准)\s*[\]］】)）]?[\s|/]*){2,4}|"
    r"(?:浏览|阅读|点击|访问)(?:次数|人数|量|数|率)\s*[：:]\s*(?:\d+\s*次?)?(?=\s|$)"
)
_BUTTONS = re.compile(
    r"[【\[［]?\s*(?:打印|关闭|收藏|分享|纠错)(?:本页|本文|窗口|此页|到)?\s*[：:]?\s*[】\]］]?(?=[\s|【\[［]|$)"
)
_LONGEST_LINE_OF_TOOLS = 150
_LONG, _LABEL = 60, 0.2  # characters without a full stop that make text; weight of a shorter label
_LINKS, _DENSE = 3, 0.6
_MOSTLY_LINKS = 4  # times the other words: the purpose of such a page is its list
_MOST = 0.85  # of the content's weight: a child with this share holds all of it
_LEAST_KEPT = 0.5  # of the words outside of links; a page that would keep less is read whole


@dataclass(slots=True)
class _Size:
    """Characters below an element, within links and outside (dates excluded), its number of links, and its weight."""

    linked: int = 0
    free: int = 0
    links: int = 0
    weight: float = 0.0

    def add(self, other: "_Size") -> None:
        self.linked += other.linked
        self.free += other.free
        self.links += other.links
        self.weight += other.weight


def content_of(root: Any) -> Any:
    """Return the element that holds the content of a page; everything else is removed from the tree."""
    sizes = _sizes(root)
    whole = sizes.get(root)
    if whole is None or whole.linked > _MOSTLY_LINKS * whole.free:
        return root
    for element in list(root.iter()):
        if element in sizes and element is not root and _is_around(element, sizes[element]):
            after = element.getnext()
            if after in sizes and _mostly_links(sizes[after]) and not sizes[element].links:
                _take_out(after)  # what stands under 相关阅读
            _take_out(element)
    sizes = _sizes(root)
    whole = sizes.get(root)
    if whole is None or not whole.weight:
        return root
    chosen = root
    while (child := _heaviest(chosen, sizes)) is not None and sizes[child].weight >= _MOST * whole.weight:
        chosen = child
    chosen = _with_lines_around(chosen, sizes)
    return chosen if sizes[chosen].free >= _LEAST_KEPT * whole.free else root


def _with_lines_around(chosen: Any, sizes: Mapping[Any, _Size]) -> Any:
    """Return an element, or the one around it that holds title, date and source besides, and hardly any link."""
    above = chosen.getparent()
    while above in sizes and above.tag not in ("html", "body"):
        more = sizes[above].free - sizes[chosen].free
        if not 0 < more <= _LONGEST_LINE_OF_TOOLS or sizes[above].links - sizes[chosen].links >= _LINKS:
            break
        chosen, above = above, above.getparent()
    return chosen


def without_tools(line: str) -> str:
    """Return a line with a page's date and source without the tools in it: 字体：[大][中][小] 打印 浏览次数：386."""
    if len(line) > _LONGEST_LINE_OF_TOOLS or not _TOOLS.search(line):
        return line
    return " ".join(_BUTTONS.sub(" ", _TOOLS.sub(" ", line)).split()).strip("|【】[] ")


def _sizes(root: Any) -> dict[Any, _Size]:
    """Return the sizes of all blocks. A block's own words count as one text, whatever inline tags they have."""
    sizes: dict[Any, _Size] = {}
    for _, element in etree.iterwalk(root, events=("end",)):
        if element.tag not in _BLOCKS:
            continue
        size = _Size()
        own: list[str] = []
        _inline(element, own, size, sizes, linked=False)
        words = _DATE.sub("", "".join("".join(own).split()))
        size.free += len(words)
        if words and not _AROUND.search(words) and not _is_of_site(words):
            text = bool(_SENTENCE.search(words)) or len(words) >= _LONG or element.tag in ("td", "th", "h1")
            size.weight += len(words) * (1.0 if text else _LABEL)
        sizes[element] = size
    return sizes


def _inline(element: Any, own: list[str], size: _Size, sizes: dict[Any, _Size], *, linked: bool) -> None:
    stack: list[tuple[Any, bool, bool]] = [(element, linked, False)]
    while stack:
        here, in_link, left = stack.pop()
        if left:
            _count(here.tail, own, size, linked=in_link)
            continue
        if here is not element:
            if here in sizes:
                size.add(sizes[here])
                continue
            if here.tag in ("script", "style", "select", "textarea", "noscript", "template", "title"):
                continue
        is_link = here.tag == "a" and not _FILE.search(here.get("href") or "")
        size.links += is_link
        _count(here.text, own, size, linked=in_link or is_link)
        for child in reversed(here):
            stack.append((child, in_link or is_link, True))
            stack.append((child, in_link or is_link, False))


def _count(text: str | None, own: list[str], size: _Size, *, linked: bool) -> None:
    if linked:
        size.linked += len("".join((text or "").split()))
    else:
        own.append(text or "")


def _is_around(element: Any, size: _Size) -> bool:
    """Return whether a block is a list of links, or holds what sites say only about themselves."""
    if element.tag in ("html", "body", "main"):
        return False
    if size.links >= _LINKS and _mostly_links(size):
        return True
    if size.linked + size.free > 4 * _LONG or size.weight > _LONG:
        return False
    words = " ".join("".join(element.itertext()).split())
    return bool(_AROUND.match(words)) or _is_of_site(words)


def _is_of_site(words: str) -> bool:
    """Return whether words say whose a site is, as those at its foot do."""
    own = len(_SITE_WORDS.findall(words))
    return own > 1 or (own == 1 and bool(_WHOSE.search(words)))


def _mostly_links(size: _Size) -> bool:
    return size.linked > _DENSE * (size.linked + size.free)


def _heaviest(element: Any, sizes: dict[Any, _Size]) -> Any:
    children = []
    for child in element.iterchildren():
        if child in sizes:
            children += [child] if child.tag not in ("table", "tr", "ul") else []
        else:  # the first block within an inline tag, as <font><div>
            first = next((below for below in child.iterdescendants() if below in sizes), None)
            children += [] if first is None else [first]
    return max(children, key=lambda child: sizes[child].weight, default=None)


def _take_out(element: Any) -> None:
    parent = element.getparent()
    if parent is None:
        return
    if element.tail:
        before = element.getprevious()
        if before is not None:
            before.tail = (before.tail or "") + element.tail
        else:
            parent.text = (parent.text or "") + element.tail
    parent.remove(element)
