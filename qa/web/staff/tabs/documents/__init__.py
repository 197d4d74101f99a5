"""The tab 文档: list, detail, uploads."""
