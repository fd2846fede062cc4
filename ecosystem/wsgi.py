"""The portal for a WSGI server."""

import gc
import os
import threading

from django.core.wsgi import get_wsgi_application

from ecosystem.overlap import prepared

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ecosystem.settings")
application = get_wsgi_application()
# What stands by now (modules, address patterns, models) stays: looking through it for rubbish every few hundred
# objects would cost a request a millisecond now and then.
gc.collect()
gc.freeze()
gc.set_threshold(20_000, 20, 20)
# The editor's panel reads titles by long lists: beside the first pages, so that nobody waits for it.
threading.Thread(target=prepared.load, name="lists of words", daemon=True).start()
