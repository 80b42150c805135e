"""Pages of the transfer, one module for each noun."""
