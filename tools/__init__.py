"""What runs, builds and tests the project on one machine. No module here knows a domain word."""
