"""Two servers on two machines, as far as one machine can play them: nginx, PostgreSQL, an object store."""
