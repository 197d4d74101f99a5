"""The tab 待办: list, group, steps, answer."""
