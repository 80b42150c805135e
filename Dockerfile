# syntax=docker/dockerfile:1
# The style sheet and scripts, then the application with the locked requirements and nothing that builds.

FROM node:22.12-bookworm-slim AS frontend
RUN apt-get update \
    && apt-get install --yes --no-install-recommends python3 \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
COPY tools/__init__.py tools/folders.py tools/frontend.py ./tools/
COPY static/src ./static/src
RUN python3 -m tools.frontend

FROM python:3.11-slim-bookworm
ENV PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    STATIC_ROOT=/app/staticfiles \
    EXPORTS_DIR=/var/lib/pathways/exports \
    READ_SPOOL_DIR=/var/lib/pathways/spool
RUN groupadd --system --gid 10001 pathways \
    && useradd --system --uid 10001 --gid pathways --no-create-home --shell /usr/sbin/nologin pathways \
    && install --directory --owner=pathways --group=pathways --mode=0750 \
        /var/lib/pathways /var/lib/pathways/exports /var/lib/pathways/spool /var/lib/pathways/beat
WORKDIR /app
COPY requirements.txt ./
RUN pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt
COPY . .
COPY --from=frontend /build/static/built ./static/built
# Gathering files reads settings but neither key nor database; these three words stay in this one step.
RUN SECRET_KEY=only-while-building DATABASE_URL=postgres://nobody@localhost/none REDIS_URL=redis://localhost/0 \
    python manage.py collectstatic --noinput --verbosity 0
USER pathways
EXPOSE 8000
CMD ["gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
