"""Addresses of the organisation's administration."""

from django.urls import URLPattern, path

from egon.web.registry.views import code_lists, configuration, numbering, people, substitutions, units

urlpatterns: list[URLPattern] = [
    path("", units.unit_tree, name="registry-units"),
    path("organizace/nova/", units.new_unit, name="registry-unit-new"),
    path("organizace/<int:pk>/", units.unit_detail, name="registry-unit"),
    path("organizace/<int:pk>/misto/", units.add_position, name="registry-position-add"),
    path("misto/<int:pk>/obsadit/", units.fill_position, name="registry-position-fill"),
    path("misto/<int:pk>/zrusit/", units.remove_position, name="registry-position-remove"),
    path("osoby/", people.people_list, name="registry-people"),
    path("osoby/nova/", people.new_person, name="registry-person-new"),
    path("osoby/<int:pk>/", people.person_detail, name="registry-person"),
    path("osoby/<int:pk>/upravit/", people.edit_person, name="registry-person-edit"),
    path("osoby/<int:pk>/role/", people.grant_role, name="registry-role-grant"),
    path("role/<int:pk>/odebrat/", people.withdraw_role, name="registry-role-withdraw"),
    path("osoby/<int:pk>/ucet/", people.give_account, name="registry-account"),
    path("osoby/<int:pk>/ucet/odblokovat/", people.unlock_account, name="registry-account-unlock"),
    path("osoby/<int:pk>/ucet/heslo/", people.reset_password, name="registry-account-password"),
    path("osoby/<int:pk>/ukoncit/", people.deactivate_person, name="registry-person-deactivate"),
    path("osoby/<int:pk>/vratit/", people.reactivate_person, name="registry-person-reactivate"),
    path("zastupy/", substitutions.substitution_list, name="registry-substitutions"),
    path("zastupy/<int:pk>/ukoncit/", substitutions.end_substitution, name="registry-substitution-end"),
    path("cislovani/", numbering.numbering_page, name="registry-numbering"),
    path("cislovani/nahled/", numbering.preview, name="registry-numbering-preview"),
    path("cislovani/obdobi/", numbering.new_period, name="registry-period-new"),
    path("cislovani/obdobi/<int:pk>/", numbering.edit_period, name="registry-period"),
    path("cislovani/obdobi/<int:pk>/zrusit/", numbering.remove_period, name="registry-period-remove"),
    path("konfigurace.pdf", configuration.print_configuration, name="registry-configuration"),
    path("ciselniky/", code_lists.code_list_page, name="registry-code-lists"),
    path("ciselniky/<int:pk>/", code_lists.edit_code, name="registry-code"),
]
