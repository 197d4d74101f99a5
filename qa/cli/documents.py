"""The commands for documents: list, upload, describe, show, withdraw, reinstate, delete."""

import argparse
from dataclasses import asdict
from pathlib import Path

from corpus.metadata.side_file import FIELDS
from qa.cli.output import DONE, REFUSED, Commands, command, console_of, print_json, say
from qa.runtime.settings import Settings
from qa.staff.documents.listing import DocumentRow
from qa.staff.documents.uploads import UploadRefused


def add(commands: Commands) -> None:
    """Add `document` and what can be done with one to the command line's parser."""
    below = commands.add_parser("document", help="the files behind the answers").add_subparsers(
        required=True, metavar="action"
    )
    listed = command(
        below, "list", "every file with its state, what is wrong with it, and its passages", _list, json=True
    )
    listed.add_argument("--text", default="", help="only names that hold this")
    upload = command(below, "upload", "put a file into the folder; it is read at the next refresh", _upload)
    upload.add_argument("file", type=Path)
    upload.add_argument("--name", help="another name for it")
    upload.add_argument("--replace", action="store_true", help="replace the file of that name")
    describe = command(below, "describe", "show what is written about a file, or write it", _describe, json=True)
    describe.add_argument("name")
    describe.add_argument(
        "--set", action="append", default=[], metavar="FIELD=VALUE", help=f"one of {', '.join(FIELDS)}; empty: remove"
    )
    describe.add_argument("--version", help="refused when the file is another by now; see list --json")
    show = command(below, "show", "the passages of a document, with where each begins and ends", _show, json=True)
    show.add_argument("name")
    show.add_argument("--snapshot", default="", help="of this one instead of the published one")
    withdraw = command(below, "withdraw", "quote it no more, on all servers within seconds", _withdraw)
    reinstate = command(below, "reinstate", "let it be quoted again", _reinstate)
    delete = command(below, "delete", "delete the file; answers quote it until the next refresh", _delete)
    for changing in (withdraw, reinstate, delete):
        changing.add_argument("name")
        changing.add_argument("--reason", default="", help="why; needed to withdraw")


def _list(options: argparse.Namespace, settings: Settings) -> int:
    found = [row for row in console_of(settings).documents.list() if options.text.lower() in row.name.lower()]
    if options.json:
        for row in found:
            print_json(_json(row))
    for row in found if not options.json else ():
        state = "已停止引用" if row.withdrawn else row.status.label
        why = f"{row.withdrawn.who}：{row.withdrawn.why}" if row.withdrawn else row.reason
        say("  ".join(filter(None, [row.name, state, f"{row.size}字节", f"{row.passages}个段落", why])))
    return DONE if found else REFUSED


def _json(row: DocumentRow) -> dict[str, object]:
    days = {name: str(day) if (day := getattr(row, name)) else None for name in ("in_force_from", "in_force_until")}
    changed = row.changed_at.isoformat(timespec="seconds") if row.changed_at else None
    return {**asdict(row), "status": row.status.value, "changed_at": changed, **days}


def _upload(options: argparse.Namespace, settings: Settings) -> int:
    documents = console_of(settings).documents
    name = options.name or options.file.name
    version = {row.name: row.version for row in documents.list()}.get(name, "") if options.replace else ""
    try:
        with options.file.open("rb") as content:
            taken = documents.upload(name, content, replacing=version)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise UploadRefused(f"{options.file}打不开（{error.strerror}）") from error
    done = "已替换" if taken.replaced else "已上传"
    say(f"{done}：{taken.name}（{taken.size}字节）；运行 python -m qa refresh 后生效")
    return DONE


def _describe(options: argparse.Namespace, settings: Settings) -> int:
    documents = console_of(settings).documents
    found = documents.metadata(options.name)
    if options.set:
        changes = dict(pair.partition("=")[::2] for pair in options.set)
        found = documents.edit(options.name, {**found.values, **changes}, version=options.version or found.version)
    if options.json:
        print_json(asdict(found))
    else:
        for field, value in found.values.items():
            say(f"{field}: {value}")
    return DONE


def _show(options: argparse.Namespace, settings: Settings) -> int:
    shown = console_of(settings).documents.preview(options.name, snapshot=options.snapshot)
    for passage in shown.passages:
        where = {"start": passage.span.start, "end": passage.span.end, "headings": passage.headings}
        if options.json:
            print_json({**where, "text": passage.text})
        else:
            say(f"[{passage.span.start}, {passage.span.end}) {' › '.join(passage.headings)}\n{passage.text.strip()}")
    if shown.outdated and not options.json:
        say(f"文件此后改过；这是{shown.snapshot}里的内容")
    return DONE


def _withdraw(options: argparse.Namespace, settings: Settings) -> int:
    console_of(settings).documents.withdraw(options.name, why=options.reason)
    say(f"{options.name}已停止引用，几秒内在所有服务进程生效；恢复用 python -m qa document reinstate")
    return DONE


def _reinstate(options: argparse.Namespace, settings: Settings) -> int:
    console_of(settings).documents.reinstate(options.name, why=options.reason)
    say(f"{options.name}已恢复引用")
    return DONE


def _delete(options: argparse.Namespace, settings: Settings) -> int:
    documents = console_of(settings).documents
    gone = documents.delete(options.name, version=documents.metadata(options.name).version, why=options.reason)
    say(f"已删除{gone.name}（{gone.passages}个段落）；运行 python -m qa refresh 后不再引用")
    return DONE
