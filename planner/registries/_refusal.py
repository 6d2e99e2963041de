"""Refusals of registries: the error for a status, with what the registry said and what to do about it."""

from planner import clock
from planner.errors import NotFound, RateLimited, RegistryError, Unauthorized, Unavailable
from planner.registries import docker_hub
from planner.registries._challenge import challenges
from planner.registries.answer import Answer, clean, text


class CredentialsRefused(Unauthorized):
    """Credentials are wrong, or cannot be used. That says nothing about the image."""


def refusal(answer: Answer, subject: str) -> RegistryError:
    """Return the error for an answer that is not what was asked for; `subject` is what was asked about."""
    error = _error(answer, subject)
    error.code, error.host, error.said = answer.status, answer.host, words(answer)
    return error


def words(answer: Answer) -> str:
    """Return the registry's own words: of the body or, as a HEAD has none, of the `error` of a challenge."""
    said = text(answer).partition(" ")[2]
    found = challenges(answer.headers.all("www-authenticate")) if not said else ()
    return said or next((clean(each.get("error")) for each in found if each.get("error")), "")


def _error(answer: Answer, subject: str) -> RegistryError:
    said = f"{subject}: {text(answer)}"
    match answer.status:
        case 401 | 403:
            return Unauthorized(said, hint=_rights(subject))
        case 404:
            return NotFound(said)
        case 413:
            return RegistryError(said, hint="the registry takes nothing so large")
        case 429:
            return _limit(answer, subject)
        case 507:
            return Unavailable(said, hint="the registry is full: make room there, or have its quota raised")
        case status if status >= 500 or status == 408:
            return Unavailable(said)
        case status if status < 400:
            return RegistryError(f"{subject}: an answer that does not fit: {text(answer)}")
        case _:
            return RegistryError(said)


def _rights(subject: str) -> str:
    if _is_google(subject):
        return "a repository that does not exist is answered alike: check that it does, and the roles on it"
    return f"log in with `docker login {subject.partition('/')[0]}`, if the image is private"


def _is_google(subject: str) -> bool:
    return subject.partition("/")[0].endswith("pkg.dev")


def _limit(answer: Answer, subject: str) -> RateLimited:
    if docker_hub.is_pull_limit(answer):
        until = docker_hub.until(answer, clock.now())
        return RateLimited(f"{subject}: the pull limit is reached", hint="pull less, or log in", until=until)
    if _is_google(subject):  # a remote repository says no more when its upstream gives no pulls
        told = f"{subject}: too many requests (429): of the project, or of pulls at the repository's upstream"
        return RateLimited(told, hint="wait: minutes, or hours", passing=True)
    told = f"{subject}: too many requests in a short time (429), which is not the pull limit"
    return RateLimited(told, hint="wait some minutes", passing=True)
