"""The main example, programs/contact_center, so that `pulumi up` works right here."""

import runpy
from pathlib import Path

# Not `main:` in Pulumi.yaml: with it the engine looks for a relative virtualenv in the program's folder.
PROGRAM = Path(__file__).resolve().parent / "programs" / "contact_center" / "__main__.py"
runpy.run_path(str(PROGRAM), run_name="__main__")
