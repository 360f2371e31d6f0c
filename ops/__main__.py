"""Run the operator's commands: `python -m ops`."""

from ops.commands import app

if __name__ == "__main__":
    app(prog_name="asvi")
