"""What bytes from outside can be guilty of."""


class BadFrameError(ValueError):
    """The bytes are no Modbus frame, or no answer to what was asked; the message says what is wrong with them.

    On a stream (MBAP) the place where the next frame starts is lost as well: the connection has to be closed.
    """


class IllegalRequestError(ValueError):
    """A server cannot serve the request; `code` is the exception it answers (1 function, 2 address, 3 value)."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(f"{reason} (exception {code})")
        self.code = code
