"""docker-compose.yml and the Dockerfile keep their promises, read as the files they are."""

import re
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[2]
SOURCE = (ROOT / "docker-compose.yml").read_text()
SERVICES = yaml.safe_load(SOURCE)["services"]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
OURS = {"web", "worker", "beat", "migrate"}
SECRET = re.compile(r"PASSWORD|SECRET|TOKEN")


def _stages():
    return re.split(r"(?m)^(?=FROM )", DOCKERFILE)[1:]


def test_every_part_is_there():
    assert set(SERVICES) == OURS | {"postgres", "redis", "mailpit"}


@pytest.mark.parametrize("name", sorted(OURS - {"migrate"}))
def test_what_runs_signs_in_as_the_application_and_never_as_the_owner(name):
    environment = SERVICES[name]["environment"]
    assert environment["DATABASE_URL"].startswith("postgres://pathways_app:")
    assert "pathways_owner" not in str(SERVICES[name])
    assert "PATHWAYS_OWNER_PASSWORD" not in str(SERVICES[name])


def test_only_the_migration_signs_in_as_the_owner():
    environment = SERVICES["migrate"]["environment"]
    assert environment["MIGRATE_DATABASE_URL"].startswith("postgres://pathways_owner:")
    assert environment["DATABASE_URL"].startswith("postgres://pathways_app:")
    assert SERVICES["migrate"]["restart"] == "no"


@pytest.mark.parametrize("name", sorted(OURS - {"migrate"}))
def test_what_runs_waits_for_the_tables(name):
    waits = SERVICES[name]["depends_on"]
    assert waits["migrate"]["condition"] == "service_completed_successfully"
    assert {waits[server]["condition"] for server in ("postgres", "redis")} == {"service_healthy"}


@pytest.mark.parametrize("name", sorted(set(SERVICES) - {"migrate"}))
def test_everything_that_stays_up_has_a_health_check(name):
    check = SERVICES[name]["healthcheck"]
    assert check["test"][0] in {"CMD", "CMD-SHELL"}
    assert {"interval", "timeout", "retries"} <= set(check)


def test_the_database_makes_both_roles_from_the_scripts_in_the_project():
    mounted = dict(volume.split(":")[:2] for volume in SERVICES["postgres"]["volumes"])
    scripts = {source: target for source, target in mounted.items() if source.startswith("./")}
    sql = "".join((ROOT / source).read_text() for source in scripts)
    assert all(target.startswith("/docker-entrypoint-initdb.d/") for target in scripts.values())
    assert re.search(r"CREATE ROLE pathways_owner LOGIN CREATEDB PASSWORD :'owner_password';", sql)
    assert re.search(r"CREATE ROLE pathways_app LOGIN PASSWORD :'app_password';", sql)
    assert "SUPERUSER" not in sql


def test_what_a_script_includes_is_mounted_beside_it():
    included = re.findall(r"(?m)^\\ir (\S+)$", (ROOT / "tools" / "postgres-init.sql").read_text())
    targets = [volume.split(":")[1] for volume in SERVICES["postgres"]["volumes"]]
    assert included
    assert all(f"/docker-entrypoint-initdb.d/{name}" in targets for name in included)


@pytest.mark.parametrize("name", ["postgres", "redis"])
def test_neither_database_nor_queue_is_published(name):
    assert "ports" not in SERVICES[name]


@pytest.mark.parametrize("name", sorted(name for name in SERVICES if "ports" in SERVICES[name]))
def test_what_is_published_is_for_this_machine_only(name):
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[name]["ports"])


def test_no_secret_is_written_down():
    for name, service in SERVICES.items():
        for key, value in (service.get("environment") or {}).items():
            if SECRET.search(key):
                assert re.fullmatch(r"\$\{\w+(:\?[^}]+)?\}", value), f"{name}: {key}"
            for password in re.findall(r"://\w+:([^@]*)@", str(value)):
                assert password.startswith("${"), f"{name}: {key}"


def test_a_missing_secret_stops_the_start():
    for variable in ("SECRET_KEY", "PATHWAYS_OWNER_PASSWORD", "PATHWAYS_APP_PASSWORD", "POSTGRES_PASSWORD"):
        assert f"${{{variable}:?" in SOURCE


@pytest.mark.parametrize("name", sorted(OURS))
def test_our_containers_can_change_nothing_but_their_data(name):
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "user" not in service, "the Dockerfile says who runs"


def test_every_image_names_its_version():
    pulled = [service["image"] for service in SERVICES.values() if "build" not in service]
    pulled += re.findall(r"(?m)^FROM (\S+)", DOCKERFILE)
    assert len(pulled) == 5
    for image in pulled:
        assert re.search(r":v?\d+\.\d+", image), image


def test_the_application_runs_as_a_user_without_a_shell_or_rights():
    last = _stages()[-1]
    users = re.findall(r"(?m)^USER (\S+)", last)
    assert users == ["pathways"]
    assert last.index("USER pathways") > last.rindex("RUN ")
    assert "--uid 10001" in last
    assert "nologin" in last


def test_the_image_installs_only_what_the_lock_names():
    assert "--require-hashes -r requirements.txt" in DOCKERFILE
    assert "requirements-dev" not in DOCKERFILE


def test_no_key_stays_in_the_image():
    kept = re.findall(r"(?m)^(?:ENV|ARG) (?:.*\\\n)*.*", DOCKERFILE)
    assert not any(SECRET.search(line) for line in kept)


def test_the_front_end_stage_has_every_file_that_its_build_reads():
    copied = _stages()[0]
    for name in ("package.json", "package-lock.json", "tools/folders.py", "tools/frontend.py", "static/src"):
        assert name in copied
        assert (ROOT / name).exists()


def test_data_and_git_history_stay_out_of_the_image():
    left_out = (ROOT / ".dockerignore").read_text().splitlines()
    assert {".git", ".data", ".env", ".venv", "node_modules"} <= set(left_out)
