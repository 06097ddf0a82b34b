"""Addresses of signing in and out, of one's own account and password."""

from django.urls import URLPattern, path

from egon.web.identity import views

urlpatterns: list[URLPattern] = [
    path("prihlaseni/", views.sign_in_page, name="sign-in"),
    path("odhlaseni/", views.sign_out, name="sign-out"),
    path("odhlaseni/jinde/", views.sign_out_elsewhere, name="sign-out-elsewhere"),
    path("pozvanka/<str:token>/", views.invitation, name="invitation"),
    path("heslo/", views.change_password_page, name="change-password"),
    path("muj-ucet/", views.my_account, name="my-account"),
    path("organizace/prepnout/", views.switch_organisation, name="switch-organisation"),
]
