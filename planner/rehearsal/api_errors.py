"""The errors of a Google API (https://cloud.google.com/apis/design/errors)."""

from planner.rehearsal.exchange import Answer, document

_STATUS = {
    "INVALID_ARGUMENT": 400,
    "FAILED_PRECONDITION": 400,
    "UNAUTHENTICATED": 401,
    "PERMISSION_DENIED": 403,
    "NOT_FOUND": 404,
    "ALREADY_EXISTS": 409,
    "ABORTED": 409,
    "UNIMPLEMENTED": 501,
}


class ApiError(Exception):
    """A request that the API refuses; `status` is the name of a canonical code."""

    def __init__(self, status: str, message: str) -> None:
        super().__init__(message)
        self.status = status
        self.message = message

    @property
    def code(self) -> int:
        """The HTTP status."""
        return _STATUS[self.status]

    def answer(self) -> Answer:
        """Return the error as a response."""
        error = {"code": self.code, "message": self.message, "status": self.status}
        return document({"error": error}, status=self.code)


def not_found() -> ApiError:
    """Return the error for what is not there."""
    return ApiError("NOT_FOUND", "Requested entity was not found.")
