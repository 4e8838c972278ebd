"""The command `constancia`."""
