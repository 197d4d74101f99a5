"""How the program is set up and lives as a process: settings, errors, signals, workers."""
