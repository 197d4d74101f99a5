"""Below every page: guard, security headers, connections, caching."""
