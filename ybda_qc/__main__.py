"""The entrance of ``ybda-qc`` and of ``python -m ybda_qc``."""

from ybda_qc.errors import ExitCode

try:
    from ybda_qc.cli.main import main
except KeyboardInterrupt:  # loading takes a second or two, before `main` can listen to signals
    raise SystemExit(ExitCode.INTERRUPTED) from None

if __name__ == "__main__":
    main()
