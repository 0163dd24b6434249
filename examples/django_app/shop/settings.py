"""The settings of a small project; those of vocobase are at the end."""

import os
from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY", "for this example only")
ALLOWED_HOSTS = ["127.0.0.1", "localhost"]
ROOT_URLCONF = "shop.urls"
INSTALLED_APPS = ["calls"]
MIDDLEWARE = ["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite"}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
USE_TZ, TIME_ZONE = True, "UTC"

# For several machines: postgresql://... instead of a file, and RedisDedupe in calls/views.py.
VOCOBASE_RECORDS = str(BASE_DIR / "calls.sqlite")
VOCOBASE_EVENTS = str(BASE_DIR / "events.sqlite")
VOCOBASE_WEBHOOK_SECRET = os.environ["VOCOBASE_WEBHOOK_SECRET"]
