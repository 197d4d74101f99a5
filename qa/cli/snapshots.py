"""The commands that show, publish, compare, check and delete snapshots, and the audit log."""

import argparse

from qa.cli.output import (
    DONE,
    KINDS,
    REFUSED,
    Commands,
    command,
    console_of,
    positive,
    print_json,
    say,
    say_side_by_side,
    wide,
)
from qa.publishing.difference import NOT_COMPARABLE
from qa.runtime.settings import Settings
from qa.staff import labels
from qa.staff.snapshots import Listed
from qa.storage.audit import Findings


def add(commands: Commands) -> None:
    """Add these commands to the command line's parser."""
    command(commands, "snapshots", "list the snapshots on disk", _snapshots, json=True)
    publish = command(commands, "publish", "serve a snapshot from now on; an older one to roll back", _publish)
    publish.add_argument("name")
    publish.add_argument("--reason", default="", help="why")
    diff = command(commands, "diff", "what changed from one snapshot to another", _diff, json=True)
    diff.add_argument("before")
    diff.add_argument("after")
    prune = command(commands, "prune", "delete the oldest snapshots, never the published one", _prune)
    prune.add_argument("--keep", type=positive, required=True, metavar="N", help="how many to keep")
    command(commands, "verify", "check every file against its checksum", _verify, json=True)
    audit = command(commands, "audit", "what staff did", _audit, json=True)
    audit.add_argument("--verify", action="store_true", help="check that no row was edited, removed or reordered")
    audit.add_argument("--seal", action="store_true", help="seal its end with the key of QA_KEY_FILE from now on")
    audit.add_argument(
        "--acknowledge", type=positive, metavar="ROWS", help="the findings among so many rows were looked into"
    )
    audit.add_argument("--reason", default="", help="what they came from; needed to acknowledge them")
    command(commands, "status", "what is served, and whether it is sound", _status, json=True)


def _snapshots(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).snapshots()
    if options.json:
        print_json([one.as_json() for one in found])
        return DONE if found else REFUSED
    for one in found:
        say(_line(one))
    return DONE if found else REFUSED


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
    note = f"强行发布：{one.why}" if one.forced else one.why_not
    return "  ".join([*parts, note] if note else parts)


def _publish(options: argparse.Namespace, settings: Settings) -> int:
    console_of(settings).publish(options.name, why=options.reason)
    print(f"已发布{options.name}")
    return DONE


def _diff(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).diff(options.before, options.after)
    if options.json:
        print_json(found.as_json())
        return DONE
    for change in found.changes:
        passages = f"段落+{change.passages_added} −{change.passages_removed}"
        say(f"{KINDS[change.kind]}：{change.document}（{passages}）")
    if not found.comparable:
        print(NOT_COMPARABLE)
        return DONE
    print(f"检验题中答复有变化的：{len(found.golden)}道")
    for was, now in found.golden:
        say_side_by_side(was, now)
    return DONE


def _prune(options: argparse.Namespace, settings: Settings) -> int:
    gone = console_of(settings).prune(keep=options.keep)
    print(f"已删除{'、'.join(gone)}" if gone else "没有可删除的版本")
    return DONE


def _verify(options: argparse.Namespace, settings: Settings) -> int:
    found = console_of(settings).verify()
    if options.json:
        print_json(found)
    else:
        for name, problems in found.items():
            for problem in problems or ["完好"]:
                say(f"{name}：{problem}")
    return REFUSED if any(found.values()) else DONE


def _audit(options: argparse.Namespace, settings: Settings) -> int:
    console = console_of(settings)
    if options.seal:
        console.seal()
        say("已用QA_KEY_FILE的密钥封记操作日志")
        return DONE
    if options.acknowledge:
        console.acknowledge(options.acknowledge, why=options.reason)
        say(f"已记下：前{options.acknowledge}条里的问题已看过。以后核对时仍会列出，不再作为新问题")
        return DONE
    if options.verify:
        return _verified(console.findings(), json=options.json)
    for row in console.audit():
        if options.json:
            print_json({name: getattr(row, name) for name in row.__dataclass_fields__})
        else:
            why = f"（原因：{row.why}）" if row.why else ""
            target = f"{row.target}  " if row.target else ""
            did, ended = wide(labels.action(row), 8), labels.outcome(row)
            say(f"{row.number:>5}  {row.at}  {wide(row.who, 10)}  {did}  {target}{ended}{why}")
    return DONE


def _verified(found: Findings, *, json: bool) -> int:
    if json:
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


def _status(options: argparse.Namespace, settings: Settings) -> int:
    status = console_of(settings).status()
    if options.json:
        content = {name: getattr(status, name) for name in status.__dataclass_fields__}
        print_json({**content, "built_at": status.built_at.isoformat()})
        return REFUSED if status.alarm else DONE
    print(f"现行版本{status.snapshot}，建于{status.built_at.isoformat()}，{status.passages}个段落")
    for document in status.documents:
        say(f"  {document}")
    if status.alarm:
        say(f"有问题：{status.alarm}")
    return REFUSED if status.alarm else DONE
