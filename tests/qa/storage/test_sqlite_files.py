"""Connections to files of SQLite."""

import subprocess
import sys
from contextlib import closing
from pathlib import Path

from qa.storage.database import sqlite_files

_READS = "import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.execute('SELECT * FROM t').fetchall(); c.close()"


def test_a_further_connection_leaves_the_locks_of_the_first(tmp_path: Path) -> None:
    file = tmp_path / "some.sqlite"
    with closing(sqlite_files.connect(file)) as first:
        first.execute("PRAGMA journal_mode = WAL")
        first.execute("CREATE TABLE t (x)")
        first.commit()
        sqlite_files.connect(file).close()
        # Whoever closes the file and finds no lock of another takes its log away, and the first writes into nothing.
        subprocess.run([sys.executable, "-c", _READS, str(file)], check=True)
        assert file.with_name("some.sqlite-wal").exists()
        first.execute("INSERT INTO t VALUES (1)")
        first.commit()
