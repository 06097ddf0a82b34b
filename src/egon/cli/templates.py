"""Do all templates compile? Each is loaded by its engine, so a wrong tag or a missing library of tags shows now."""

import sys
from collections.abc import Iterator
from pathlib import Path

from egon.cli.layout import SOURCE


def template_names(source: Path = SOURCE) -> Iterator[str]:
    """Names as ``get_template`` knows them, from every ``templates`` folder under ``src/egon``."""
    for folder in sorted(source.glob("egon/**/templates")):
        for path in sorted(folder.rglob("*")):
            if path.is_file() and path.suffix in (".html", ".txt", ".xml", ".svg"):
                yield path.relative_to(folder).as_posix()


def faults_in_templates() -> tuple[int, list[str]]:
    """How many templates were compiled, and one line for each that does not compile. Django must be set up."""
    from django.template import TemplateDoesNotExist, TemplateSyntaxError
    from django.template.loader import get_template

    faults, seen = [], 0
    for name in template_names():
        seen += 1
        try:
            get_template(name)
        except TemplateDoesNotExist as error:
            faults.append(f"{name}: chybí šablona {error}")
        except (TemplateSyntaxError, UnicodeDecodeError) as error:
            faults.append(f"{name}: {error}")
    return seen, faults


def main() -> int:
    """Exit code 1 when a template does not compile."""
    import django

    django.setup()
    seen, faults = faults_in_templates()
    for fault in faults:
        print(fault)
    print(f"Šablon: {seen}, chybných: {len(faults)}.")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
