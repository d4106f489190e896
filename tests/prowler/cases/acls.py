"""Network ACLs: what they let in to the ports for administration."""

from .model import ANYWHERE, ANYWHERE_IPV6, Acl, Case, Entry, Table

ACL = "network-acl-admin-port-open"

TCP, UDP, ICMP, ALL = "6", "17", "1", "-1"
SSH, RDP = (22, 22), (3389, 3389)
OPEN = (ACL,)


def acl(name: str, fails: tuple[str, ...], why: str, *entries: Entry) -> Case:
    return Case(name, Acl(entries), fails, why)


ACLS = (
    acl("nacl-empty", (), "denies all"),
    acl("nacl-everything", OPEN, "allows all", Entry(100, "allow", ALL)),
    acl("nacl-everything-ipv6", OPEN, "allows all over IPv6", Entry(100, "allow", ALL, cidr=ANYWHERE_IPV6)),
    acl("nacl-ssh", OPEN, "SSH", Entry(100, "allow", TCP, SSH)),
    acl("nacl-rdp", OPEN, "RDP", Entry(100, "allow", TCP, RDP)),
    acl("nacl-ssh-ipv6", OPEN, "SSH over IPv6", Entry(100, "allow", TCP, SSH, ANYWHERE_IPV6)),
    acl("nacl-https", (), "no admin port", Entry(100, "allow", TCP, (443, 443))),
    acl("nacl-range-ends-at-ssh", OPEN, "the last port", Entry(100, "allow", TCP, (20, 22))),
    acl("nacl-range-begins-at-ssh", OPEN, "the first port", Entry(100, "allow", TCP, (22, 30))),
    acl("nacl-below-ssh", (), "ends one below", Entry(100, "allow", TCP, (1, 21))),
    acl("nacl-past-ssh", (), "begins one above", Entry(100, "allow", TCP, (23, 3388))),
    acl("nacl-past-rdp", (), "begins one above", Entry(100, "allow", TCP, (3390, 65535))),
    acl("nacl-every-port", OPEN, "all of TCP", Entry(100, "allow", TCP, (0, 65535))),
    acl("nacl-high-ports", OPEN, "RDP is among them", Entry(100, "allow", TCP, (1024, 65535))),
    acl("nacl-udp-ssh", OPEN, "CIS counts UDP too", Entry(100, "allow", UDP, SSH)),
    acl("nacl-icmp", (), "no ports at all", Entry(100, "allow", ICMP)),
    acl("nacl-office", (), "an office", Entry(100, "allow", TCP, SSH, "203.0.113.0/24")),
    acl("nacl-private", (), "private addresses", Entry(100, "allow", ALL, cidr="10.0.0.0/8")),
    acl("nacl-egress", (), "goes out", Entry(100, "allow", ALL, egress=True)),
    acl("nacl-deny-first", (), "denied before it is allowed", Entry(90, "deny", TCP, SSH), Entry(100, "allow", TCP, SSH)),
    acl("nacl-deny-later", OPEN, "allowed before it is denied", Entry(100, "allow", TCP, SSH), Entry(110, "deny", TCP, SSH)),
    acl("nacl-deny-everything-first", (), "all is denied", Entry(90, "deny", ALL), Entry(100, "allow", ALL)),
    acl(
        "nacl-deny-both-over-tcp-then-everything",
        OPEN,
        "over UDP they are left",
        Entry(80, "deny", TCP, SSH),
        Entry(90, "deny", TCP, RDP),
        Entry(100, "allow", ALL),
    ),
    acl(
        "nacl-deny-both-then-tcp",
        (),
        "both ports are denied first",
        Entry(80, "deny", TCP, SSH),
        Entry(90, "deny", TCP, RDP),
        Entry(100, "allow", TCP, (0, 65535)),
    ),
    acl("nacl-deny-ssh-then-everything", OPEN, "RDP is left", Entry(90, "deny", TCP, SSH), Entry(100, "allow", ALL)),
    acl(
        "nacl-deny-some-then-allow",
        OPEN,
        "denied to some only",
        Entry(90, "deny", TCP, SSH, "203.0.113.0/24"),
        Entry(100, "allow", TCP, SSH),
    ),
    acl(
        "nacl-deny-ipv4-allow-ipv6",
        OPEN,
        "each family counts",
        Entry(90, "deny", ALL, cidr=ANYWHERE),
        Entry(100, "allow", TCP, SSH, ANYWHERE_IPV6),
    ),
    acl(
        "nacl-halves",
        OPEN,
        "the halves are the whole",
        Entry(100, "allow", TCP, SSH, "0.0.0.0/1"),
        Entry(110, "allow", TCP, SSH, "128.0.0.0/1"),
    ),
    acl(
        "nacl-halves-ipv6",
        OPEN,
        "the halves are the whole",
        Entry(100, "allow", TCP, SSH, "::/1"),
        Entry(110, "allow", TCP, SSH, "8000::/1"),
    ),
    acl("nacl-upper-half-ipv6", (), "no address of the internet is in it", Entry(100, "allow", TCP, SSH, "8000::/1")),
    acl("nacl-half", (), "half of the internet", Entry(100, "allow", TCP, SSH, "0.0.0.0/1")),
    acl(
        "nacl-deny-halves",
        (),
        "both halves are denied first",
        Entry(80, "deny", TCP, SSH, "0.0.0.0/1"),
        Entry(90, "deny", TCP, SSH, "128.0.0.0/1"),
        Entry(100, "allow", TCP, SSH),
    ),
    acl(
        "nacl-deny-half",
        OPEN,
        "the other half is let in",
        Entry(90, "deny", TCP, SSH, "0.0.0.0/1"),
        Entry(100, "allow", TCP, SSH),
    ),
    acl("nacl-rules-out-of-order", (), "by number, not by age", Entry(100, "allow", TCP, SSH), Entry(50, "deny", TCP, SSH)),
)

TABLES = (Table("network ACLs", "network", (ACL,), ACLS),)
