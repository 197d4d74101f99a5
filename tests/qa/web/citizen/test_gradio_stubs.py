"""Gradio writes no type stubs where the program serves."""

import subprocess
import sys
from pathlib import Path

import pytest

OWN = """
from gradio.components.base import Component

class Own(Component):
    EVENTS = ["change"]
"""


@pytest.mark.parametrize(("first", "stubs"), [("import qa.web.application", 0), ("import gradio", 1)])
def test_a_component_gets_a_stub_only_without_the_program(first: str, stubs: int, tmp_path: Path) -> None:
    (tmp_path / "own.py").write_text(OWN)
    code = f"{first}\nimport sys\nsys.path.insert(0, {str(tmp_path)!r})\nimport own\nassert own.Own.EVENTS"
    subprocess.run([sys.executable, "-c", code], check=True)
    assert len(list(tmp_path.glob("*.pyi"))) == stubs
