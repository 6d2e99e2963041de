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
    "RESOURCE_EXHAUSTED": 429,
    "INTERNAL": 500,
    "UNIMPLEMENTED": 501,
    "UNAVAILABLE": 503,
}
NUMBERS = {
    "INVALID_ARGUMENT": 3,
    "NOT_FOUND": 5,
    "ALREADY_EXISTS": 6,
    "PERMISSION_DENIED": 7,
    "RESOURCE_EXHAUSTED": 8,
    "FAILED_PRECONDITION": 9,
    "ABORTED": 10,
    "UNIMPLEMENTED": 12,
    "INTERNAL": 13,
    "UNAVAILABLE": 14,
    "UNAUTHENTICATED": 16,
}
"""Canonical codes (https://github.com/googleapis/googleapis/blob/master/google/rpc/code.proto)."""


class ApiError(Exception):
    """A request that the API refuses; `status` is the name of a canonical code."""

    def __init__(self, status: str, message: str, reason: str = "") -> None:
        super().__init__(message)
        self.status = status
        self.message = message
        self.reason = reason  # for programs, such as SERVICE_DISABLED

    @property
    def code(self) -> int:
        """The HTTP status."""
        return _STATUS[self.status]

    @property
    def details(self) -> list[dict[str, object]]:
        """What is said for programs."""
        if not self.reason:
            return []
        kind = "type.googleapis.com/google.rpc.ErrorInfo"
        return [{"@type": kind, "reason": self.reason, "domain": "googleapis.com"}]

    def answer(self) -> Answer:
        """Return the error as a response."""
        error: dict[str, object] = {"code": self.code, "message": self.message, "status": self.status}
        if self.details:
            error["details"] = self.details
        return document({"error": error}, status=self.code)


def not_found() -> ApiError:
    """Return the error for what is not there."""
    return ApiError("NOT_FOUND", "Requested entity was not found.")
