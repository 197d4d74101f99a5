"""The commands that keep everything in one file and put it back: backup, restore."""

import argparse
from pathlib import Path

from qa.cli.output import DONE, Commands, command, console_of, say
from qa.runtime.settings import Settings
from qa.staff.backups.archive import told


def add(commands: Commands) -> None:
    """Add both commands to the command line's parser."""
    backup = command(
        commands, "backup", "write documents, golden questions, index, log and audit into one file", _backup
    )
    backup.add_argument("file", type=Path)
    backup.add_argument("--force", action="store_true", help="replace the file if it exists")
    restore = command(commands, "restore", "put a backup back; no server may run", _restore)
    restore.add_argument("file", type=Path)
    restore.add_argument("--force", action="store_true", help="replace what is there; it is kept aside")
    restore.add_argument("--foreign", action="store_true", help="take a backup that this installation did not sign")


def _backup(options: argparse.Namespace, settings: Settings) -> int:
    made = console_of(settings).backup(options.file, force=options.force)
    say(f"已备份到{options.file}：{told(made)}")
    return DONE


def _restore(options: argparse.Namespace, settings: Settings) -> int:
    found, before = console_of(settings).restore(options.file, force=options.force, foreign=options.foreign)
    say(f"已恢复{found.made_at}的备份：{told(found)}")
    if before:
        say(f"原有的都移到了{before}；核对无误后可以删去")
    return DONE
