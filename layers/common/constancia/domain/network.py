"""From where somebody comes."""

import ipaddress


def household(source_address: str) -> str:
    """The address that a household shares: of IPv6 the first 64 bits, because the rest changes at will."""
    try:
        address = ipaddress.ip_address(source_address)
    except ValueError:
        return source_address
    return str(ipaddress.ip_network((address, 64), strict=False)) if address.version == 6 else str(address)
