"""Causes of what the operating system refused, by the number of its error."""

import errno

from stripchart.model.cause import Cause, CauseCode

_CODES = {
    errno.ECONNREFUSED: CauseCode.CONNECTION_REFUSED,
    errno.EHOSTUNREACH: CauseCode.UNREACHABLE,
    errno.ENETUNREACH: CauseCode.UNREACHABLE,
    errno.EHOSTDOWN: CauseCode.UNREACHABLE,
    errno.ENETDOWN: CauseCode.UNREACHABLE,
    errno.ECONNRESET: CauseCode.CONNECTION_RESET,
    errno.ECONNABORTED: CauseCode.CONNECTION_RESET,
    errno.EPIPE: CauseCode.CONNECTION_RESET,
    errno.ETIMEDOUT: CauseCode.CONNECT_TIMEOUT,
    errno.EACCES: CauseCode.NOT_PERMITTED,
    errno.EPERM: CauseCode.NOT_PERMITTED,
    errno.ENOENT: CauseCode.NO_PORT,
    errno.ENODEV: CauseCode.NO_PORT,
    errno.ENXIO: CauseCode.NO_PORT,
    errno.EBUSY: CauseCode.PORT_IN_USE,
}


_OF_PORTS = {CauseCode.NO_PORT, CauseCode.PORT_IN_USE}


def number_cause(number: int | None, said: str) -> Cause:
    """`said`: what the system says of it."""
    code = _CODES.get(number) if number is not None else None
    return Cause(CauseCode.SYSTEM, {"said": said}) if code is None else Cause(code)


def server_cause(error: BaseException) -> Cause:
    """Why a server cannot be asked, by the error or those that it came from; `other` when none of them says."""
    each: BaseException | None = error
    while each is not None:
        if isinstance(each, OSError) and each.errno is not None:
            if each.errno < 0:  # of the resolver
                return Cause(CauseCode.UNKNOWN_HOST)
            said = (each.strerror or str(each)).lower()
            cause = number_cause(each.errno, said)
            return Cause(CauseCode.SYSTEM, {"said": said}) if cause.code in _OF_PORTS else cause
        if isinstance(each, TimeoutError):
            return Cause(CauseCode.NO_ANSWER)
        each = each.__cause__ or each.__context__
    return Cause()
