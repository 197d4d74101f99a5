"""Everything that staff can do, independent of any page: one console, and a role for every action."""
