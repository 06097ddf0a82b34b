"""Wherever a person may click, they get a page: no link leads to a refusal, a missing page or a defect."""

import re
from collections import Counter, deque

import pytest
from lxml import html
from tests.doors.browser import signed_in

pytestmark = pytest.mark.django_db(databases=["default", "ops"])

PEOPLE = ("novakova", "dvorak", "mala", "svoboda", "stastna", "ticha")
OF_ONE_KIND = 2


@pytest.mark.parametrize("login", PEOPLE)
def test_no_link_leads_to_a_refusal(world, login):
    client = signed_in(login)
    waiting, known, kinds, refused = deque([("/", "")]), {"/"}, Counter(), []
    while waiting:
        address, found_on = waiting.popleft()
        answer = client.get(address)
        if answer.status_code >= 400:
            refused.append(f"{found_on} → {address}: {answer.status_code}")
        if answer.status_code != 200 or "html" not in answer["Content-Type"]:
            continue
        for link in html.fromstring(answer.content).xpath("//a/@href"):
            target = link.partition("#")[0]
            if target.startswith("?"):
                target = address.partition("?")[0] + target
            kind = re.sub(r"\d+", "N", target)
            if target.startswith("/") and target not in known and kinds[kind] < OF_ONE_KIND:
                known.add(target)
                kinds[kind] += 1
                waiting.append((target, address))
    assert len(known) > 10
    assert refused == []
