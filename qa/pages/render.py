"""Replies as HTML: the one place where text of visitors and documents becomes markup.

Gradio's Markdown component puts the result on the page. It reads its value as Markdown, so `escape` leaves no
character standing that HTML or Markdown could take for its own, and every piece of HTML is a single line, which
Markdown passes through whole.
"""

import re
import string
from collections.abc import Iterable

from qa.reply import Abstention, Answer, Citation, Reason, Reply

# A line end would end the block of HTML, and Gradio turns tabs into spaces. The other control characters show nothing.
_ESCAPES = {code: "\ufffd" for code in (*range(0x20), 0x7F)}
_ESCAPES |= {ord(character): f"&#{ord(character)};" for character in string.punctuation + "\t\n\r"}

_PARAGRAPH_END = re.compile(r"\n\s*\n")
_SENTENCE_ENDS = ("。", "！", "？", "”", "\n")

TITLE = "浙涪问答"
TAGLINE = "用文件原文回答您关于浙江与涪陵合作的问题"
PROMISE = "每个答案都摘自文件原文并注明出处，不由人工智能编写；文件里没有的，我们会直说。"
ASKED = "您的问题"
UNDERSTOOD = "我的理解："
SHORT = "简要回答"
QUOTED = "文件原文"
SOURCE = "出处"
MISSING = "文件中没有写到："
NO_ANSWER = "没有找到答案"
GREETING = "浙涪问答"
REJECTED = "请换一种问法"
NEAREST = "最接近的段落（不是答案，仅供参考）"
OUT_OF_FORCE = "注意：此件"
UNAVAILABLE = "暂时不能回答"


def escape(text: str) -> str:
    """Markup that shows exactly this text, whatever it holds; control characters but line ends and tabs as U+FFFD."""
    return text.translate(_ESCAPES)


def header() -> str:
    """The top of the page."""
    promise = f'<p class="tagline">{TAGLINE}</p><p class="promise">{PROMISE}</p>'
    return f'<div class="masthead"><h1>{TITLE}</h1>{promise}</div>'


def exchange(question: str, reply: Reply) -> str:
    """A question with its reply."""
    match reply:
        case Answer():
            return _exchange(question, _answer(reply))
        case Abstention():
            return _exchange(question, _abstention(reply))


def unavailable(question: str, text: str) -> str:
    """A question that got no reply, and why."""
    return _exchange(question, f'<div class="reply abstained"><h3>{UNAVAILABLE}</h3><p>{escape(text)}</p></div>')


def _exchange(question: str, reply: str) -> str:
    asked = f'<h2 class="asked"><span class="label">{ASKED}</span><span class="text">{escape(question)}</span></h2>'
    return f'<div class="exchange">{asked}{reply}</div>'


def _answer(answer: Answer) -> str:
    parts = [_understood(answer)]
    if answer.short:
        parts.append(f'<h3>{SHORT}</h3><p class="short text">{escape(answer.short)}</p>')
    if not answer.short or not _is_quoted(answer.text, answer.citations):
        parts.append(f'<h3>{QUOTED}</h3><p class="quoted text">{escape(answer.text)}</p>')
    if answer.missing:
        parts.append(f'<p class="missing">{MISSING}<span class="text">{escape(answer.missing)}</span></p>')
    parts.append(_sources(answer.citations))
    return f'<div class="reply answered">{"".join(parts)}</div>'


def _abstention(abstention: Abstention) -> str:
    heading = REJECTED if abstention.rejected else GREETING if abstention.reason is Reason.SMALL_TALK else NO_ANSWER
    parts = [_understood(abstention), f'<h3>{heading}</h3><p class="text">{escape(abstention.text)}</p>']
    if abstention.nearest:
        parts.append(_nearest(abstention.nearest))
    return f'<div class="reply abstained">{"".join(parts)}</div>'


def _understood(reply: Reply) -> str:
    if reply.standalone_question == reply.question:
        return ""
    return f'<p class="understood">{UNDERSTOOD}<span class="text">{escape(reply.standalone_question)}</span></p>'


def _sources(citations: Iterable[Citation]) -> str:
    """The quotations, each marked within its paragraph."""
    cards = "".join(
        f'<li><p class="source">{_origin(citation)}</p><blockquote class="text">{_before(citation)}'
        f"<mark>{_highlighted(citation)}</mark>{_after(citation)}</blockquote></li>"
        for citation in citations
    )
    return f'<h3>{SOURCE}</h3><ol class="sources">{cards}</ol>'


def _nearest(citations: Iterable[Citation]) -> str:
    """The passages that came nearest, closed: a refusal is to be read as one."""
    cards = "".join(
        f'<li><details><summary class="source">{_origin(citation)}</summary>'
        f'<blockquote class="text">{escape(citation.text.strip())}</blockquote></details></li>'
        for citation in citations
    )
    return f'<h3>{NEAREST}</h3><ol class="sources">{cards}</ol>'


def _origin(citation: Citation) -> str:
    path = [heading for heading in [*citation.headings, citation.place] if heading and heading != citation.title]
    places = "".join(f'<span class="heading text">{escape(heading)}</span>' for heading in path)
    note = f'<strong class="note text">{OUT_OF_FORCE}{escape(citation.note)}</strong>' if citation.note else ""
    return f'<cite class="text">{escape(citation.title)}</cite>{places}{note}'


def _before(citation: Citation) -> str:
    """What stands before the quotation in the same paragraph."""
    *earlier, text = _PARAGRAPH_END.split(citation.before)
    cut = not earlier and citation.start > len(citation.before)
    return _around(("…" if cut else "") + text) if text else ""


def _after(citation: Citation) -> str:
    """What stands after the quotation in the same paragraph."""
    text, *later = _PARAGRAPH_END.split(citation.after)
    cut = not later and not text.endswith(_SENTENCE_ENDS)
    return _around(text + ("…" if cut else "")) if text else ""


def _around(text: str) -> str:
    return f'<span class="around">{escape(text)}</span>'


def _highlighted(citation: Citation) -> str:
    """The words of the citation, its marked ranges made strong; ranges that overlap are joined."""
    parts, position = [], 0
    for start, end in sorted(citation.marks):
        start, end = max(start, position), min(end, len(citation.text))
        if start < end:
            parts += [escape(citation.text[position:start]), f"<strong>{escape(citation.text[start:end])}</strong>"]
            position = end
    return "".join(parts) + escape(citation.text[position:])


def _is_quoted(text: str, citations: Iterable[Citation]) -> bool:
    """Whether the cards below show these words anyway."""
    return _squeezed(text).rstrip("…") in _squeezed("".join(citation.text for citation in citations))


def _squeezed(text: str) -> str:
    return "".join(text.split())
