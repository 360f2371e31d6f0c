"""Write `functions/shared/aws/amazon-roots.pem`: the authorities behind AWS's own addresses.

The functions trust these alone (`AWS_CA_BUNDLE` in the template): a new connection reads five
certificates, where botocore's list has 126. With `--check`, compare the file with that list.
"""

import re
import sys
from pathlib import Path

import botocore

TARGET = Path("functions/shared/aws/amazon-roots.pem")
# Amazon Trust Services, https://www.amazontrust.com/repository/, and the root that vouches for it.
LABELS = (
    *(f"Amazon Root CA {number}" for number in range(1, 5)),
    "Starfield Services Root Certificate Authority - G2",
)
ONE = re.compile(
    r'^# Label: "([^"\n]+)"\n(?:# [^\n]+\n)*'
    r"(-----BEGIN CERTIFICATE-----\n[^-]+-----END CERTIFICATE-----\n)",
    re.MULTILINE,
)


def listed() -> dict[str, str]:
    """Give the certificates of botocore's list in PEM, by their labels."""
    return dict(ONE.findall(Path(botocore.__file__).with_name("cacert.pem").read_text("ascii")))


def roots() -> str:
    """Give the file: each authority's label and certificate."""
    known = listed()
    return "".join(f"# {label}\n{known[label]}" for label in LABELS)


if __name__ == "__main__":
    if "--check" not in sys.argv:
        TARGET.write_text(roots(), "ascii")
    elif TARGET.read_text("ascii") != roots():
        sys.exit(f"{TARGET} differs from botocore's list: run `make lock`")
