"""The tables of the read log, as SQL: one partition a month, which the application may fill and read but never change.

A partition that is missing loses nothing: rows go to the default one, and are moved when theirs is made.
"""

from django.conf import settings

TABLES = ("accounts_access", "accounts_accessedpatient")

MAKE_TABLES = """
CREATE SEQUENCE accounts_access_id_seq;
CREATE TABLE accounts_access (
    id bigint NOT NULL DEFAULT nextval('accounts_access_id_seq'),
    at timestamptz NOT NULL,
    request_id uuid NOT NULL,
    user_id bigint,
    role varchar(20) NOT NULL,
    service_ids jsonb NOT NULL,
    action varchar(10) NOT NULL,
    page varchar(100) NOT NULL,
    status smallint NOT NULL,
    reason text NOT NULL,
    people integer NOT NULL CHECK (people >= 0),
    address inet,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
ALTER SEQUENCE accounts_access_id_seq OWNED BY accounts_access.id;
CREATE INDEX access_in_time ON accounts_access (at);
CREATE INDEX access_of_a_user ON accounts_access (user_id, at);

CREATE SEQUENCE accounts_accessedpatient_id_seq;
CREATE TABLE accounts_accessedpatient (
    id bigint NOT NULL DEFAULT nextval('accounts_accessedpatient_id_seq'),
    access_id bigint NOT NULL,
    at timestamptz NOT NULL,
    patient_id bigint NOT NULL,
    PRIMARY KEY (id, at)
) PARTITION BY RANGE (at);
ALTER SEQUENCE accounts_accessedpatient_id_seq OWNED BY accounts_accessedpatient.id;
CREATE INDEX accessed_of_an_access ON accounts_accessedpatient (access_id);
CREATE INDEX accessed_of_a_patient ON accounts_accessedpatient (patient_id, at);

CREATE TABLE accounts_access_default PARTITION OF accounts_access DEFAULT;
CREATE TABLE accounts_accessedpatient_default PARTITION OF accounts_accessedpatient DEFAULT;
"""

# Runs as the owner whoever calls it, because the application may not make tables. Its search path is fixed, so that
# the caller cannot slip another table under its names.
MAKE_FUNCTION = """
CREATE FUNCTION accounts_make_partitions(months_ahead integer) RETURNS integer
LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC' AS $body$
DECLARE
    parent text;
    part text;
    first_day timestamptz;
    next_month timestamptz;
    made integer := 0;
BEGIN
    -- Two callers at once: the second waits, and finds nothing left to make.
    PERFORM pg_advisory_xact_lock(hashtext('accounts_make_partitions'));
    FOREACH parent IN ARRAY ARRAY['accounts_access', 'accounts_accessedpatient'] LOOP
        FOR month IN 0..months_ahead LOOP
            first_day := date_trunc('month', now()) + make_interval(months => month);
            next_month := first_day + interval '1 month';
            part := parent || to_char(first_day, '_YYYY_MM');
            CONTINUE WHEN to_regclass(part) IS NOT NULL;
            EXECUTE format('LOCK TABLE %I IN ACCESS EXCLUSIVE MODE', parent || '_default');
            EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', part, parent);
            EXECUTE format(
                'WITH moved AS (DELETE FROM %I WHERE at >= $1 AND at < $2 RETURNING *)'
                ' INSERT INTO %I SELECT * FROM moved',
                parent || '_default', part
            ) USING first_day, next_month;
            EXECUTE format(
                'ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, part, first_day, next_month
            );
            PERFORM accounts_close_to_change(part);
            made := made + 1;
        END LOOP;
    END LOOP;
    RETURN made;
END
$body$;
"""

CLOSE_FUNCTION = """
CREATE FUNCTION accounts_close_to_change(closed text) RETURNS void
LANGUAGE plpgsql SET search_path = public, pg_temp AS $body$
BEGIN
    IF current_user <> {role} AND EXISTS (SELECT FROM pg_roles WHERE rolname = {role}) THEN
        EXECUTE format('GRANT SELECT, INSERT ON %I TO %I', closed, {role});
        EXECUTE format('REVOKE UPDATE, DELETE, TRUNCATE ON %I FROM %I', closed, {role});
    END IF;
END
$body$;
"""

CALLERS = """
REVOKE ALL ON FUNCTION accounts_close_to_change(text) FROM PUBLIC;
REVOKE ALL ON FUNCTION accounts_make_partitions(integer) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION accounts_make_partitions(integer) TO {role};
"""


def make(_apps, editor) -> None:
    """The tables, the function that makes months, this month and the next three, for the migration."""
    literal = editor.quote_value(settings.APP_DATABASE_ROLE)
    name = editor.quote_name(settings.APP_DATABASE_ROLE)
    editor.execute(MAKE_TABLES, params=None)
    editor.execute(CLOSE_FUNCTION.format(role=literal), params=None)
    editor.execute(MAKE_FUNCTION, params=None)
    editor.execute(CALLERS.format(role=name), params=None)
    for table in TABLES:
        editor.execute(f"SELECT accounts_close_to_change('{table}')", params=None)
        editor.execute(f"SELECT accounts_close_to_change('{table}_default')", params=None)
    editor.execute("SELECT accounts_make_partitions(3)", params=None)


def unmake(_apps, editor) -> None:
    """Only for a database that is being taken apart: the log goes with its tables."""
    editor.execute("DROP FUNCTION accounts_make_partitions(integer)", params=None)
    editor.execute("DROP FUNCTION accounts_close_to_change(text)", params=None)
    for table in TABLES:
        editor.execute(f"DROP TABLE {table}", params=None)
