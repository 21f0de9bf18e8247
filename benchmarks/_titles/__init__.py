"""Generated items with their records, some of them linked to the wrong one."""
