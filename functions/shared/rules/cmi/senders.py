"""Where CMI calls back from, as far as it has said: counted, never decided upon.

CMI publishes no addresses and may change them (`cmi.md`, Callback): its signature is what counts.
"""

from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network

Networks = tuple[IPv4Network | IPv6Network, ...]


def networks(text: str) -> Networks:
    """Read networks with spaces between them; raise ValueError for what is none."""
    return tuple(ip_network(one) for one in text.split())


def among(address: str, known: Networks) -> bool:
    """Say whether an address is in one of the known networks; where none is known, any is."""
    if not known:
        return True
    try:
        caller = ip_address(address.strip("[]"))
    except ValueError:
        return False
    return any(caller in network for network in known)
