"""The program as a process: settings, errors, signals, workers."""
