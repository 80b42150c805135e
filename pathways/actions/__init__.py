"""Everything that changes what is known of a person. Each act is one transaction; import the module, not the function."""
