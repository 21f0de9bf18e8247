"""Quality control of digitised archives: from a folder of scans to a decision."""

__version__ = "0.1.0"
