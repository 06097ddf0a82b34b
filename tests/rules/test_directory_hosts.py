"""Which servers an organisation's directory may stand on."""

import pytest

from egon.registry.directory_rules import may_be_reached

ALLOWED = ["AD.kraj.example", "ldap.kraj.example:6360", "any.kraj.example:*", "[fd00::5]:636"]


@pytest.mark.parametrize(
    ("host", "port", "may"),
    [
        ("ad.kraj.example", 636, True),
        (" AD.KRAJ.EXAMPLE. ", 389, True),
        ("ad.kraj.example", 22, False),
        ("ldap.kraj.example", 6360, True),
        ("ldap.kraj.example", 636, False),
        ("any.kraj.example", 40123, True),
        ("fd00::5", 636, True),
        ("fd00::5", 389, False),
        ("kraj.example", 636, False),
        ("ad.kraj.example.attacker.example", 636, False),
        ("127.0.0.1", 636, False),
        ("", 636, False),
    ],
)
def test_only_allowed_servers_are_reached(host, port, may):
    assert may_be_reached(host, port, ALLOWED) is may


def test_without_a_list_none_is():
    assert not may_be_reached("ad.kraj.example", 636, [])
