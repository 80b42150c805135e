"""What people do from beginning to end, in Chromium, on a whole running stack."""
