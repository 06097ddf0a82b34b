"""Reading HTML forms: url-encoded and multipart (RFC 7578), with files."""

import re
from dataclasses import dataclass, field
from email.message import Message
from typing import Final
from urllib.parse import parse_qsl

MAX_PARTS: Final = 300
_NAME: Final = re.compile(r'(?:^|;)\s*name="((?:[^"\\]|\\.)*)"')
_FILE_NAME: Final = re.compile(r'(?:^|;)\s*filename="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True, slots=True)
class UploadedFile:
    """A file from a form; the name carries no path."""

    name: str
    content: bytes


@dataclass(slots=True)
class Form:
    """Fields and files of a form."""

    fields: dict[str, str] = field(default_factory=dict)
    files: list[UploadedFile] = field(default_factory=list)

    def text(self, name: str) -> str:
        return self.fields.get(name, "").strip()


def read(content_type: str, body: bytes) -> Form:
    """A form of either kind; ``ValueError`` when it is broken."""
    header = Message()
    header["Content-Type"] = content_type
    if header.get_content_type() == "multipart/form-data":
        boundary = header.get_param("boundary")
        if not isinstance(boundary, str) or not boundary:
            raise ValueError("multipart without a boundary")
        return _multipart(boundary.encode("latin-1"), body)
    pairs = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MAX_PARTS)
    return Form(fields=dict(pairs))


def _multipart(boundary: bytes, body: bytes) -> Form:
    pieces = (b"\r\n" + body).split(b"\r\n--" + boundary)
    if len(pieces) > MAX_PARTS:
        raise ValueError("too many parts")
    form = Form()
    for piece in pieces[1:]:
        if piece.startswith(b"--"):
            return form
        head, separator, content = piece.partition(b"\r\n\r\n")
        if not separator:
            raise ValueError("a part without an end of its head")
        _add(form, head.decode("utf-8", "replace"), content)
    raise ValueError("the closing boundary is missing")


def _add(form: Form, head: str, content: bytes) -> None:
    for line in head.split("\r\n"):
        label, _, value = line.partition(":")
        if label.strip().lower() != "content-disposition":
            continue
        name, file_name = _NAME.search(value), _FILE_NAME.search(value)
        if file_name is not None:
            shown = _plain(file_name.group(1))
            if shown or content:
                form.files.append(UploadedFile(re.split(r"[/\\]", shown)[-1], content))
        elif name is not None:
            form.fields[_plain(name.group(1))] = content.decode("utf-8", "replace")


def _plain(quoted: str) -> str:
    """Browsers write quotes and line ends inside a name as percent codes (WHATWG)."""
    return quoted.replace("%22", '"').replace("%0D%0A", " ").replace("%0A", " ").replace('\\"', '"')
