"""The commands for documents: list, upload, describe, show, withdraw, reinstate, delete."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import click

from corpus.conversion.container import is_container
from corpus.metadata.side_file import FIELDS
from qa.cli.output import DONE, PATH, REFUSED, console_of, json_option, pass_settings, print_json, say
from qa.runtime.settings import Settings
from qa.staff.documents.listing import DocumentRow
from qa.staff.documents.uploads import UploadRefused

_reason = click.option("--reason", default="", help="Why; needed to withdraw.")


@click.group()
def document() -> None:
    """The files behind the answers."""


@document.command("list")
@click.option("--text", default="", help="Only names that hold this.")
@json_option
@pass_settings
def _list(settings: Settings, text: str, as_json: bool) -> int:
    """List every file with its state, what is wrong with it, and its passages."""
    found = [row for row in console_of(settings).documents.list() if text.lower() in row.name.lower()]
    if as_json:
        for row in found:
            print_json(_json(row))
    for row in found if not as_json else ():
        state = "已停止引用" if row.withdrawn else row.status.label
        why = row.reason
        if row.withdrawn:
            with_it = f"随{row.withdrawn.document}一起，" if row.withdrawn.document != row.name else ""
            why = f"{with_it}{row.withdrawn.who}：{row.withdrawn.why}"
        say("  ".join(filter(None, [row.name, state, f"{row.size}字节", f"{row.passages}个段落", why])))
    return DONE if found else REFUSED


def _json(row: DocumentRow) -> dict[str, object]:
    days = {name: str(day) if (day := getattr(row, name)) else None for name in ("in_force_from", "in_force_until")}
    changed = row.changed_at.isoformat(timespec="seconds") if row.changed_at else None
    return {**asdict(row), "status": row.status.value, "changed_at": changed, **days}


@document.command("upload")
@click.argument("file", type=PATH)
@click.option("--name", help="Another name for it.")
@click.option("--replace", is_flag=True, help="Replace the file of that name.")
@pass_settings
def _upload(settings: Settings, file: Path, name: str | None, replace: bool) -> int:
    """Put a file into the folder; it is read at the next refresh."""
    documents = console_of(settings).documents
    name = name or file.name
    version = {row.name: row.version for row in documents.list()}.get(name, "") if replace else ""
    try:
        with file.open("rb") as content:
            taken = documents.upload(name, content, replacing=version)
    except (FileNotFoundError, IsADirectoryError, PermissionError) as error:
        raise UploadRefused(f"{file}打不开（{error.strerror}）") from error
    done = "已替换" if taken.replaced else "已上传"
    say(f"{done}：{taken.name}（{taken.size}字节）；运行 python -m qa refresh 后生效")
    return DONE


@document.command("describe")
@click.argument("name")
@click.option(
    "--set", "pairs", multiple=True, metavar="FIELD=VALUE", help=f"One of {', '.join(FIELDS)}; empty: remove."
)
@click.option("--version", help="Refused when the file is another by now; see list --json.")
@json_option
@pass_settings
def _describe(settings: Settings, name: str, pairs: Sequence[str], version: str | None, as_json: bool) -> int:
    """Show what is written about a file, or write it."""
    documents = console_of(settings).documents
    found = documents.metadata(name)
    if pairs:
        changes = dict(pair.partition("=")[::2] for pair in pairs)
        found = documents.edit(name, {**found.values, **changes}, version=version or found.version)
    if as_json:
        print_json(asdict(found))
    else:
        for field, value in found.values.items():
            say(f"{field}: {value}")
    return DONE


@document.command("show")
@click.argument("name")
@click.option("--snapshot", default="", help="Of this one instead of the published one.")
@json_option
@pass_settings
def _show(settings: Settings, name: str, snapshot: str, as_json: bool) -> int:
    """Show the passages of a document, with where each begins and ends."""
    shown = console_of(settings).documents.preview(name, snapshot=snapshot)
    for passage in shown.passages:
        where = {"start": passage.span.start, "end": passage.span.end, "headings": passage.headings}
        if as_json:
            print_json({**where, "text": passage.text})
        else:
            say(f"[{passage.span.start}, {passage.span.end}) {' › '.join(passage.headings)}\n{passage.text.strip()}")
    if shown.outdated and not as_json:
        say(f"文件此后改过；这是{shown.snapshot}里的内容")
    return DONE


@document.command("withdraw")
@click.argument("name")
@_reason
@pass_settings
def _withdraw(settings: Settings, name: str, reason: str) -> int:
    """Quote a document no more, on all servers within seconds."""
    console = console_of(settings)
    _, *instead = console.documents.withdraw(name, why=reason)
    also = "和里面的文件" if is_container(name) else ""
    for one in instead:
        say(f"{one.document}也停止引用：{one.why}")
    for held in console.golden.withheld():
        if held.because == name:
            say(f"检验题“{held.questions[0]}”先不回答：{'、'.join(held.documents)}会答错；请改文件，或改这道题")
    say(f"{name}{also}已停止引用，几秒内在所有服务进程生效；恢复用 python -m qa document reinstate")
    return DONE


@document.command("reinstate")
@click.argument("name")
@_reason
@pass_settings
def _reinstate(settings: Settings, name: str, reason: str) -> int:
    """Let a document be quoted again."""
    left = console_of(settings).documents.reinstate(name, why=reason)
    say(f"{name}已恢复引用{'；单独停止过的仍不引用：' if left else ''}{'、'.join(left)}")
    return DONE


@document.command("delete")
@click.argument("name")
@_reason
@pass_settings
def _delete(settings: Settings, name: str, reason: str) -> int:
    """Delete the file; answers quote it until the next refresh."""
    documents = console_of(settings).documents
    gone = documents.delete(name, version=documents.metadata(name).version, why=reason)
    say(f"已删除{gone.name}（{gone.passages}个段落）；运行 python -m qa refresh 后不再引用")
    return DONE
