-- Run as the superuser in template1, so that every database made later has these and migrations need no superuser.
-- The owner role migrates; the application role reads and writes rows, and migrations take even that from it where
-- a table is append-only. It can neither truncate nor alter nor create a table.
CREATE EXTENSION IF NOT EXISTS btree_gist;
CREATE EXTENSION IF NOT EXISTS pg_trgm;
CREATE EXTENSION IF NOT EXISTS unaccent;
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT CREATE, USAGE ON SCHEMA public TO pathways_owner;
GRANT USAGE ON SCHEMA public TO pathways_app;
ALTER DEFAULT PRIVILEGES FOR ROLE pathways_owner IN SCHEMA public
    GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO pathways_app;
ALTER DEFAULT PRIVILEGES FOR ROLE pathways_owner IN SCHEMA public
    GRANT USAGE, SELECT ON SEQUENCES TO pathways_app;
