"""What TLS links trust."""

import ssl

from stripchart.drivers.modbus.stream import tls_context


def test_tls_checks_certificate_and_name() -> None:
    context = tls_context()
    assert context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
