"""The process around LibreOffice: confines itself to what conversion needs, and LibreOffice with it.

`corpus.conversion.office` starts it with `python -m`, once for each file. LibreOffice must write files and start
itself, so it cannot run in the converting process. The kernel limits its memory, its processor time and the size of
each written file. Where permitted, the kernel also closes the network and other processes; by Landlock it closes all
files except the programs' and one folder. LibreOffice's own settings run no macros and follow no links.
"""

import os
import resource
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from corpus.conversion import landlock
from corpus.conversion.isolation import give_way, leave_others, see_as
from corpus.conversion.messages import exactly, send, unpack
from corpus.conversion.office_profile import write_profile
from corpus.conversion.parent_death import end_with_parent
from corpus.errors import Failed, FileProblem, Quarantined
from corpus.files.odf import ODF, check_odf
from corpus.files.ole import check_ole
from corpus.limits import MEGABYTE, Limits

_AGAIN = 81  # LibreOffice exits with this after it has set up a new profile
_LOOKED_EVERY = 0.1  # seconds
# The kernel counts a process's time at its limit by ticks: it may end one that has used a little less.
_COUNTED = 0.8
_TMP = Path("/tmp")
_READABLE = (
    *("/usr", "/lib", "/lib64", "/etc/fonts", "/etc/libreoffice", "/etc/ld.so.cache", "/etc/passwd", "/etc/localtime"),
    *("/etc/nsswitch.conf", "/etc/locale.alias", "/var/lib/libreoffice", "/var/spool/libreoffice"),
    *("/var/cache/fontconfig", "/dev/urandom"),
)
_LOADERS = ("lib*/ld-*.so*", "lib/*/ld-*.so*")

_UNREADABLE = "LibreOffice读不出这个文件，可能已损坏；请用原来的软件打开并另存为{target}再放入"
_TOO_MUCH_TIME = "LibreOffice用了{seconds:g}秒处理器时间还没有转换完；请拆分文件，或用原来的软件另存为{target}再放入"
_TOO_LARGE = "LibreOffice转换出来的内容超过上限；请拆分文件，或压缩其中的图片"


@dataclass(frozen=True, slots=True)
class _Place:
    """The place where LibreOffice works: its own folder, its program, and whether it shares /tmp."""

    folder: Path
    program: Path
    shares_tmp: bool

    def rules(self) -> list[tuple[Path, int]]:
        """Return its rights over files: read programs and fonts, run itself, write in its folder."""
        rules = [(Path(path), landlock.READ) for path in _READABLE]
        rules += [(Path("/dev/null"), landlock.ALL), (self.folder, landlock.ALL & ~landlock.EXECUTE)]
        rules += [(self.program.parents[1], landlock.READ), (self.program, landlock.READ | landlock.EXECUTE)]
        # The kernel opens a program's loader as it opens the program.
        loaders = (path for pattern in _LOADERS for path in Path("/").glob(pattern))
        rules += [(path, landlock.READ | landlock.EXECUTE) for path in loaders]
        # By a socket there LibreOffice looks for running instances of its profile, of which there are none.
        return [*rules, (_TMP, landlock.SOCKETS)] if self.shares_tmp else rules


def main() -> None:
    """Answer one file on standard input with LibreOffice's conversion, or a reason, on standard output."""
    told, _ = unpack(lambda size: exactly(sys.stdin.buffer, size), longest=1_000_000)
    limits = Limits(**told["limits"])
    place = _isolate(limits, Path(told["folder"]), Path(told["program"]))
    replies = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    send(replies, {"alone": not place.shares_tmp, "files": landlock.version() > 0})
    job, content = unpack(lambda size: exactly(sys.stdin.buffer, size), longest=limits.max_bytes + 1_000_000)
    try:
        check_odf(job["suffix"], content, limits) if job["suffix"] in ODF else check_ole(job["suffix"], content)
        send(replies, {"converted": True}, _converted(content, job, place, limits))
    except Quarantined as problem:
        send(replies, {"quarantined": str(problem), "again": problem.again})
    except FileProblem as problem:
        send(replies, {"failed": str(problem), "again": problem.again})


def _isolate(limits: Limits, folder: Path, program: Path) -> _Place:
    """Give up priority, network and other processes, for this process and all that it starts."""
    give_way()
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.expanded_megabytes * MEGABYTE,) * 2)
    # For this process, which inspects the file first; LibreOffice has limits of its own.
    most = (limits.memory_megabytes * MEGABYTE, max(limits.memory_megabytes, limits.office_megabytes) * MEGABYTE)
    resource.setrlimit(resource.RLIMIT_AS, most)
    resource.setrlimit(resource.RLIMIT_CPU, (int(limits.seconds) + 2, resource.RLIM_INFINITY))
    alone = leave_others()
    end_with_parent()  # after the namespaces, because entering one undoes it
    if alone:
        _become_first()
        if see_as(folder, _TMP):
            return _Place(_TMP, program, shares_tmp=False)
    return _Place(folder, program, shares_tmp=True)


def _become_first() -> None:
    """Continue as the first process of the new namespace; when it ends, the kernel ends all others in it."""
    first = os.fork()
    if first:
        _, status = os.waitpid(first, 0)
        if os.WIFSIGNALED(status):
            signal.signal(os.WTERMSIG(status), signal.SIG_DFL) if os.WTERMSIG(status) != signal.SIGKILL else None
            os.kill(os.getpid(), os.WTERMSIG(status))
        os._exit(os.waitstatus_to_exitcode(status))
    end_with_parent()


def _converted(content: bytes, job: dict[str, Any], place: _Place, limits: Limits) -> bytes:
    folder = place.folder
    write_profile(folder / "profile")
    given = folder / f"in{job['read_as']}"
    given.write_bytes(content)
    command = [
        str(place.program),
        f"-env:UserInstallation={(folder / 'profile').as_uri()}",
        *("--headless", "--norestore", "--nologo", "--nodefault", "--nolockcheck", "--nofirststartwizard"),
        *("--convert-to", job["target"].removeprefix("."), "--outdir", str(folder / "out"), str(given)),
    ]
    status = _run(command, place, limits)
    if status == _AGAIN:
        status = _run(command, place, limits)
    spent = resource.getrusage(resource.RUSAGE_CHILDREN)
    # LibreOffice aborts at the limit, as it does when it crashes.
    if spent.ru_utime + spent.ru_stime >= limits.seconds * (_COUNTED if status < 0 else 1):
        raise Quarantined(_TOO_MUCH_TIME.format(seconds=limits.seconds, target=job["target"]), again=True)
    return _made(folder / "out" / f"in{job['target']}", job, limits)


def _run(command: list[str], place: _Place, limits: Limits) -> int:
    """Return LibreOffice's exit status. Raises `Quarantined` if it writes more than allowed."""
    rules = place.rules()

    def before() -> None:
        end_with_parent()
        resource.setrlimit(resource.RLIMIT_AS, (limits.office_megabytes * MEGABYTE,) * 2)
        # LibreOffice catches the kernel's signal at the first limit and may go on.
        resource.setrlimit(resource.RLIMIT_CPU, (int(limits.seconds), int(limits.seconds) + 2))
        landlock.restrict(rules)

    folder = str(place.folder)
    environment = {"HOME": folder, "TMPDIR": folder, "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    process = subprocess.Popen(
        command,
        cwd=folder,
        env={**environment, "SAL_USE_VCLPLUGIN": "svp"},
        preexec_fn=before,
        # Its messages go nowhere, because they may repeat parts of the file.
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while process.poll() is None:
            if _size(place.folder) > 2 * limits.expanded_megabytes * MEGABYTE:
                raise Quarantined(_TOO_LARGE)
            time.sleep(_LOOKED_EVERY)
    finally:
        process.kill()
        process.wait()
    return process.returncode


def _size(folder: Path) -> int:
    """Return the bytes of the files below a folder, which may come and go meanwhile."""
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += (Path(parent) / name).lstat().st_size
            except OSError:
                continue
    return total


def _made(path: Path, job: dict[str, Any], limits: Limits) -> bytes:
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise Failed(_UNREADABLE.format(target=job["target"])) from error
    with os.fdopen(descriptor, "rb") as file:
        made = file.read(limits.max_bytes + 1)
    if len(made) > limits.max_bytes:
        raise Quarantined(_TOO_LARGE)
    return made


if __name__ == "__main__":
    main()
