"""Replies as JSON, for the log."""

import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from qa.answering import personal_data
from qa.answering.forms.base import AnswerForm, Form, Operand
from qa.answering.reply import Abstention, Answer, Choice, Citation, Reason, Reply, Sentence


def pack(reply: Reply) -> str:
    """Return the reply as JSON that `unpack` restores, except for personal numbers, which are masked."""
    content = asdict(reply)
    for name in ("question", "standalone_question"):
        content[name] = personal_data.mask(content[name])
    return json.dumps({"kind": type(reply).__name__, **content}, ensure_ascii=False)


def unpack(text: str) -> Reply:
    content = json.loads(text)
    kind = content.pop("kind")
    for name in ("citations", "nearest"):
        if name in content:
            content[name] = tuple(_citation(citation) for citation in content[name])
    if "form" in content:
        content["form"] = _form(content["form"])
    if "contacts" in content:
        content["contacts"] = tuple(content["contacts"])
    if kind == "Answer":
        content["left_out"] = tuple(content.get("left_out", ()))
        content["sentences"] = tuple(
            Sentence(part["text"], tuple(part["citations"])) for part in content.get("sentences", ())
        )
        content["choices"] = tuple(Choice(**_known(Choice, one)) for one in content.get("choices", ()))
        return Answer(**_known(Answer, content))
    return Abstention(**{**_known(Abstention, content), "reason": Reason(content["reason"])})


def _citation(content: Mapping[str, Any]) -> Citation:
    marks = tuple((start, end) for start, end in content["marks"])
    return Citation(**{**_known(Citation, content), "headings": tuple(content["headings"]), "marks": marks})


def _form(content: Mapping[str, Any]) -> AnswerForm:
    operands = tuple(Operand(**_known(Operand, operand)) for operand in content["operands"])
    return AnswerForm(**{**_known(AnswerForm, content), "kind": Form(content["kind"]), "operands": operands})


def _known(kind: type, content: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields that this version of the program knows of a row that another version wrote."""
    names = {field.name for field in fields(kind)}
    return {name: value for name, value in content.items() if name in names}
