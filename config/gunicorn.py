"""How the web server runs: threads, because a request waits for PostgreSQL more than it computes."""

import os

bind = os.environ.get("WEB_BIND", f"127.0.0.1:{os.environ.get('PORT', '8000')}")
worker_class = "gthread"
workers = int(os.environ.get("WEB_WORKERS", "2"))
threads = int(os.environ.get("WEB_THREADS", "4"))
# Longer than the database's own limit on a statement (30 s), so that its refusal reaches the person.
timeout = 60
graceful_timeout = 5
keepalive = 5
# A worker is renewed now and then, each at another moment, so that a slow leak never grows.
max_requests = 5000
max_requests_jitter = 500
# The heartbeat file; a disk that is slow to sync would stop a healthy worker.
worker_tmp_dir = "/dev/shm" if os.path.isdir("/dev/shm") else None  # noqa: S108
# Addresses carry no names, but the application logs requests itself, once, with their request id.
accesslog = None
control_socket_disable = True


def post_worker_init(worker):
    """The application is loaded and no request has come."""
    # Only now is the project's folder sure to be on the path.
    from config.settled import settle

    settle()
