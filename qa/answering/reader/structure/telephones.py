"""The telephone that a question names by its purpose: 监督电话 is not 预约电话, which may stand nearer to the place."""

import re
from collections.abc import Sequence

from corpus.text.normalise import Normal, normalise
from index.retrieve import Hit
from qa.answering.reader.base import Finding

_PURPOSE = "监督|投诉|举报|咨询|预约|报修|抢修|报名|值班|服务|急救|救援|受理|订票|挂号"
_ASKED = re.compile(rf"(?P<purpose>{_PURPOSE})(?:电话|热线)")
_NAMED = re.compile(
    rf"(?P<purposes>(?:{_PURPOSE})(?:[、和及]?(?:{_PURPOSE}))*)(?:电话|热线)(?:号码)?[：:是为]?\s*(?=\d)"
)


def called_so(question: Normal, finding: Finding, hits: Sequence[Hit]) -> list[Hit]:
    """Return the hits in the document of a finding that give the telephone asked for, where the finding has another.

    Empty where the finding has it, or where its words give no telephone by a purpose.
    """
    asked = {match["purpose"] for match in _ASKED.finditer(question)}
    if len(asked) != 1:
        return []
    (purpose,) = asked
    told = _purposes(finding.quote.of(finding.document.text))
    if not told or _holds(told, purpose):
        return []
    own = [hit for hit in hits if hit.passage.document is finding.document]
    return [hit for hit in own if _holds(_purposes(hit.passage.text), purpose)]


def _purposes(text: str) -> list[str]:
    return [match["purposes"] for match in _NAMED.finditer(normalise(text))]


def _holds(told: Sequence[str], purpose: str) -> bool:
    return any(purpose in words for words in told)
