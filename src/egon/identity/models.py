"""Accounts of people who sign in. Centre tables: one account may belong to several organisations."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import Q

from egon.tenancy.models import Tenant


class AccountQuerySet(BaseUserManager["Account"]):
    """Finds accounts by login."""

    def get_by_natural_key(self, username: str | None) -> "Account":
        """The account with this login, whatever the case."""
        return self.get(login__iexact=username or "")


class Account(AbstractBaseUser):
    """A login. What it may do follows from the person it belongs to in the organisation it is working in."""

    login = models.CharField("přihlašovací jméno", max_length=60, unique=True)
    name = models.CharField("jméno", max_length=120)
    email = models.EmailField("e-mail", blank=True)
    is_active = models.BooleanField("aktivní", default=True)
    failed_attempts = models.PositiveSmallIntegerField("neúspěšné pokusy", default=0)
    locked_until = models.DateTimeField("zablokován do", null=True, blank=True)
    must_change_password = models.BooleanField("musí změnit heslo", default=False)
    created_at = models.DateTimeField("založen", auto_now_add=True)

    USERNAME_FIELD = "login"
    REQUIRED_FIELDS = ["name"]
    objects = AccountQuerySet()

    class Meta:
        verbose_name = "účet"
        verbose_name_plural = "účty"

    def __str__(self) -> str:
        return self.login


class Membership(models.Model):
    """An account may work in this organisation."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="memberships")
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="memberships")
    active = models.BooleanField("platí", default=True)
    last_used_at = models.DateTimeField("naposledy", null=True, blank=True)

    class Meta:
        verbose_name = "členství"
        verbose_name_plural = "členství"
        constraints = [models.UniqueConstraint(fields=["account", "tenant"], name="identity_membership_once")]

    def __str__(self) -> str:
        return f"{self.account} v {self.tenant}"


class Session(AbstractBaseSession):
    """A browser that is signed in (or only looks at the page of signing in): whose, since when, from where."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, null=True, related_name="sessions")
    started_at = models.DateTimeField("přihlášeno", null=True)
    ip = models.CharField("adresa", max_length=45, blank=True)
    program = models.CharField("prohlížeč", max_length=200, blank=True)

    class Meta:
        verbose_name = "přihlášení"
        verbose_name_plural = "přihlášení"

    def __str__(self) -> str:
        return f"přihlášení {self.account or 'nikoho'}"

    @classmethod
    def get_session_store_class(cls) -> type:
        """The store these rows belong to."""
        from egon.identity.sessions import SessionStore

        return SessionStore


class Invitation(models.Model):
    """A link by which a person sets the password of their account, once and for a time. Only its hash is kept."""

    account = models.ForeignKey(Account, on_delete=models.CASCADE, related_name="invitations")
    tenant = models.ForeignKey(Tenant, on_delete=models.PROTECT, related_name="+")
    token_hash = models.CharField(max_length=64, unique=True)
    issued_at = models.DateTimeField("vydáno")
    issued_by = models.CharField("vydal", max_length=200)
    expires_at = models.DateTimeField("platí do")
    used_at = models.DateTimeField("použito", null=True, blank=True)
    revoked_at = models.DateTimeField("zrušeno", null=True, blank=True)

    class Meta:
        verbose_name = "pozvánka"
        verbose_name_plural = "pozvánky"
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=Q(used_at__isnull=True, revoked_at__isnull=True),
                name="identity_invitation_one",
            )
        ]

    def __str__(self) -> str:
        return f"pozvánka účtu {self.account}"
