"""The configuration: keys, origins, paths, secrets, and what is wrong with one."""
