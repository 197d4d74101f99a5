"""Every action of the console is refused to a role below the one it needs, and done for that one."""

import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest

from qa.answering.reader.similarity import SimilarityReader
from qa.bootstrap.models import Models
from qa.runtime.errors import NotAllowed
from qa.runtime.settings import read
from qa.staff import labels
from qa.staff.console import Console
from qa.staff.permissions import Area, Role, least_role, needs
from qa.storage.audit import Audit, Row
from tests.support.doubles.toy import ToyEmbedder

pytestmark = pytest.mark.usefixtures("both_engines")

NOT_GUARDED = {"may", "require"}  # they only tell what would be refused, and refuse it


def console(home: Path, role: Role) -> Console:
    settings = read({"QA_HOME": str(home), "QA_DOCUMENTS": str(home / "documents")})
    models = Models(ToyEmbedder, lambda: SimilarityReader(ToyEmbedder()))
    return Console(settings, who="王芳", role=role, models=models)


def areas(whole: Console) -> dict[str, Area]:
    """The console and every part that hangs in it, by what it is called."""
    parts = {name: part for name, part in vars(whole).items() if isinstance(part, Area)}
    return {"console": whole, **parts}


def actions(area: Area) -> Iterator[str]:
    for name, _ in inspect.getmembers(type(area), callable):
        if not name.startswith("_") and name not in NOT_GUARDED:
            yield name


ALL = [(part, name) for part, area in areas(console(Path("/nowhere"), Role.ADMIN)).items() for name in actions(area)]


def test_every_part_of_the_console_is_walked() -> None:
    whole = console(Path("/nowhere"), Role.ADMIN)
    others = {name for name in vars(whole) if not name.startswith("_")}
    assert others <= areas(whole).keys(), "a part that is no Area is guarded by nobody"
    assert ("console", "publish") in ALL


@pytest.mark.parametrize(("part", "name"), ALL)
def test_an_action_names_the_least_role_it_needs(part: str, name: str) -> None:
    area = areas(console(Path("/nowhere"), Role.ADMIN))[part]
    assert least_role(getattr(type(area), name)) is not None


@pytest.mark.parametrize(("part", "name"), ALL)
def test_a_lower_role_is_refused_and_the_right_one_passes(part: str, name: str, tmp_path: Path) -> None:
    least = least_role(getattr(type(areas(console(tmp_path, Role.ADMIN))[part]), name))
    assert least is not None
    for role in Role:
        action = getattr(areas(console(tmp_path, role))[part], name)
        try:
            # Called with nothing: whoever passes is told at once what is missing, or reads.
            arguments = inspect.signature(action).parameters.values()
            required = [one for one in arguments if one.default is inspect.Parameter.empty]
            positional = [one for one in required if one.kind is not inspect.Parameter.KEYWORD_ONLY]
            action(*("" for _ in positional), **{one.name: None for one in required if one not in positional})
            passed = True
        except NotAllowed:
            passed = False
        except Exception:
            passed = True
        assert passed == role.covers(least), role


def test_a_refusal_is_logged_with_who_and_what(tmp_path: Path) -> None:
    with pytest.raises(NotAllowed, match="“发布”.*王芳.*“编辑”"):
        console(tmp_path, Role.EDITOR).publish("snapshot-000001")
    (row,) = Audit(tmp_path).rows()
    assert (row.who, row.action, row.outcome.split(":")[0]) == ("王芳", "publish", "not allowed")
    assert labels.outcome(row).startswith("没有权限：这项操作需要")


@pytest.mark.parametrize(("part", "name"), ALL)
def test_a_refusal_is_logged_in_the_words_of_staff(part: str, name: str, tmp_path: Path) -> None:
    """Whatever a role may be refused has a word of its own in the log, and the word a Chinese label."""
    method = getattr(type(areas(console(tmp_path, Role.ADMIN))[part]), name)
    word = labels.refused(method.__qualname__)
    assert labels.ACTIONS[word][0] > "\u3000"
    assert (word == "look") == (least_role(method) is Role.EDITOR), f"{method.__qualname__} needs a word of labels"


def test_no_word_is_left_over() -> None:
    whole = areas(console(Path("/nowhere"), Role.ADMIN))
    known = {getattr(type(area), name).__qualname__ for area in whole.values() for name in actions(area)}
    assert labels._REFUSED.keys() <= known


def test_a_method_without_a_role_would_be_seen() -> None:
    class Careless(Area):
        def delete(self) -> None: ...

        @needs(Role.ADMIN)
        def erase(self) -> None: ...

    assert (least_role(Careless.delete), least_role(Careless.erase)) == (None, Role.ADMIN)


@pytest.mark.parametrize(
    ("action", "target", "words"),
    [
        ("golden", 'approve 1: change s001 to {"id": "s001"} was {"id": "s001"}', "同意 1: 修改 s001"),
        ("golden", "take back 2: add s002", "撤回 2: 新增 s002"),
        ("review", "write 3", "写 3"),
        ("account two-step", "new recovery codes on-duty", "换恢复码 on-duty"),
        ("account add", "qianer editor", "qianer 编辑"),
        ("upload", "change.txt", "change.txt"),
    ],
)
def test_the_programs_words_are_told_in_words_of_staff_and_names_as_they_are(
    action: str, target: str, words: str
) -> None:
    assert labels.target(Row(1, "", "王芳", action, target, "", "done", "")) == words
