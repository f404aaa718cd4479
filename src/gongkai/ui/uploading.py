"""Forms with files: a body that is too large is refused before anything of it is kept, and no file name is mended.

Django silently mends a file name that is a path; here the view is told, so that it can refuse it by name.
"""

from collections.abc import Callable
from functools import partial, wraps
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.http.multipartparser import MultiPartParser
from django.views.decorators.csrf import csrf_exempt, csrf_protect

#: How much of a refused body is read and thrown away, so that the browser gets to see the answer.
DRAIN, CHUNK = 256 * 1024 * 1024, 1024 * 1024

View = Callable[..., HttpResponse]


class _Parser(MultiPartParser):
    """Remembers names that Django mends."""

    def __init__(self, *args: Any, **kwargs: Any):
        super().__init__(*args, **kwargs)
        self.raw_names: list[str] = []

    def sanitize_file_name(self, file_name: str) -> str | None:
        """The mended name; the one sent is kept where they differ."""
        mended = super().sanitize_file_name(file_name)
        if mended != file_name and file_name:
            self.raw_names.append(file_name)
        return mended


def _parse(request: HttpRequest, meta: Any, data: Any) -> Any:
    parser = _Parser(meta, data, request.upload_handlers, request.encoding)
    parsed = parser.parse()
    request.raw_names = parser.raw_names  # type: ignore[attr-defined]
    return parsed


def limited(most: Callable[[], int], refuse: Callable[[HttpRequest], HttpResponse]) -> Callable[[View], View]:
    """Decorator of a view that takes files: bodies over ``most()`` bytes are answered by ``refuse(request)``.

    The length is looked at before the form's protection reads the body; without a length nothing is read at all.
    """

    def wrap(view: View) -> View:
        protected = csrf_protect(view)

        @wraps(view)
        def handle(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            length = request.META.get("CONTENT_LENGTH") or "0"
            if length.isdigit() and int(length) <= most():
                request.parse_file_upload = partial(_parse, request)  # type: ignore[method-assign]
                return protected(request, *args, **kwargs)
            _drain(request)
            return refuse(request)

        return csrf_exempt(handle)

    return wrap


def _drain(request: HttpRequest) -> None:
    left = DRAIN
    try:
        while left > 0 and (chunk := request.read(CHUNK)):
            left -= len(chunk)
    except OSError:
        return


def raw_names(request: HttpRequest) -> list[str]:
    """The file names of this request that were paths or held control characters, as they were sent."""
    names: list[str] = getattr(request, "raw_names", [])
    return names


class _FilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files; ``cleaned_data`` has a list."""

    widget = _FilesInput

    def __init__(self, *, accept: str = "", **kwargs: Any):
        kwargs.setdefault("required", False)
        kwargs.setdefault("widget", _FilesInput(attrs={"accept": accept} if accept else {}))
        super().__init__(**kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        """The files as they came; what they may be is the business of whoever stores them."""
        return [one for one in (data or []) if one]
