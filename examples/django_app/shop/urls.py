from django.urls import path

from calls.views import latest, webhook

urlpatterns = [path("calls", latest), path("vocobase", webhook)]
