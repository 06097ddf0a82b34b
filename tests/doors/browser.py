"""A signed-in browser for tests of pages."""

from django.test import Client

from egon.world.organisations import PASSWORD


def signed_in(login: str) -> Client:
    """A browser after signing in through the page."""
    client = Client()
    response = client.post("/prihlaseni/", {"login": login, "password": PASSWORD})
    assert response.status_code == 302, response.content.decode()
    return client
