# The portal for a municipality's own servers; `docker-compose.yml` shows the whole.
FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
WORKDIR /app
RUN useradd --system --create-home portal

COPY requirements/base.txt requirements/base.txt
RUN pip install --require-hashes -r requirements/base.txt

COPY . .
# Settings want a key and an address; building needs neither.
RUN export SECRET_KEY=only-while-building PSEUDONYM_KEY=only-while-building DATABASE_URL=postgresql:///unused \
 && python manage.py translations --compile \
 && python manage.py collectstatic --noinput --verbosity 0 \
 && mkdir -p var/celery var/cache /figures && chown -R portal: var /figures

USER portal
EXPOSE 8000
CMD ["gunicorn", "ecosystem.wsgi:application", "--bind", "0.0.0.0:8000", "--worker-class", "gthread", \
     "--workers", "3", "--threads", "4", "--worker-tmp-dir", "/dev/shm", "--no-control-socket", "--access-logfile", "-"]
