"""Why a build stops."""


class BuildError(Exception):
    """The site cannot be built as its sources stand; the message says what to mend."""
