"""The entrance of ``ybda-qc`` and of ``python -m ybda_qc``."""


def main() -> None:
    """Load the commands and run the one that was asked for."""
    # Worker processes load this module, too, and have no use for any command.
    from ybda_qc.errors import ExitCode  # noqa: PLC0415

    try:
        from ybda_qc.cli.main import main as command  # noqa: PLC0415
    except KeyboardInterrupt:  # loading takes a second or two, before `command` can listen to signals
        raise SystemExit(ExitCode.INTERRUPTED) from None
    command()


if __name__ == "__main__":
    main()
