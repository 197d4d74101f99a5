"""The command line: everything staff and other tools do without the web page."""

import io
import logging
import os
import platform
import sys
from collections.abc import Mapping, Sequence

import click

from index.snapshots.snapshot import FORMAT
from qa import __version__
from qa.bootstrap.errors import EXPECTED, REFUSALS
from qa.cli import accounts, answers, ask, documents, questions, refresh, snapshots, todo, training
from qa.cli import settings as setting_commands
from qa.cli.output import DONE, INTERRUPTED, REFUSED, WRONG_USE, json_option, print_json
from qa.cli.quality import evaluation
from qa.cli.quality import golden as golden_questions
from qa.runtime import settings as configuration
from qa.runtime.private_files import keep_private
from qa.storage.database.upgrading import file_version


@click.command("version")
@json_option
def version(as_json: bool) -> int:
    """Print the version of the program, and of the forms in which it stores database and snapshots."""
    known = {
        "version": __version__,
        "database": file_version(),
        "snapshot": FORMAT,
        "python": platform.python_version(),
    }
    if as_json:
        print_json(known)
    else:
        print("浙涪问答 {version}（数据库第{database}版，快照第{snapshot}版，Python {python}）".format(**known))
    return DONE


SECTIONS: Mapping[str, Sequence[click.Command]] = {
    "Answers": (ask.ask, ask.try_, evaluation.evaluate, golden_questions.golden),
    "Documents and index": (
        documents.document,
        refresh.refresh,
        refresh.progress,
        refresh.cancel,
        refresh.worker,
        snapshots.snapshots,
        snapshots.status,
        snapshots.publish,
        snapshots.diff,
        snapshots.prune,
        snapshots.verify,
    ),
    "Citizens' questions": (questions.questions, todo.todo, answers.review),
    "Service": (
        setting_commands.notice,
        setting_commands.pause,
        setting_commands.resume,
        setting_commands.setting,
        accounts.account,
        snapshots.audit,
        snapshots.backup,
        snapshots.restore,
        snapshots.database,
        version,
    ),
    "Models": (training.train,),
}


class _Sections(click.Group):
    """Lists its commands by section."""

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        for title, listed in SECTIONS.items():
            with formatter.section(title):
                formatter.write_dl([(one.name or "", one.get_short_help_str(80)) for one in listed])
        known = {one.name for listed in SECTIONS.values() for one in listed}
        if added := [one for name, one in self.commands.items() if name not in known]:
            with formatter.section("Server"):
                formatter.write_dl([(one.name or "", one.get_short_help_str(80)) for one in added])


@click.group(cls=_Sections, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 120})
@click.pass_context
def command_line(context: click.Context) -> None:
    """浙涪问答: ask, refresh, publish, evaluate."""
    # Who reports a fault of a setting can still say which version has it.
    if context.invoked_subcommand == version.name:
        return
    settings = configuration.read(os.environ)
    keep_private(settings.home)
    context.obj = settings


for _section in SECTIONS.values():
    for _command in _section:
        command_line.add_command(_command)


def main(arguments: Sequence[str] | None = None, *, program: str = "python -m qa") -> int:
    """Run one command; return its exit code: 0 done, 1 refused or nothing found, 2 wrong use.

    Help calls the program by the name `program`.
    """
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    _never_fail_to_print()
    try:
        return int(command_line.main(arguments, prog_name=program, standalone_mode=False) or DONE)
    except click.Abort:
        return _interrupted()
    except click.exceptions.NoArgsIsHelpError as error:
        print(error.format_message(), file=sys.stderr)
        return WRONG_USE
    except click.ClickException as error:
        print(f"qa: {' '.join(error.format_message().split())}", file=sys.stderr)
        return WRONG_USE
    except EXPECTED as error:
        print(f"qa: {error}", file=sys.stderr)
        return REFUSED if isinstance(error, REFUSALS) else WRONG_USE
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return DONE
    except OSError as error:
        print(f"qa: {error.filename or 'the output'}: {error.strerror}", file=sys.stderr)
        return WRONG_USE
    except KeyboardInterrupt:
        return _interrupted()


def _interrupted() -> int:
    print("qa: 已中断（interrupted），现行版本不变；已算好的向量下次接着用", file=sys.stderr)
    return INTERRUPTED


def _never_fail_to_print() -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):  # half a surrogate pair in an id, a terminal without Chinese
        sys.stdout.reconfigure(errors="backslashreplace")
