"""What calls AWS. The SDK's debug lines hold whole requests and answers: they are never written."""

import logging

for _name in ("botocore", "urllib3"):
    logging.getLogger(_name).setLevel(logging.WARNING)
