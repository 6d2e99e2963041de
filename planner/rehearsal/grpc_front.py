"""The Artifact Registry API over gRPC: each call is turned into the one over REST, and the answer back.

So both transports have one state and one set of rules. Operations are served on the same channel, as Google
does (https://google.aip.dev/151).
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, NoReturn

import grpc
from google.cloud import artifactregistry_v1 as ar
from google.cloud.location import locations_pb2
from google.iam.v1 import iam_policy_pb2, policy_pb2
from google.longrunning import operations_pb2
from google.protobuf import json_format
from google.protobuf.message import Message
from google.rpc import error_details_pb2, status_pb2

from planner.rehearsal.api_errors import NUMBERS
from planner.rehearsal.exchange import Answer, Call, Kind
from planner.rehearsal.server import Responder

_ARTIFACTS = "google.devtools.artifactregistry.v1.ArtifactRegistry"
_KNOWN_DETAILS = error_details_pb2.ErrorInfo.DESCRIPTOR  # so that a detail of this type can be written

Document = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class _Method:
    name: str  # /service/method
    request: type[Message]
    response: type[Message]
    verb: str
    path: tuple[str, ...]  # where the resource stands in the request
    suffix: str = ""  # of the path over REST
    body: str = ""  # the member that is sent; "*" is the whole request


def _methods() -> tuple[_Method, ...]:
    repository, operation = ar.Repository.pb(), operations_pb2.Operation
    perimeter, policy = ar.VPCSCConfig.pb(), policy_pb2.Policy
    page, tested = ar.ListRepositoriesResponse.pb(), iam_policy_pb2.TestIamPermissionsResponse
    return (
        _own("GetRepository", ar.GetRepositoryRequest, repository, "GET", ("name",)),
        _own("ListRepositories", ar.ListRepositoriesRequest, page, "GET", ("parent",), "/repositories"),
        _own(
            "CreateRepository",
            ar.CreateRepositoryRequest,
            operation,
            "POST",
            ("parent",),
            "/repositories",
            "repository",
        ),
        _own(
            "UpdateRepository",
            ar.UpdateRepositoryRequest,
            repository,
            "PATCH",
            ("repository", "name"),
            body="repository",
        ),
        _own("DeleteRepository", ar.DeleteRepositoryRequest, operation, "DELETE", ("name",)),
        _own("GetVPCSCConfig", ar.GetVPCSCConfigRequest, perimeter, "GET", ("name",)),
        _own(
            "UpdateVPCSCConfig",
            ar.UpdateVPCSCConfigRequest,
            perimeter,
            "PATCH",
            ("vpcscConfig", "name"),
            body="vpcscConfig",
        ),
        _iam("GetIamPolicy", iam_policy_pb2.GetIamPolicyRequest, policy, "GET"),
        _iam("SetIamPolicy", iam_policy_pb2.SetIamPolicyRequest, policy, "POST"),
        _iam("TestIamPermissions", iam_policy_pb2.TestIamPermissionsRequest, tested, "POST"),
        _Method(
            "/google.longrunning.Operations/GetOperation",
            operations_pb2.GetOperationRequest,
            operation,
            "GET",
            ("name",),
        ),
        _Method(
            "/google.cloud.location.Locations/ListLocations",
            locations_pb2.ListLocationsRequest,
            locations_pb2.ListLocationsResponse,
            "GET",
            ("name",),
            "/locations",
        ),
    )


def _own(
    name: str,
    request: Any,  # Any: a class of proto-plus, which is not typed
    response: type[Message],
    verb: str,
    path: tuple[str, ...],
    suffix: str = "",
    body: str = "",
) -> _Method:
    return _Method(f"/{_ARTIFACTS}/{name}", request.pb(), response, verb, path, suffix, body)


def _iam(name: str, request: type[Message], response: type[Message], verb: str) -> _Method:
    suffix, body = f":{name[0].lower()}{name[1:]}", "*" if verb == "POST" else ""
    return _Method(f"/{_ARTIFACTS}/{name}", request, response, verb, ("resource",), suffix, body)


@asynccontextmanager
async def serve_grpc(respond: Responder) -> AsyncIterator[str]:
    """Serve until the block ends; yield the endpoint, `grpc://127.0.0.1:PORT`.

    Calls are answered on the loop of whoever opened this, so that what they change has one owner. A server
    stops as soon as nobody refers to it: this frame does.
    """
    loop = asyncio.get_running_loop()

    def ask(call: Call) -> Answer:
        return asyncio.run_coroutine_threadsafe(_answer(respond, call), loop).result()

    server = grpc.server(ThreadPoolExecutor(4, thread_name_prefix="grpc-front"))
    server.add_generic_rpc_handlers((_Handlers(ask),))
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        yield f"grpc://127.0.0.1:{port}"
    finally:
        await asyncio.to_thread(server.stop(None).wait)


async def _answer(respond: Responder, call: Call) -> Answer:
    return await respond(call)


class _Handlers(grpc.GenericRpcHandler):  # type: ignore[misc]  # grpc is not typed
    """Which method answers a call."""

    def __init__(self, ask: Callable[[Call], Answer]) -> None:
        self._known = {method.name: _handler(method, ask) for method in _methods()}

    def service(self, handler_call_details: Any) -> Any:  # Any: grpc is not typed
        """Return the handler of a call, None for a method that is not served."""
        return self._known.get(handler_call_details.method)


def _handler(method: _Method, ask: Callable[[Call], Answer]) -> Any:  # Any: grpc is not typed
    def answer(request: Message, context: Any) -> Message:
        headers = {name.lower(): value for name, value in context.invocation_metadata()}
        answered = ask(_call(method, json_format.MessageToDict(request), headers))
        document = json.loads(answered.body)
        if answered.status != 200:
            _abort(context, document["error"])
        return json_format.ParseDict(document, method.response(), ignore_unknown_fields=True)

    return grpc.unary_unary_rpc_method_handler(
        answer,
        request_deserializer=method.request.FromString,
        response_serializer=lambda message: message.SerializeToString(),
    )


def _call(method: _Method, request: dict[str, Any], headers: Mapping[str, str]) -> Call:
    """Return the call over REST that asks for the same."""
    resource: Any = request
    for name in method.path:
        resource = resource.get(name, "")
    sent = request if method.body == "*" else request.get(method.body, {})
    query = {
        name: (str(value),) for name, value in request.items() if isinstance(value, str | int) and value != ""
    }
    return Call(
        method=method.verb,
        kind=Kind.OTHER,
        path=f"/v1/{resource}{method.suffix}",
        query=query,
        headers=headers,
        body=json.dumps(sent).encode() if method.body else b"",
    )


def _abort(context: Any, error: dict[str, Any]) -> NoReturn:
    """End a call with an error, its details where Google has them: in the trailing metadata."""
    status = json_format.ParseDict(
        {
            "code": NUMBERS[error["status"]],
            "message": error["message"],
            "details": error.get("details", []),
        },
        status_pb2.Status(),
    )
    context.set_trailing_metadata((("grpc-status-details-bin", status.SerializeToString()),))
    context.abort(grpc.StatusCode[error["status"]], error["message"])
    raise AssertionError("abort raises")
