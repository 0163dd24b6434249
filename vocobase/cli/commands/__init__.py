"""The commands that are written by hand; those of the operations are in ``vocobase.cli.operations``."""
