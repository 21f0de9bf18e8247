"""``python -m ybda_qc`` is the same as ``ybda-qc``."""

from ybda_qc.cli.main import main

if __name__ == "__main__":
    main()
