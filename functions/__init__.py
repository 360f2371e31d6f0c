"""The portal's functions.

While Lambda starts one, all that it imports stays: the search for garbage meanwhile takes a fifth
of a cold start and finds nothing. `functions.shared.start` ends the pause.
"""

import gc
import os

if "AWS_LAMBDA_INITIALIZATION_TYPE" in os.environ:
    gc.disable()
