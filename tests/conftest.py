"""Plugins for the whole suite; fixtures of one area live in that area's folder."""

pytest_plugins = (
    "tests.plugins.browser",
    "tests.plugins.fast",
    "tests.plugins.once",
    "tests.plugins.order",
    "tests.plugins.postgres",
    "tests.plugins.promises",
    "tests.plugins.results",
    "tests.plugins.service",
)
