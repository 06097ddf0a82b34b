"""The print of the configuration tells what is set, to the administrator only."""

from io import BytesIO

import pypdfium2
import pytest
from tests.doors.browser import signed_in

from egon.records import queries
from egon.records.models import DocumentKind, DocumentTemplate, RecordsSettings
from egon.registry.models import CodeListItem, RoleGrant
from egon.tenancy.scope import tenant_scope

pytestmark = pytest.mark.django_db


@pytest.mark.norm("5.2.14")
def test_the_administrator_prints_numbering_units_roles_kinds_templates_and_code_lists(world):
    with tenant_scope(world.region.pk):
        RecordsSettings.objects.update(reference_format="ZKOUSKA {number}/{year}")
        CodeListItem.objects.create(code_list="barvy", code="M", name="Modrá", valid_from="2020-01-01")
        told = ["ZKOUSKA {number}/{year}", "Modrá"]
        told += [unit.name for unit in world.units.values() if unit.valid_to is None]
        told += [grant.get_role_display() for grant in RoleGrant.objects.all()]
        told += [kind.name for kind in DocumentKind.objects.filter(valid_to=None)]
        told += [template.name for template in DocumentTemplate.objects.filter(active=True)]
        assert queries.settings_of_originator().reference_format == told[0]
    answer = signed_in("svoboda").get("/sprava/konfigurace.pdf")
    pages = pypdfium2.PdfDocument(BytesIO(answer.content))
    text = " ".join("\n".join(page.get_textpage().get_text_range() for page in pages).split())
    assert [one for one in told if " ".join(one.split()) not in text] == []


@pytest.mark.norm("5.2.14")
def test_nobody_else_prints_the_configuration(world):
    for login in ("dvorak", "fiala"):
        assert signed_in(login).get("/sprava/konfigurace.pdf").status_code == 403
