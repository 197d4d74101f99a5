"""What slides show: their words, the order of their objects, what heads them, tables that go on over several."""
