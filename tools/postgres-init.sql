-- Prepares an empty PostgreSQL cluster with the two roles; psql reads their passwords from the environment.
\set ON_ERROR_STOP on
\getenv owner_password PATHWAYS_OWNER_PASSWORD
\getenv app_password PATHWAYS_APP_PASSWORD
CREATE ROLE pathways_owner LOGIN CREATEDB PASSWORD :'owner_password';
CREATE ROLE pathways_app LOGIN PASSWORD :'app_password';
\connect template1
\ir postgres_template.sql
\connect postgres
CREATE DATABASE pathways OWNER pathways_owner;
