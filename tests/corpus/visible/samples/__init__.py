"""Files that show and hide words, each a small one."""
