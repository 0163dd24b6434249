"""A Django project in one module; Django can be configured only once in a process."""

from __future__ import annotations

from types import ModuleType
from typing import Any

import django
from django.conf import settings
from django.urls import clear_url_caches, path

URLS: Any = ModuleType("urls")
URLS.urlpatterns = []

settings.configure(
    ALLOWED_HOSTS=["*"],
    ROOT_URLCONF=URLS,
    SECRET_KEY="test",
    DATA_UPLOAD_MAX_MEMORY_SIZE=10,
    MIDDLEWARE=["django.middleware.csrf.CsrfViewMiddleware"],
    LOGGING_CONFIG=None,
)
django.setup()


def mount(view: Any) -> None:
    """Serve a view at /hook and nothing else."""
    clear_url_caches()
    URLS.urlpatterns = [path("hook", view)]
