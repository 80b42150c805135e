"""What waits for somebody, by due date. One module for each kind of work; none knows of a page."""
