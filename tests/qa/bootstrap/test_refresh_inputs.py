"""A refresh is judged at the threshold that citizens are answered at."""

from pathlib import Path

import pytest

from qa.bootstrap.refreshing import inputs_of
from qa.runtime.settings import read
from qa.staff.permissions import Role
from qa.staff.settings import RuntimeSettings
from tests.support.doubles.toy import ToyEmbedder

GOLDEN = '{"id": "g1", "question": "校长是谁？", "must": [["王芳"]], "answerable": true}\n'


@pytest.mark.parametrize(
    ("environment", "switched", "used"), [("", "", 0.7), ("0.9", "", 0.9), ("", "0.6", 0.6), ("0.9", "0.6", 0.6)]
)
def test_the_judge_asks_at_the_threshold_in_use(tmp_path: Path, environment: str, switched: str, used: float) -> None:
    (tmp_path / "documents").mkdir()
    (tmp_path / "golden.jsonl").write_text(GOLDEN, encoding="utf-8")
    named = {"QA_HOME": str(tmp_path / "var"), "QA_DOCUMENTS": str(tmp_path / "documents"), "QA_READER": "similarity"}
    settings = read({**named, "QA_THRESHOLD": environment})
    if switched:
        RuntimeSettings(settings, who="王芳", role=Role.ADMIN).change("threshold", switched)
    gate = inputs_of(settings, ToyEmbedder).gate
    assert gate and gate().reader.threshold == used
