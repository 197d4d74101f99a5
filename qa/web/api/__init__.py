"""The HTTP API, its manual and the MCP tools."""
