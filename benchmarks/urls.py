"""The portal's addresses and the yardstick beside them."""

from django.conf import settings
from django.urls import path

from benchmarks import yardstick
from ecosystem.urls import urlpatterns as portal

urlpatterns = [path("bench/yardstick/", yardstick.page), *portal]

if settings.BENCH_WITHOUT_LOCK:
    from benchmarks import control

    control.take_the_lock_out()
