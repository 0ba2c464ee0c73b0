"""Who may call what: one table for every route. A route that is not in it is closed to everybody."""

from enum import StrEnum

from stripchart.model.account import Role


class Access(StrEnum):
    """Who may call a route.

    `public`: anybody who reaches the server. `stream`, `metrics`: anybody, unless a setting closes it; then as
    `display`: any user and any token, those of screens on a wall too. `socket`: as
    `display`, unless a setting opens it.
    `user`: any user, and tokens of programs; `user_stream`: the same, and
    the token may be in the query. `admin`, `owner`: those of this role or above.
    `session`: any user who signed in with a password: accounts are nothing for tokens.
    `owner_session`: the owner, signed in with a password.
    """

    PUBLIC = "public"
    STREAM = "stream"
    METRICS = "metrics"
    SOCKET = "socket"
    USER_STREAM = "user_stream"
    DISPLAY = "display"
    USER = "user"
    ADMIN = "admin"
    OWNER = "owner"
    SESSION = "session"
    ADMIN_SESSION = "admin_session"
    OWNER_SESSION = "owner_session"

    @property
    def role(self) -> Role:
        """The least role that is let in."""
        return _ROLES.get(self, Role.READ_ONLY)

    @property
    def needs_session(self) -> bool:
        """Whether a token is not enough."""
        return self in {Access.SESSION, Access.ADMIN_SESSION, Access.OWNER_SESSION}


_ROLES = {
    Access.ADMIN: Role.ADMIN,
    Access.ADMIN_SESSION: Role.ADMIN,
    Access.OWNER: Role.OWNER,
    Access.OWNER_SESSION: Role.OWNER,
}

PERMISSIONS: dict[str, Access] = {
    "GET /": Access.PUBLIC,
    "GET /docs": Access.PUBLIC,
    "GET /metrics": Access.METRICS,
    "GET /api/health": Access.PUBLIC,
    "GET /api/metrics": Access.DISPLAY,
    "GET /ws/metrics": Access.SOCKET,
    "GET /api/auth/setup": Access.PUBLIC,
    "POST /api/auth/setup": Access.PUBLIC,
    "POST /api/auth/link": Access.PUBLIC,
    "POST /api/auth/login": Access.PUBLIC,
    "POST /api/auth/refresh": Access.PUBLIC,
    "POST /api/auth/logout": Access.SESSION,
    "POST /api/auth/change-password": Access.SESSION,
    "GET /api/auth/me": Access.DISPLAY,
    "PUT /api/auth/me": Access.SESSION,
    "GET /api/system/health": Access.PUBLIC,
    "GET /api/system/config": Access.USER,
    "PUT /api/system/config": Access.OWNER,
    "POST /api/system/backup": Access.OWNER,
    "GET /api/system/backups": Access.ADMIN,
    "GET /api/audit": Access.OWNER,
    "GET /api/audit/export": Access.OWNER,
    "GET /api/tokens": Access.SESSION,
    "POST /api/tokens": Access.SESSION,
    "DELETE /api/tokens/{token_id}": Access.SESSION,
    "GET /api/users": Access.ADMIN_SESSION,
    "POST /api/users": Access.OWNER_SESSION,
    "DELETE /api/users/{user_id}": Access.OWNER_SESSION,
    "GET /api/sites": Access.DISPLAY,
    "POST /api/sites": Access.ADMIN,
    "PUT /api/sites/{site_id}": Access.ADMIN,
    "DELETE /api/sites/{site_id}": Access.ADMIN,
    "GET /api/devices": Access.DISPLAY,
    "POST /api/devices": Access.ADMIN,
    "POST /api/devices/check": Access.ADMIN,
    "POST /api/devices/preview": Access.ADMIN,
    "GET /api/devices/stream": Access.STREAM,
    "GET /api/devices/{device_id}": Access.DISPLAY,
    "PUT /api/devices/{device_id}": Access.ADMIN,
    "DELETE /api/devices/{device_id}": Access.ADMIN,
    "GET /api/devices/{device_id}/latest": Access.DISPLAY,
    "POST /api/devices/{device_id}/test-connection": Access.ADMIN,
    "GET /api/devices/{device_id}/controls": Access.USER,
    "POST /api/devices/{device_id}/points/{key}/write": Access.ADMIN,
    "POST /api/devices/{device_id}/commands/{key}": Access.ADMIN,
    "GET /api/devices/{device_id}/plan": Access.DISPLAY,
    "DELETE /api/devices/{device_id}/plan": Access.ADMIN,
    "POST /api/discover": Access.ADMIN,
    "GET /api/links": Access.DISPLAY,
    "GET /api/links/trace": Access.USER,
    "PUT /api/links/options": Access.ADMIN,
    "GET /api/profiles": Access.DISPLAY,
    "GET /api/profiles/files": Access.USER,
    "GET /api/profiles/files/{key}": Access.USER,
    "PUT /api/profiles/files/{key}": Access.ADMIN,
    "DELETE /api/profiles/files/{key}": Access.ADMIN,
    "POST /api/profiles/check": Access.ADMIN,
    "GET /api/readings/{device_id}": Access.DISPLAY,
    "GET /api/readings/{device_id}/latest": Access.DISPLAY,
    "GET /api/readings/{device_id}/count": Access.DISPLAY,
    "GET /api/register_readings/latest/{device_id}": Access.DISPLAY,
    "GET /api/register_readings/range": Access.DISPLAY,
    "GET /api/register_readings/{device_id}/{register_address}": Access.DISPLAY,
    "GET /api/register_readings/{device_id}": Access.DISPLAY,
    "GET /api/groups": Access.DISPLAY,
    "POST /api/groups": Access.ADMIN,
    "GET /api/groups/{group_id}": Access.DISPLAY,
    "PUT /api/groups/{group_id}": Access.ADMIN,
    "DELETE /api/groups/{group_id}": Access.ADMIN,
    "GET /api/groups/{group_id}/alerts": Access.DISPLAY,
    "GET /api/groups/{group_id}/readings": Access.DISPLAY,
    "GET /api/history/trend-logs": Access.DISPLAY,
    "POST /api/history/trend-logs": Access.ADMIN,
    "GET /api/history/trend-logs/{trend_log_id}": Access.DISPLAY,
    "PUT /api/history/trend-logs/{trend_log_id}": Access.ADMIN,
    "DELETE /api/history/trend-logs/{trend_log_id}": Access.ADMIN,
    "GET /api/device/{device_id}/data": Access.DISPLAY,
    "POST /api/device/{device_id}/data": Access.ADMIN,
    "GET /api/device/{device_id}/point/{point_type}/{point_number}": Access.DISPLAY,
    "GET /api/timeseries/{device_id}/{point_type}/{point_number}": Access.DISPLAY,
    "POST /api/timeseries/batch": Access.ADMIN,
    "GET /api/trend-logs/{device_id}": Access.DISPLAY,
    "POST /api/trend-logs/{device_id}": Access.ADMIN,
    "GET /api/monitoring-points/{device_id}": Access.DISPLAY,
    "GET /api/health/metrics": Access.DISPLAY,
    "GET /api/trend": Access.DISPLAY,
    "GET /api/writes": Access.USER,
    "GET /api/notifications": Access.USER,
    "GET /api/notifications/unread-count": Access.USER,
    "GET /api/notifications/stream": Access.USER_STREAM,
    "PUT /api/notifications/read-all": Access.USER,
    "GET /api/notifications/{notification_id}": Access.USER,
    "PUT /api/notifications/{notification_id}/read": Access.USER,
    "DELETE /api/notifications/{notification_id}": Access.USER,
    "GET /api/history/buckets": Access.DISPLAY,
    "GET /api/history/samples": Access.DISPLAY,
    "GET /api/history/states": Access.DISPLAY,
    "GET /api/export/device/{device_id}": Access.USER,
    "GET /api/export/devices": Access.USER,
    "GET /api/export/group/{group_id}": Access.USER,
}
"""By method and path, as in the description of the API."""
