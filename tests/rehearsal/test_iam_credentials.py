"""Tokens that act for service accounts."""

import asyncio
import json
from datetime import datetime

import pytest

from planner.rehearsal.directory import Account, Directory
from planner.rehearsal.exchange import Call, Kind
from planner.rehearsal.iam_credentials import IamCredentials

ADDRESS = "app@acme.iam.gserviceaccount.com"
WANTED = {"scope": ["https://www.googleapis.com/auth/cloud-platform"], "lifetime": "300s"}


def asked(directory, request, address=ADDRESS):
    path = f"/v1/projects/-/serviceAccounts/{address}:generateAccessToken"
    call = Call("POST", Kind.OTHER, path, body=json.dumps(request).encode())
    answer = asyncio.run(IamCredentials(directory).answer(call))
    return answer.status, json.loads(answer.body)


def test_token_acts_for_the_account_until_it_ends():
    directory = Directory({ADDRESS: Account()})
    status, given = asked(directory, WANTED)
    assert (status, directory.member(given["accessToken"])) == (200, f"serviceAccount:{ADDRESS}")
    assert datetime.fromisoformat(given["expireTime"]).tzinfo is not None


def test_two_tokens_are_not_the_same():
    directory = Directory({ADDRESS: Account()})
    assert asked(directory, WANTED)[1]["accessToken"] != asked(directory, WANTED)[1]["accessToken"]


def test_account_that_is_not_there_is_not_found():
    assert asked(Directory(), WANTED)[0] == 404


def test_account_that_is_not_lent_is_denied():
    assert asked(Directory({ADDRESS: Account(lent=False)}), WANTED)[0] == 403


@pytest.mark.parametrize(
    "request_", [{}, {"scope": []}, {**WANTED, "lifetime": "7200s"}, {**WANTED, "lifetime": "1h"}]
)
def test_impossible_request_is_refused(request_):
    assert asked(Directory({ADDRESS: Account()}), request_)[0] == 400
