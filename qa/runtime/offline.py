"""Imported before everything else, it keeps libraries from calling home and from chatting on the terminal.

Gradio and the Hugging Face libraries read their environment while they are imported. This work is therefore done at
import, in a module of its own.
"""

import os

# Gradio is configured only in code: a stray GRADIO_SHARE or GRADIO_VIBE_MODE would open the machine to visitors.
for name in [name for name in os.environ if name.startswith("GRADIO_")]:
    del os.environ[name]
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

# Defaults, so that staff may allow a download once (docs/settings.md).
for name in ("HF_HUB_OFFLINE", "TRANSFORMERS_OFFLINE", "HF_HUB_DISABLE_TELEMETRY", "DO_NOT_TRACK"):
    os.environ.setdefault(name, "1")

# The client of Milvus would read a file .env of any folder above it into the environment.
os.environ["PYTHON_DOTENV_DISABLED"] = "1"

# Its library writes lines of its own to standard error.
os.environ.setdefault("GRPC_VERBOSITY", "NONE")

# Their notes and progress bars on loading weights mean nothing to a clerk.
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
