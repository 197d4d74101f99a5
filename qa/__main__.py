"""`python -m qa …`: see qa/cli/main.py."""

import sys

from qa.runtime import offline  # noqa: F401  # first: it keeps the libraries imported next from calling home

# isort: split
from qa.cli.main import main

sys.exit(main())
