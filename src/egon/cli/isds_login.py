"""How the command line logs in: options, a TOML file, environment variables; a password is never an argument."""

import argparse
import getpass
import os
import sys
import tomllib
from pathlib import Path
from typing import Any

from egon.gateways.isds import (
    ENVIRONMENTS,
    ClientCertificate,
    Environment,
    HostedRecordsLogin,
    IsdsClient,
    Login,
    PasswordLogin,
    SystemCertificateLogin,
    UserCertificateLogin,
)
from egon.gateways.isds.sessions import MobileKeyLogin, SmsCodeLogin
from egon.kernel.errors import Misconfigured

_OPTIONS = (
    "user",
    "environment",
    "certificate",
    "certificate_key",
    "box",
    "ca_file",
    "password_file",
    "certificate_password_file",
)


def add_login_options(parser: argparse.ArgumentParser) -> None:
    """Options common to all commands that speak with ISDS."""
    group = parser.add_argument_group("přihlášení")
    names = ", ".join(ENVIRONMENTS)
    group.add_argument("--config", type=Path, help="soubor TOML s přihlášením (nebo EGON_ISDS_CONFIG)")
    group.add_argument("--environment", "--env", help=f"{names}, nebo adresa http(s)://… (nebo EGON_ISDS_ENVIRONMENT)")
    group.add_argument("--user", help="přihlašovací jméno (nebo EGON_ISDS_USER)")
    group.add_argument("--password-file", type=Path, help="soubor s heslem; jinak EGON_ISDS_PASSWORD nebo dotaz")
    group.add_argument("--certificate", type=Path, action="append", help="certifikát; při výměně lze uvést dva")
    group.add_argument("--certificate-key", type=Path, help="klíč PEM, není-li v souboru s certifikátem")
    group.add_argument("--certificate-password-file", type=Path, help="heslo ke klíči (nebo EGON_ISDS_KEY_PASSWORD)")
    group.add_argument("--box", help="schránka, za kterou jedná hostovaná spisová služba")
    group.add_argument("--ca-file", type=Path, help="jediné důvěryhodné kořenové certifikáty (PEM)")
    group.add_argument("--sms", action="store_true", help="potvrdit kódem z SMS")
    group.add_argument("--mobile-key", action="store_true", help="heslem je komunikační kód, potvrdit mobilním klíčem")


def open_client(given: argparse.Namespace) -> IsdsClient:
    """A client by what was given. Raises ``Misconfigured`` when it is not enough."""
    settings = _settings(given)
    environment = _environment(settings)
    return IsdsClient(environment, _login(given, settings, environment))


def _settings(given: argparse.Namespace) -> dict[str, Any]:
    """Options first, then environment variables, then the file."""
    path = given.config or os.environ.get("EGON_ISDS_CONFIG")
    found: dict[str, Any] = {}
    if path:
        try:
            found = tomllib.loads(Path(path).read_text(encoding="utf-8"))
        except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
            raise Misconfigured(f"Soubor s přihlášením {path} není platný TOML.", detail=str(error)) from error
    if "password" in found:
        raise Misconfigured("Heslo do souboru s přihlášením nepatří. Uložte je zvlášť a uveďte password_file.")
    for name in _OPTIONS:
        value = getattr(given, name) or os.environ.get(f"EGON_ISDS_{name.upper()}")
        if value:
            found[name] = value
    return found


def _environment(settings: dict[str, Any]) -> Environment:
    name = str(settings.get("environment") or "production")
    ca_file = Path(settings["ca_file"]) if settings.get("ca_file") else None
    if name.startswith(("http://", "https://")):
        return Environment.at(name, ca_file=ca_file)
    known = ENVIRONMENTS.get(name)
    if known is None:
        raise Misconfigured(f"Prostředí „{name}“ neznám. Použijte některé z: {', '.join(ENVIRONMENTS)}.")
    return Environment(known.label, domain=known.domain, ca_file=ca_file)


def _login(given: argparse.Namespace, settings: dict[str, Any], environment: Environment) -> Login:
    certificates = _certificates(settings)
    user, box = str(settings.get("user") or ""), str(settings.get("box") or "")
    if certificates and box:
        return HostedRecordsLogin(box, certificates)
    if certificates and not user:
        return SystemCertificateLogin(certificates)
    if not user:
        raise Misconfigured("Chybí přihlášení: uveďte --user, --certificate nebo --config (viz ./egon isds --help).")
    password = _secret("EGON_ISDS_PASSWORD", settings.get("password_file"), f"Heslo uživatele {user}: ")
    if certificates:
        return UserCertificateLogin(user, password, certificates)
    if given.sms:
        with SmsCodeLogin(environment, user, password) as flow:
            flow.request_code()
            return flow.confirm(input("Kód z SMS: "))
    if given.mobile_key:
        with MobileKeyLogin(environment, user, password) as key:
            key.start()
            print("Potvrďte přihlášení v mobilním klíči…", file=sys.stderr)
            return key.wait()
    return PasswordLogin(user, password)


def _certificates(settings: dict[str, Any]) -> tuple[ClientCertificate, ...]:
    paths = settings.get("certificate") or []
    paths = [paths] if isinstance(paths, str | Path) else paths
    if not paths:
        return ()
    key = Path(settings["certificate_key"]) if settings.get("certificate_key") else None
    file = settings.get("certificate_password_file")
    password = os.environ.get("EGON_ISDS_KEY_PASSWORD", "") if not file else _line_of(Path(file))
    return tuple(ClientCertificate.from_file(Path(path), password, key_path=key) for path in paths)


def _secret(variable: str, file: Any, question: str) -> str:
    if file:
        return _line_of(Path(file))
    return os.environ.get(variable) or getpass.getpass(question)


def _line_of(path: Path) -> str:
    return path.read_text(encoding="utf-8").splitlines()[0] if path.stat().st_size else ""
