"""What can go wrong with the catalog.

CatalogError
|- NotFoundError            no such site or device
|- DuplicateError           the code or name is taken
|- InvalidReferenceError    a field names something that is not there
|- InvalidValueError        a field has a value that is not allowed
|- InUseError               cannot be removed while others depend on it
`- CatalogUnavailableError  the database cannot be reached, is broken, or is of a newer release
"""

from stripchart.model.complaint import Complaint


class CatalogError(Exception):
    """The catalog refused; nothing was changed. `field` is the field at fault, None when no field is.

    `complaint` says the same as the message, by code; None: there is no code.
    """

    def __init__(self, message: str, field: str | None = None, complaint: Complaint | None = None) -> None:
        super().__init__(message)
        self.field, self.complaint = field, complaint


class NotFoundError(CatalogError):
    """There is no site or device with this id, or there is none any more."""


class DuplicateError(CatalogError):
    """Another one has this code or name; capital letters make no difference."""


class InvalidReferenceError(CatalogError):
    """The field names something the catalog does not have."""


class InvalidValueError(CatalogError):
    """The field has a value that is not allowed; the message says what is."""


class InUseError(CatalogError):
    """It has others that depend on it; remove those first."""


class CatalogUnavailableError(CatalogError):
    """The database cannot be used now; the message names it and says what to do."""
