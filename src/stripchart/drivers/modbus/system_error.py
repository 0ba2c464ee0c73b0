"""Why a connection failed: what the operating system, the resolver or TLS says, in words and by code."""

import os
import socket
import ssl

from stripchart.drivers.base import LinkDownError
from stripchart.model.cause import Cause, CauseCode, Why
from stripchart.model.device import LinkAddress
from stripchart.model.system_cause import number_cause


def os_reason(error: OSError) -> str:
    """In words, without the address."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"certificate not accepted: {error.verify_message}"
    if error.errno is not None and not isinstance(error, ssl.SSLError | socket.gaierror):
        return os.strerror(error.errno).lower()
    return (error.strerror or str(error) or type(error).__name__).lower()


def os_cause(error: OSError) -> Cause:
    """By code."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return Cause(CauseCode.CERTIFICATE, {"said": error.verify_message})
    if isinstance(error, socket.gaierror):
        return Cause(CauseCode.UNKNOWN_HOST)
    if isinstance(error, ssl.SSLError):
        return Cause(CauseCode.SYSTEM, {"said": os_reason(error)})
    if isinstance(error, ConnectionResetError):  # a transport may raise it without a number
        return Cause(CauseCode.CONNECTION_RESET)
    return number_cause(error.errno, os_reason(error))


def link_down(place: LinkAddress, error: OSError) -> LinkDownError:
    """There is no connection to that place."""
    return LinkDownError(f"{place}: {os_reason(error)}", cause=os_cause(error))


def loss(error: Exception | None) -> Why:
    """Why a connection ended that was there, in words and by code."""
    if isinstance(error, OSError):
        return Why(f"the connection was lost: {os_reason(error)}", os_cause(error))
    return Why("the connection was lost: the other side closed the connection", Cause(CauseCode.CONNECTION_CLOSED))
