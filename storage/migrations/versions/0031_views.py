"""Views for people who open the archive with other tools.

Nothing is done here: ``storage.views`` makes them after the last version. Whoever changes one adds a
version like this with its new digest.
"""

from __future__ import annotations

revision = "0031"
down_revision = "0029"
views = "2fa5f93c65c95909"  # storage.views.digest()


def upgrade() -> None:
    """The views are created once all tables are as they should be."""
