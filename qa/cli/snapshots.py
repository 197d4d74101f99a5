"""The commands for what is stored: snapshots, backups, the database and the audit log."""

import os
import pwd
from dataclasses import asdict
from pathlib import Path

import click

from qa.cli.output import (
    DONE,
    PATH,
    POSITIVE,
    REFUSED,
    console_of,
    json_option,
    pass_settings,
    print_json,
    print_list,
    say,
    say_side_by_side,
    wide,
)
from qa.publishing.difference import NOT_COMPARABLE
from qa.publishing.refresh.deciding import CONSENT
from qa.runtime.settings import Settings
from qa.staff import labels
from qa.staff.backups import encrypting, moving
from qa.staff.backups.archive import told
from qa.staff.snapshots.listed import Listed
from qa.storage.audit import Findings


@click.command("snapshots")
@json_option
@pass_settings
def snapshots(settings: Settings, as_json: bool) -> int:
    """List the snapshots on disk."""
    found = console_of(settings).snapshots()
    return print_list(found, as_json=as_json, json_of=Listed.as_json, show=lambda one: say(_line(one)))


def _line(one: Listed) -> str:
    built = one.built_at.astimezone().strftime("%Y-%m-%d %H:%M") if one.built_at else "？"
    state = "现行 (published)" if one.published else "曾发布" if one.was_published else "未发布"
    golden = f"检验题{one.golden_right}/{one.golden_asked}" if one.golden_asked else "未检验"
    parts = [
        one.name,
        built,
        wide(one.who or "？", 10),
        f"{one.documents}个文件",
        f"{one.passages}个段落",
        golden,
        state,
    ]
    wanted = f"；{one.wish}" if one.wish else ""
    note = f"强行发布：{one.wanted_why or one.why}" if one.forced else one.why_not + wanted
    return "  ".join([*parts, note] if note else parts)


@click.command("publish")
@click.argument("name")
@click.option("--reason", default="", help="Why.")
@pass_settings
def publish(settings: Settings, name: str, reason: str) -> int:
    """Serve a snapshot from now on; an older one to roll back."""
    done = console_of(settings).publish(name, why=reason)
    print(f"已发布{name}" if done else f"没有发布：{name}没有通过检验，{CONSENT}")
    return DONE if done else REFUSED


@click.command("diff")
@click.argument("before")
@click.argument("after")
@json_option
@pass_settings
def diff(settings: Settings, before: str, after: str, as_json: bool) -> int:
    """Show what changed from one snapshot to another."""
    found = console_of(settings).diff(before, after)
    if as_json:
        print_json(found.as_json())
        return DONE
    for change in found.changes:
        passages = f"段落+{change.passages_added} −{change.passages_removed}"
        say(f"{labels.CHANGES[change.kind]}：{change.document}（{passages}）")
    if not found.comparable:
        print(NOT_COMPARABLE)
        return DONE
    print(f"检验题中答复有变化的：{len(found.golden)}道")
    for was, now in found.golden:
        say_side_by_side(was, now)
    return DONE


@click.command("prune")
@click.option("--keep", type=POSITIVE, required=True, metavar="N", help="How many to keep.")
@pass_settings
def prune(settings: Settings, keep: int) -> int:
    """Delete the oldest snapshots, never the published one."""
    gone = console_of(settings).prune(keep=keep)
    print(f"已删除{'、'.join(gone)}" if gone else "没有可删除的版本")
    return DONE


@click.command("verify")
@json_option
@pass_settings
def verify(settings: Settings, as_json: bool) -> int:
    """Check every file against its checksum."""
    found = console_of(settings).verify()
    if as_json:
        print_json(found)
    else:
        for name, problems in found.items():
            for problem in problems or ["完好"]:
                say(f"{name}：{problem}")
    return REFUSED if any(found.values()) else DONE


@click.command("audit")
@click.option("--verify", is_flag=True, help="Check that no row was edited, removed or reordered.")
@click.option("--acknowledge", type=POSITIVE, metavar="ROWS", help="What speaks against so many rows was looked into.")
@click.option("--reason", default="", help="What it came from; needed to acknowledge it.")
@click.option("--seal", is_flag=True, help="Seal its end with the key of QA_KEY_FILE from now on.")
@json_option
@pass_settings
def audit(settings: Settings, *, verify: bool, acknowledge: int | None, reason: str, seal: bool, as_json: bool) -> int:
    """Show what staff did."""
    console = console_of(settings)
    if seal:
        console.seal()
        say("已用QA_KEY_FILE的密钥封记操作日志")
        return DONE
    if acknowledge:
        console.acknowledge(acknowledge, why=reason)
        say(f"已记下：前{acknowledge}条里的问题已看过。以后核对时仍会列出，不再作为新问题")
        return DONE
    if verify:
        return _say_findings(console.findings(), as_json)
    for row in console.audit():
        if as_json:
            print_json(asdict(row))
        else:
            why = f"（原因：{row.why}）" if row.why else ""
            target = f"{row.target}  " if row.target else ""
            did, ended = wide(labels.action(row), 8), labels.outcome(row)
            say(f"{row.number:>5}  {row.at}  {wide(row.who, 10)}  {did}  {target}{ended}{why}")
    return DONE


def _say_findings(found: Findings, as_json: bool) -> int:
    if as_json:
        print_json({"rows": found.rows, "problems": found.new, "acknowledged": found.looked_at})
        return REFUSED if found.new else DONE
    for problem in found.new:
        say(problem)
    if found.new:
        say(f"查明原因后，由管理人员确认：python -m qa audit --acknowledge {found.rows} --reason 原因")
    elif found.looked_at:
        say(f"{found.rows}条记录，没有新的问题；以前的问题已看过：")
    else:
        say(f"{found.rows}条记录，完整无改动")
    for problem in found.looked_at:
        say(problem)
    return REFUSED if found.new else DONE


@click.command("status")
@json_option
@pass_settings
def status(settings: Settings, as_json: bool) -> int:
    """Show what is served, and whether it is sound."""
    found = console_of(settings).status()
    if as_json:
        print_json({**asdict(found), "built_at": found.built_at.isoformat()})
        return REFUSED if found.alarm else DONE
    print(f"现行版本{found.snapshot}，建于{found.built_at.isoformat()}，{found.passages}个段落")
    for document in found.documents:
        say(f"  {document}")
    if found.alarm:
        say(f"有问题：{found.alarm}")
    return REFUSED if found.alarm else DONE


@click.command("backup")
@click.argument("file", type=PATH)
@click.option("--force", is_flag=True, help="Replace the file if it exists.")
@pass_settings
def backup(settings: Settings, file: Path, force: bool) -> int:
    """Write documents, golden questions, index, log and audit into one file."""
    made = console_of(settings).backup(file, force=force)
    say(f"已备份到{file}：{told(made)}")
    return DONE


@click.command("restore")
@click.argument("file", type=PATH)
@click.option("--force", is_flag=True, help="Replace what is there; it is kept aside.")
@click.option("--foreign", is_flag=True, help="Take a backup that this installation did not sign.")
@pass_settings
def restore(settings: Settings, file: Path, force: bool, foreign: bool) -> int:
    """Put a backup back; no server may run."""
    found, before = console_of(settings).restore(file, force=force, foreign=foreign)
    say(f"已恢复{found.made_at}的备份：{told(found)}")
    if before:
        say(f"原有的都移到了{before}；核对无误后可以删去")
    return DONE


@click.group()
def database() -> None:
    """The database: the file in QA_HOME, or a PostgreSQL."""


@database.command("encrypt")
@pass_settings
def _encrypt(settings: Settings) -> int:
    """Encrypt the file in QA_HOME with the key of QA_KEY_FILE; no server may run."""
    file = encrypting.encrypt(settings, who=pwd.getpwuid(os.getuid()).pw_name)
    say(f"已加密{file}，逐行核对无误；请在设置里写上 QA_ENCRYPT_DATABASE=yes")
    say("请另存一份 QA_KEY_FILE：没有它，数据库和以后的备份就再也打不开")
    return DONE


@database.command("decrypt")
@pass_settings
def _decrypt(settings: Settings) -> int:
    """Write the file in QA_HOME plain again; no server may run."""
    file = encrypting.decrypt(settings, who=pwd.getpwuid(os.getuid()).pw_name)
    say(f"{file}已不再加密，逐行核对无误。请去掉设置里的 QA_ENCRYPT_DATABASE")
    return DONE


@database.command("migrate")
@pass_settings
def _migrate(settings: Settings) -> int:
    """Move what files hold into the PostgreSQL of QA_DATABASE_URL, indexes into the store of QA_SNAPSHOTS_URL."""
    moved = moving.move_to_server(settings, who=pwd.getpwuid(os.getuid()).pw_name)
    if moved.snapshots:
        say(f"已存入对象存储：{'、'.join(moved.snapshots)}")
    if not moved.kept:
        return DONE
    say(f"已搬到 PostgreSQL，逐行核对无误：{moving.told(moved.rows)}")
    say(f"原来的文件改名为{'、'.join(map(str, moved.kept))}；确认服务正常后可以删去")
    return DONE
