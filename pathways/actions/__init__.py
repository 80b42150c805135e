"""Everything that changes what is known of a person. Each act is one transaction. Import the module, then act."""
