"""Forms of signing in and of changing one's password."""

from django import forms

from egon.identity.rules import LONGEST_PASSWORD, SHORTEST_PASSWORD


class SignInForm(forms.Form):
    """Name and password."""

    login = forms.CharField(
        label="Přihlašovací jméno",
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "username", "autocapitalize": "none", "autofocus": True}),
    )
    password = forms.CharField(
        label="Heslo",
        max_length=LONGEST_PASSWORD,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )


class InvitationForm(forms.Form):
    """A new password twice."""

    new = forms.CharField(
        label="Nové heslo",
        strip=False,
        help_text=f"Aspoň {SHORTEST_PASSWORD} znaků. Nejsnáz se pamatuje několik slov za sebou.",
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )
    again = forms.CharField(
        label="Nové heslo ještě jednou",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
    )

    def clean(self) -> dict[str, str]:
        """Both entries of the new password must be the same."""
        data = dict(super().clean() or self.cleaned_data)
        if "new" in data and "again" in data and data["new"] != data["again"]:
            self.add_error("again", "Obě nová hesla se musí shodovat.")
        return data


class ChangePasswordForm(InvitationForm):
    """The present password, and the new one twice."""

    current = forms.CharField(
        label="Současné heslo",
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
    )

    field_order = ("current", "new", "again")
