"""The page 首页: what is to be done today, each with a link to where it is done, and figures below."""
