"""The page 两步登录: a member sets up the second step of signing in, and keeps its recovery codes."""
