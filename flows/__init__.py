"""Where the rooms meet: settings, the refresh, the Prefect flow and the command line."""
