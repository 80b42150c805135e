"""Pages of beds and of who is kept apart. They compose nothing from the floors above."""
