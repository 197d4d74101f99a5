"""Imported before Gradio, it keeps Gradio from writing type stubs beside its own files.

Gradio parses and writes a stub for each of its eighty components whenever it is imported: a third of its import, and a
write into what is installed. Only editors read them.
"""

import importlib.machinery
import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from types import ModuleType

WRITES_STUBS = "gradio.component_meta"


class _Loader(importlib.machinery.SourceFileLoader):
    """Loads the module as it stands, and puts nothing in place of its writer."""

    def exec_module(self, module: ModuleType) -> None:
        super().exec_module(module)
        vars(module)["create_or_modify_pyi"] = lambda *_: None


class _Finder(MetaPathFinder):
    """Finds the one module; all others are left to Python."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None, /
    ) -> ModuleSpec | None:
        found = PathFinder.find_spec(name, path, target) if name == WRITES_STUBS else None
        if found is not None and found.origin:
            found.loader = _Loader(name, found.origin)
        return found


sys.meta_path.insert(0, _Finder())
