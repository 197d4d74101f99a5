"""The converting process: reads files from its input; `corpus.conversion.converter` starts it with `python -m`."""

import os
import sys
from pathlib import PurePosixPath
from typing import Any, BinaryIO

from corpus import document_json
from corpus.conversion.convert import convert, unpack
from corpus.conversion.isolation import allow, isolate
from corpus.conversion.messages import exactly, send
from corpus.conversion.messages import unpack as next_message
from corpus.errors import FileProblem, Quarantined
from corpus.limits import Budget, Limits
from corpus.loaders import LOADERS
from corpus.loaders.containers.contents import Contents

_RECOGNITION = "rapidocr"


def main() -> None:
    """Answer each file on standard input with a document or a reason on standard output, until the input ends."""
    jobs, replies = sys.stdin.buffer, os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)  # what a parser prints must not get between the messages
    limits = Limits(**next_message(lambda size: exactly(jobs, size), longest=1_000_000)[0])
    send(replies, {"network": isolate(most_megabytes=limits.recognition_megabytes)})
    while True:
        try:
            header, content = next_message(lambda size: exactly(jobs, size), longest=limits.max_bytes + 1_000_000)
        except EOFError:
            return
        reply, body = _reply(header["name"], content, limits, replies)
        # Recognition keeps more memory than other files are allowed. Whatever is loaded after it would fail.
        last = "exhausted" in reply or _RECOGNITION in sys.modules
        send(replies, {**reply, "last": last}, body)
        if last:
            return


def _reply(name: str, content: bytes, limits: Limits, replies: BinaryIO) -> tuple[dict[str, Any], bytes]:
    loader = LOADERS[PurePosixPath(name).suffix.lower()]
    recognises = _RECOGNITION in loader.packages
    megabytes = limits.recognition_megabytes if recognises else limits.memory_megabytes

    def page_done() -> None:
        allow(memory_megabytes=megabytes, seconds=limits.seconds)
        send(replies, {"alive": True})

    allow(memory_megabytes=megabytes, seconds=limits.seconds)
    try:
        budget = Budget(limits, page_done)
        if loader.container:
            return _contents(unpack(name, content, budget))
        return {"document": document_json.as_json(convert(name, content, budget))}, b""
    except Quarantined as problem:
        return {"quarantined": str(problem), "again": problem.again}, b""
    except FileProblem as problem:
        return {"failed": str(problem), "again": problem.again}, b""
    except MemoryError:
        return {"exhausted": True}, b""


def _contents(contents: Contents) -> tuple[dict[str, Any], bytes]:
    """Return what a container holds as a header, and the bytes of its members one after another."""
    members = [[member.name, len(member.content), member.problem] for member in contents.members]
    document = contents.document and document_json.as_json(contents.document)
    return {"members": members, "document": document}, b"".join(member.content for member in contents.members)


if __name__ == "__main__":
    main()
