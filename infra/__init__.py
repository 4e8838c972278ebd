"""Tools around the functions: the local platform, the sandbox registries, the command line."""
