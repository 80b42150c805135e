"""Files of rows, written by a worker straight from PostgreSQL's COPY."""
