"""Files converted in a process of its own."""
