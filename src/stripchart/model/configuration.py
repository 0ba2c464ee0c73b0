"""What the owner sets while the program runs."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Configuration:
    """`system_name` stands over the page. `default_retention_days`: samples of points and devices that do not say it
    themselves are kept so long; None: as the settings of the history say.

    `session_timeout_minutes`: a session that nobody uses for so long ends. `max_login_attempts`: wrong passwords
    in 15 minutes, of a name from an address. `backup_schedule`: cron, in UTC. `backup_retention_count`: how many
    backups are kept. `backup_folder`: where they go; while it is empty, none are made.
    """

    system_name: str = "Stripchart"
    default_retention_days: int | None = None
    session_timeout_minutes: int = 7 * 24 * 60
    max_login_attempts: int = 5
    backup_enabled: bool = True
    backup_schedule: str = "0 2 * * *"
    backup_retention_count: int = 7
    backup_folder: str = ""
