"""The figure behind the one name that a question holds, of several behind names of like things: 东院区1，北院区2."""

import os
import re
from dataclasses import replace

from corpus.document import Span
from corpus.text.normalise import Normal
from qa.answering.forms.clauses.parted import BY_COMMAS
from qa.answering.reader.base import Finding

# A name, and the figure of it that ends the clause: 咨询电话：东院区5320171.
_LABEL = re.compile(
    r"(?:[^：:]*[：:])?\s*(?P<name>(?!每)[\u4e00-\u9fff]{2,12})(?:是|为|共)?(?P<figure>\d[\d.,:：-]*[\u4e00-\u9fff%/]{0,6})$"
)
# Of speech without marks: 一般登记是三个工作日抵押登记是一个工作日.
_SPOKEN = re.compile(
    r"(?P<name>[\u4e00-\u9fff]{2,16}?)(?:是|为|要|收|需)(?P<figure>(?:\d[\d.,]*|[一二两三四五六七八九十百千半]+)"
    r"(?P<unit>个工作日|工作日|个?小时|分钟|个月|天|日|年|岁|元|块钱?|公里|平方米|米|吨|公?斤|人|名|户|家|次|%))"
)


def of_its_label(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding whose answer is the figure behind the one name that a question holds: 东院区1，北院区2.

    None where no figures stand behind names of like things, or the question holds none of the names.
    """
    short, text = finding.short, finding.document.text
    if not short:
        return None
    clauses = [Span(*match.span()) for match in BY_COMMAS.finditer(text, finding.quote.start, finding.quote.end)]
    labels = {clause: _LABEL.match(text[clause.start : clause.end]) for clause in clauses}
    own = next((label for clause, label in labels.items() if label and short.lies_in(clause)), None)
    asked = question.replace(" ", "")
    # Names of like things end alike: 东院区, 北院区.
    like = {
        clause: label
        for clause, label in labels.items()
        if label and own and _kind(label) == _kind(own) and label["name"][-1] == own["name"][-1]
    }
    named = [(clause, label) for clause, label in like.items() if label["name"] in asked]
    if len({label["name"] for label in like.values()}) < 2 or len(named) != 1:
        return None
    clause, label = named[0]
    return replace(finding, short=Span(clause.start + label.start("figure"), clause.start + label.end("figure")))


def of_its_spoken_name(question: Normal, finding: Finding) -> Finding | None:
    """Return a finding whose answer is the figure behind the one name that a question holds, where no mark parts them.

    None where fewer than two figures of a unit stand behind names that end alike.
    """
    short, text = finding.short, finding.document.text
    clauses = BY_COMMAS.finditer(text, finding.quote.start, finding.quote.end) if short else ()
    own = next((Span(*match.span()) for match in clauses if short and short.lies_in(Span(*match.span()))), None)
    said = list(_SPOKEN.finditer(text, own.start, own.end)) if own else []
    at = next((one for one in said if short and one.start() <= short.start and short.end <= one.end()), None)
    like = [one for one in said if at and one["unit"] == at["unit"] and one["name"][-2:] == at["name"][-2:]]
    held = {one: _shared_end(one["name"], question) for one in like}
    most = max(held.values(), default=0)
    named = [one for one, length in held.items() if length == most]
    if len(like) < 2 or len(named) != 1 or most <= len(os.path.commonprefix([one["name"][::-1] for one in like])):
        return None
    return replace(finding, short=Span(*named[0].span("figure")))


def _shared_end(name: str, question: str) -> int:
    """Return how many of the last characters of a name stand together in a question."""
    return next((length for length in range(len(name), 0, -1) if name[-length:] in question), 0)


def _kind(label: re.Match[str]) -> str:
    """Return what figures behind like names have in common: their unit, and for numbers alone their length."""
    figure = label["figure"]
    return f"{len(figure)} digits" if figure.isdigit() else re.sub(r"[\d.,:：-]+", "0", figure)
