"""A broad question about a matter (居住证怎么办) gets the fields of its guide: who, how much, with what, how, where.

Whether a question asks for a whole guide is learned: `python -m qa train guides` fits the constants in
`model/guides.json`.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from enum import IntEnum
from functools import lru_cache
from pathlib import Path

from corpus.document import Document, Span
from corpus.text.fields import LabelledPart, labelled_parts
from corpus.text.headings.paths import headings_at
from corpus.text.normalise import normalise
from index.retrieve import Hit
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.forms.conclusions import polarity
from qa.answering.forms.conclusions.polarity import Polarity
from qa.answering.question.analysis import Question, pairs_in
from qa.answering.question.words import has_han
from qa.answering.reader import editions
from qa.answering.reader.base import Finding

GUIDES = Path(__file__).parents[1] / "model" / "guides.json"
# A document with fewer kinds of fields is no guide; a longer field is no field.
FEWEST_KINDS = 3
LONGEST_FIELD = 400
MOST_FIELDS = 100  # a document with more has several matters
MOST_QUESTION = 40  # characters; a longer question tells of a case


class Kind(IntEnum):
    """What a field of a guide is about, in the order in which a citizen needs it."""

    WHO = 1
    AMOUNT = 2
    PAPERS = 3
    STEPS = 4
    WHERE = 5
    WHEN = 6
    HOW_LONG = 7
    COST = 8
    PHONE = 9


# The first whose words a label has decides, None for labels that are no field of a card. Of two fields of a kind that
# of the earlier line is shown.
_KINDS: tuple[tuple[re.Pattern[str], Kind | None], ...] = (
    (re.compile(r"依据|结果|监督|投诉|救济|名称|类型|联系人"), None),
    (re.compile(r"材料|资料|证件"), Kind.PAPERS),
    (re.compile(r"电话|热线|咨询|联系"), Kind.PHONE),
    (re.compile(r"时限|期限"), Kind.HOW_LONG),
    (re.compile(r"收费|费用|工本费"), Kind.COST),
    (re.compile(r"流程|程序|步骤"), Kind.STEPS),
    (re.compile(r"方式|渠道|途径|网上|线上"), Kind.STEPS),
    (re.compile(r"地点|地址|窗口|网点"), Kind.WHERE),
    (re.compile(r"(?:受理|办理|实施|承办|经办)(?:单位|机构|部门)"), Kind.WHERE),
    (re.compile(r"时间"), Kind.WHEN),
    (re.compile(r"对象|条件|人员|资格|范围"), Kind.WHO),
    (re.compile(r"标准|金额|额度|待遇"), Kind.AMOUNT),
)
# Characters of asking, not of the matter.
_ASKING = frozenset("怎么如何怎样咋个啷办申请理弄搞领手续流程想要请问你好您我们的了在哪需什啥子嘛呢啊哦么去给")
_HOW = re.compile(
    r"(?:怎么|如何|怎样|咋个?|啷个)(?:去|来)?(?:要|才?能)?(?:办|申请|申领|申报|报|弄|搞|领|走|参加|整)[理名]?"
    r"[嘛呢啊呀哦的起了么哟吗]*$|(?:手续|流程|申请|办理|申领|报名|登记|上牌|补办|认定)[吗呢么]*$|"
    r"(?:哪些|什么|啥子?)(?:手续|流程|材料)"
)
_ONE_THING = re.compile(
    r"多少|几|谁|哪天|哪[里儿个些]|什么时候|啥时候|吗$|能不能|是不是|有没有|为什么|为啥|多久|多大|多长|是什么|怎么样"
)
# Something happened, is missing or is over: a case, of which the guide may say nothing.
_CASE = re.compile(r"了|没|不|再|后|丢|掉|退")
_MARKS = "?。!, "


def guide(question: Question, hits: Sequence[Hit], confidence: float) -> tuple[AnswerForm, tuple[Finding, ...]] | None:
    """Return the form and the fields of the guide that a broad question asks for; None where that is not sure.

    `confidence` (0–1) is the reader's that a passage answers.
    """
    found = features(question, hits, confidence)
    if not found:
        return None
    sure = constants()
    probability = sure.probability(found)
    if probability < sure.threshold:
        return None
    document = hits[0].passage.document
    fields = card_fields(document)
    operands = tuple(
        Operand(" ".join(part.text.of(document.text).split()), part.label.of(document.text), number)
        for number, part in enumerate(fields)
    )
    # The title is said first, for a neighbouring matter may be meant; the quotations bring their labels.
    form = AnswerForm(Form.PARTS, f"《{document.title}》", None, operands, f"guide {probability:.2f}")
    return form, tuple(_finding(document, part) for part in fields)


def constants() -> Polarity:
    """Return the shipped constants that decide whether a card is shown."""
    return polarity.read(GUIDES)[Form.PARTS]


def features(question: Question, hits: Sequence[Hit], confidence: float) -> Mapping[str, float]:
    """Return features of a question and the best hit's document; empty where that is no guide in force."""
    asked = question.search
    if not hits or hits[0].out_of_force or len(asked) > MOST_QUESTION or not has_han(asked):
        return {}
    document = hits[0].passage.document
    if editions.years(asked) - editions.years(f"{document.title}\n{document.text}"):
        return {}  # of another year
    one_thing = bool(_ONE_THING.search(asked))
    kinds = len(card_fields(document))
    if kinds < FEWEST_KINDS:
        return {}
    title = normalise(document.title)
    matter = [one for one in asked if one.isalnum() and one not in _ASKING]
    pairs = [one for one in pairs_in(asked) if not _ASKING & set(one)]
    own = [hit.dense for hit in hits if hit.passage.document.name == document.name]
    others = [hit.dense for hit in hits if hit.passage.document.name != document.name]
    return {
        "dense": max(own),
        "ahead": max(own) - max(others, default=0.0),
        "titled": sum(one in title for one in matter) / max(1, len(matter)),
        "pairs": sum(one in title for one in pairs) / max(1, len(pairs)),
        # 几号开始申请 ends like a question for the whole.
        "how": float(bool(_HOW.search(asked.strip(_MARKS))) and not one_thing),
        "one thing": float(one_thing),
        "case": float(bool(_CASE.search(asked))),
        "sure": confidence,
        "kinds": min(kinds, 6) / 6,
    }


@lru_cache(maxsize=256)
def card_fields(document: Document) -> tuple[LabelledPart, ...]:
    """Return the fields of a document that a card shows, one of each kind, in the order of the kinds.

    A document in which a label returns guides to several matters: it has no card.
    """
    text = document.text
    chosen: dict[Kind, tuple[int, LabelledPart]] = {}
    parts = [(part, *known) for part in labelled_parts(document) if (known := _kind(part.label.of(text)))]
    labels = Counter(part.label.of(text) for part, *_ in parts)
    if len(parts) > MOST_FIELDS or any(count > 1 for count in labels.values()):
        return ()
    for number, (part, rank, kind) in enumerate(parts):
        # A plain label within a numbered part begins another field.
        ends = [later.label.start for later, *_ in parts[number + 1 :] if later.plain and not part.plain]
        end = min([part.text.end, *ends])
        field = replace(part, text=Span(part.text.start, max(part.text.start, end)).trimmed(text))
        if 0 < len(field.text) <= LONGEST_FIELD and (kind not in chosen or rank < chosen[kind][0]):
            chosen[kind] = rank, field
    return tuple(chosen[kind][1] for kind in sorted(chosen))


def _kind(label: str) -> tuple[int, Kind] | None:
    """Return the line of `_KINDS` that a label falls under, with its kind; None for a label that is no field."""
    rank, kind = next(((n, kind) for n, (words, kind) in enumerate(_KINDS) if words.search(label)), (0, None))
    return (rank, kind) if kind else None


def _finding(document: Document, part: LabelledPart) -> Finding:
    """Return a field as a quotation with its label. All of it answers, so nothing in it is marked."""
    text = document.text
    bracketed = text[part.label.start - 1 : part.label.start] == "【"
    quote = Span(part.label.start - bracketed, part.text.end)
    return Finding(document, headings_at(document, part.text.start), quote)
