"""What has to hold for every question, from the visitor's text to the reply as markup, JSON and a row of the log.

The program's own steps with toy models. A fuzzer looks for faults, for markup that gets through, for work that grows.
"""

import re
from html.parser import HTMLParser

from index.snapshots import snapshot as snapshots
from index.snapshots.served import Loaded
from qa.answering import personal_data
from qa.answering.assistant import Assistant
from qa.answering.query_rewriting import Synonyms
from qa.answering.reader.similarity import SimilarityReader
from qa.answering.reply import Reply, Turn, as_json
from qa.service.admission import within_reach
from qa.service.questions import readable, same
from qa.storage.reply_json import pack, unpack
from qa.web import html
from tests.support.doubles.toy import COOPERATION, INDUSTRY, ToyEmbedder

# Between the parts of an input: the turns before the question, each question and reply.
BETWEEN = "\x1f"
# What our own markup consists of.
_TAGS = re.compile(
    "a|article|aside|b|blockquote|br|button|cite|code|dd|details|div|dl|dt|em|fieldset|footer|form|h[2-4]|header|i|input"
    "|label|legend|li|mark|ol|p|section|small|span|strong|sup|summary|time|ul"
)
_ATTRIBUTES = re.compile(
    "action|aria-[a-z]+|class|data-[a-z]+|datetime|for|hidden|href|id|lang|method|name|open|role|tabindex|title|type|value"
)


class _Markup(HTMLParser):
    """Collects elements and attributes that are not ours."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.foreign: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.foreign += [tag] * (not _TAGS.fullmatch(tag))
        self.foreign += [f"{tag} {name}" for name, _ in attrs if not _ATTRIBUTES.fullmatch(name)]
        self.foreign += [f"{name}={value}" for name, value in attrs if name == "href" and not _leads_here(value or "")]


class QuestionPath:
    """The path of a question through the program, over two small documents."""

    def __init__(self) -> None:
        embedder = ToyEmbedder()
        built = snapshots.build((COOPERATION, INDUSTRY), embedder, max_tokens=60)
        reader = SimilarityReader(embedder)
        self._assistants = [
            Assistant(lambda: Loaded(built), embedder, one, Synonyms.read()) for one in (reader, reader.at(0.0))
        ]

    def run(self, text: str) -> list[Reply]:
        """Ask, as it is and with any confidence high enough. Raises `AssertionError` where something does not hold."""
        *before, question = readable(text).split(BETWEEN)
        turns = tuple(Turn(one, other) for one, other in zip(before[::2], before[1::2], strict=False))
        question = within_reach(question)
        same(question)
        assert not personal_data.find(personal_data.mask(question)), "a number that stays in the log"
        if personal_data.find(question):
            return []
        return [self._asked(assistant, question, turns) for assistant in self._assistants]

    def _asked(self, assistant: Assistant, question: str, turns: tuple[Turn, ...]) -> Reply:
        reply = assistant.ask(question, turns)
        for citation in (*getattr(reply, "citations", ()), *getattr(reply, "nearest", ())):
            document = COOPERATION if citation.document == COOPERATION.name else INDUSTRY
            assert document.text[citation.start : citation.end] == citation.text, "a quotation that is none"
        assert unpack(pack(reply)).text == reply.text
        as_json(reply)
        foreign = _Markup(str(html.exchange(reply))).foreign
        assert not foreign, f"markup that is not ours: {foreign}"
        return reply


def _leads_here(address: str) -> bool:
    return address.startswith(("/", "tel:", "#")) and not address.startswith("//")
