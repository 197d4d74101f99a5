"""The page 问题: what citizens asked, and the panel in which an answer is written, approved and guarded."""
