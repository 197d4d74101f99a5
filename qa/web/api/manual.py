"""What `/docs` and `/openapi.json` tell programmers: how to ask, with an example, and the state of the service."""

import json
from collections.abc import Mapping
from typing import Any

from qa.answering.screening import MAX_QUESTION

ASK_BODY: Mapping[str, Any] = {
    "type": "object",
    "required": ["question"],
    "properties": {
        "question": {"type": "string", "description": f"问题，{MAX_QUESTION} 字以内"},
        "history": {
            "type": "array",
            "description": "之前的对话，最多用最后 6 轮：[问题, 回答]，可再加上那次回答的 standalone_question",
            "items": {"type": "array", "items": {"type": "string"}, "minItems": 2, "maxItems": 3},
        },
        "document": {"type": "string", "description": "只问这一份文件（文件名）；没有这份文件时问全部文件"},
        "llm": {
            "type": "boolean",
            "description": "true：由大语言模型编写，逐句与文件核对（须本站允许）；缺省为文件原文",
        },
    },
}
_CITATION: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "document": {"type": "string", "description": "文件名"},
        "title": {"type": "string", "description": "文件标题"},
        "headings": {"type": "array", "items": {"type": "string"}, "description": "所在的各级标题"},
        "start": {"type": "integer", "description": "引文在文件正文中的起点（字符）"},
        "end": {"type": "integer", "description": "终点（不含）"},
        "text": {"type": "string", "description": "引文"},
        "date": {"type": "string", "description": "文件自己写明的日期，没有写明时为空"},
        "source": {"type": "string", "description": "文件取材的来源，如所转述的文章；没有写明时为空"},
    },
}
REPLY: Mapping[str, Any] = {
    "type": "object",
    "properties": {
        "id": {
            "type": ["string", "null"],
            "description": '回执：POST /api/forget {"id": …} 从问答记录里删除这一问；没有记录时为 null',
        },
        "question": {"type": "string", "description": "收到的问题"},
        "standalone_question": {"type": "string", "description": "结合上文理解后的完整问题"},
        "status": {
            "enum": ["answered", "partial", "abstained", "rejected"],
            "description": "已答、部分答、未答、未受理",
        },
        "reason": {"type": ["string", "null"], "description": "未答的原因"},
        "text": {"type": "string", "description": "给市民看的文字：原文、人工审核的答案或固定说明"},
        "card": {
            "type": ["string", "null"],
            "description": "同时给市民看的卡片，如 danger、crisis、complaint；没有时为 null",
        },
        "short": {"type": ["string", "null"], "description": "最短的答案；是非问题未答时为“文件没有说。”"},
        "made_by": {
            "type": ["string", "null"],
            "description": "怎样得来：quoted 文件原文，reviewed 人工审核，written 由大语言模型编写；未答时为 null",
        },
        "label": {"type": ["string", "null"], "description": "转载时必须标明的字样：“AI 生成”；文件原文为 null"},
        "sentences": {
            "type": "array",
            "items": {"type": "object"},
            "description": "编写的各句：text，和它所依据的 citations 的序号（从 0 起）",
        },
        "left_out": {"type": "array", "items": {"type": "string"}, "description": "没有通过核对而略去的各句的原因"},
        "form": {
            "enum": ["lookup", "yesno", "compare", "superlative", "count", "compute", "premise", "parts"],
            "description": "答复的形式：引用原文、是或否、比较、最多或最少、计数、计算、纠正前提、分项",
        },
        "verdict": {
            "type": ["string", "null"],
            "description": "结论：yes、no、胜出者的名称，或算出的数和单位；没有结论时为 null",
        },
        "operands": {
            "type": "array",
            "items": {"type": "object"},
            "description": "结论所依据的数或各分项的答案：text 原文，of 所属，citation 是 citations 的序号（从 0 起）",
        },
        "unwritten": {"type": ["string", "null"], "description": "要求编写却仍是文件原文的原因"},
        "document": {"type": ["string", "null"], "description": "只问了哪一份文件；问全部文件时为 null"},
        "choices": {
            "type": "array",
            "items": {"type": "object"},
            "description": "问题同样适合的几份文件：document 文件名，label 区别它们的字；选定后用 document 再问一次",
        },
        "confidence": {"type": "number", "description": "把握，0 到 1"},
        "citations": {"type": "array", "items": _CITATION, "description": "依据"},
        "nearest": {"type": "array", "items": _CITATION, "description": "未答时最接近的段落，不是答案"},
        "snapshot": {"type": "string", "description": "所用的索引版本"},
        "elapsed_ms": {"type": "number", "description": "用时（毫秒）"},
    },
}
_ERROR: Mapping[str, Any] = {"type": "object", "properties": {"error": {"type": "string", "description": "说明"}}}

# FastAPI cannot read this from a handler that parses its body itself.
OPENAPI: dict[str, Any] = {
    "requestBody": {"required": True, "content": {"application/json": {"schema": ASK_BODY}}},
    "responses": {
        "200": {"description": "回答", "content": {"application/json": {"schema": REPLY}}},
        "400": {"description": "请求不合格式", "content": {"application/json": {"schema": _ERROR}}},
        "429": {"description": "问得太快，见 Retry-After", "content": {"application/json": {"schema": _ERROR}}},
        "503": {"description": "提问的人太多，或服务暂停", "content": {"application/json": {"schema": _ERROR}}},
    },
}

_READY: Mapping[str, Any] = {
    "type": "object",
    "required": ["status", "snapshot", "age_seconds", "passages"],
    "properties": {
        "status": {"enum": ["ready", "degraded", "draining"], "description": "正常、用着旧版本或缺了什么、正在停止"},
        "snapshot": {"type": "string", "description": "所用的索引版本"},
        "age_seconds": {"type": "integer", "description": "它建成了多少秒"},
        "passages": {"type": "integer", "description": "它有多少段落"},
        "reason": {"type": "string", "description": "不是 ready 的原因"},
    },
}
READY: dict[str, Any] = {
    "responses": {
        "200": {"description": "可以提问", "content": {"application/json": {"schema": _READY}}},
        "503": {"description": "有问题，或正在停止", "content": {"application/json": {"schema": _READY}}},
    }
}


def manual() -> dict[str, Any]:
    """Return what the page shows, for its template."""
    example = json.dumps({"question": "涪陵浙江商会是什么时候成立的？"}, ensure_ascii=False)
    command = f"curl -H 'Content-Type: application/json' -d '{example}' https://本站地址/api/ask"
    schemas = {"ask_body": ASK_BODY, "reply": REPLY, "citation": _CITATION}
    return {**schemas, "command": command, "responses": OPENAPI["responses"]}
