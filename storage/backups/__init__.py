"""Backups: the archive copied while it is in use, proved, restored, and counted again every week.

A backup is a folder of two files: the archive as an SQLite file, whatever database it is in, and a
manifest, which says how many rows and which bytes the file has. ``making`` writes it, ``proving``
reads it and believes nothing, ``restoring`` puts it in an archive's place; ``transfer`` carries
rows from one database to the other, ``folders`` knows names and age.
"""
