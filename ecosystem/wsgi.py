"""The portal for a WSGI server."""

import gc
import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecosystem.settings")
application = get_wsgi_application()
# What stands by now (modules, address patterns, models) stays: looking through it for rubbish every few hundred
# objects would cost a request a millisecond now and then.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
