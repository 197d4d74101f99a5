"""The command that moves the database to PostgreSQL."""

import os
import pwd

import click

from qa.cli.output import DONE, pass_settings, say
from qa.runtime.settings import Settings
from qa.staff.backups import moving


@click.group()
def database() -> None:
    """The database: the file in QA_HOME, or a PostgreSQL."""


@database.command("migrate")
@pass_settings
def _migrate(settings: Settings) -> int:
    """Move the file's contents into the PostgreSQL of QA_DATABASE_URL; no server may run."""
    moved = moving.move_to_server(settings, who=pwd.getpwuid(os.getuid()).pw_name)
    say(f"已搬到 PostgreSQL，逐行核对无误：{moving.told(moved.rows)}")
    say(f"原来的文件改名为{moved.kept}；确认服务正常后可以删去")
    return DONE
