import pytest, uuid, time, threading
from django.db import connection, connections
from courses.domain import registrations as R, queue
from courses.domain.registrations import Person, Contact
from tests import factories as f
@pytest.mark.django_db(transaction=True)
def test_all(settings):
    settings.DEMO=True; settings.TESTING=False
    a=f.ActivityFactory(capacity=10, contact=f.PostFactory(), fee_eur=5)
    v=f.VillageFactory()
    def P(n,y=1980): return Person(n,"Kalniņš",y,village=v)
    from ecosystem import tasks
    tasks.send.apply_async=lambda *a,**k:None
    R.register(activity=a,people=[P("Warm")],contact=Contact(email=f"w@example.lv"),now=f.NOW)
    import cProfile
    pr=cProfile.Profile()
    t=time.perf_counter()
    pr.enable()
    for i in range(50):
        R.register(activity=a,people=[P(f"J{i}")],contact=Contact(email=f"{i}@example.lv"),now=f.NOW,form_key=uuid.uuid4())
    pr.disable()
    print("serial 50:", time.perf_counter()-t)
    import pstats; pstats.Stats(pr).sort_stats("cumtime").print_stats(45)
    t=time.perf_counter()
    for i in range(50):
        R.register(activity=a,people=[P(f"K{i}")],contact=Contact(email=f"k{i}@example.lv"),now=f.NOW,form_key=uuid.uuid4())
    print("serial 50:", time.perf_counter()-t)
