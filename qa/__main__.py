"""`python -m qa …`: see qa/cli.py."""

import sys

from qa import offline  # noqa: F401  # first: it keeps the libraries imported next from calling home
from qa.cli import main

sys.exit(main())
