"""Everything that staff can do, without a page: one console, a role on every action."""
