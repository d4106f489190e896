"""Security groups: what is open to the world, and which sensitive port it reaches."""

from .model import ANYWHERE, ANYWHERE_IPV6, Case, Group, Prefixes, Rule, Table

OPEN = "security-group-open-to-world"
PORT = "security-group-sensitive-port-open"
UNUSED = "security-group-unused"
ADMIN, ADMIN_IPV6 = "security-group-admin-port-open-ipv4", "security-group-admin-port-open-ipv6"
CIFS = "security-group-cifs-open"
BOTH = (OPEN, PORT)
REMOTE, REMOTE_IPV6 = (*BOTH, ADMIN), (*BOTH, ADMIN_IPV6)
SHARES = (*BOTH, CIFS)
EVERY_PORT, EVERY_PORT_IPV6 = (*BOTH, ADMIN, CIFS), (*BOTH, ADMIN_IPV6, CIFS)
LOWER, UPPER = "0.0.0.0/1", "128.0.0.0/1"
LOWER_IPV6, UPPER_IPV6 = "::/1", "8000::/1"


def tcp(ports: int | tuple[int, int], *sources: str) -> Rule:
    return Rule("tcp", ports if isinstance(ports, tuple) else (ports, ports), sources or (ANYWHERE,))


def udp(ports: int | tuple[int, int], *sources: str) -> Rule:
    return Rule("udp", ports if isinstance(ports, tuple) else (ports, ports), sources or (ANYWHERE,))


def everything(*sources: str) -> Rule:
    return Rule("-1", None, sources)


def case(name: str, fails: tuple[str, ...], why: str, *rules: Rule, used: bool = True) -> Case:
    return Case(name, Group(rules, used), fails, why)


PORTS = (
    case("ssh", REMOTE, "SSH from everywhere", tcp(22)),
    case("ssh-ends-range", REMOTE, "the range's last port", tcp((20, 22))),
    case("ssh-begins-range", REMOTE, "the range's first port", tcp((22, 30))),
    case("ssh-within-range", REMOTE, "in the middle of the range", tcp((10, 100))),
    case("below-ssh", BOTH, "without 22, but FTP is 20 and 21", tcp((0, 21))),
    case("past-ssh", BOTH, "without 22, but Telnet is 23", tcp((23, 100))),
    case("past-telnet", (OPEN,), "reaches nothing sensitive", tcp((24, 110))),
    case("rdp", REMOTE, "RDP from everywhere", tcp(3389)),
    case("rdp-ends-range", REMOTE, "the range's last port", tcp((3380, 3389))),
    case("below-rdp", (OPEN,), "the range ends one below", tcp((3380, 3388))),
    case("past-rdp", (OPEN,), "the range begins one above", tcp((3390, 3400))),
    case("cifs", SHARES, "SMB from everywhere", tcp(445)),
    case("cifs-begins-range", SHARES, "the range's first port", tcp((445, 500))),
    case("below-cifs", (OPEN,), "the range ends one below", tcp((440, 444))),
    case("past-cifs", (OPEN,), "the range begins one above", tcp((446, 460))),
    case("telnet", BOTH, "a sensitive port", tcp(23)),
    case("ftp", BOTH, "a sensitive port", tcp(21)),
    case("ftp-data", BOTH, "a sensitive port", tcp(20)),
    case("sql-server", BOTH, "a sensitive port", tcp(1433)),
    case("sql-server-administration", BOTH, "a sensitive port", tcp(1434)),
    case("sql-server-browser", BOTH, "a sensitive port of UDP", udp(1434)),
    case("oracle", BOTH, "a sensitive port", tcp(1521)),
    case("mysql", BOTH, "a sensitive port", tcp(3306)),
    case("below-mysql", (OPEN,), "the range ends one below", tcp((3300, 3305))),
    case("postgres", BOTH, "a sensitive port", tcp(5432)),
    case("redis", BOTH, "a sensitive port", tcp(6379)),
    case("kafka", BOTH, "a sensitive port", tcp(9092)),
    case("elasticsearch", BOTH, "a sensitive port", tcp((9200, 9300))),
    case("memcached", BOTH, "a sensitive port", tcp(11211)),
    case("mongodb", BOTH, "a sensitive port", tcp(27017)),
    case("https", (OPEN,), "a web server, but open", tcp(443)),
    case("http-ipv6", (OPEN,), "a web server, but open", tcp(80, ANYWHERE_IPV6)),
    case("every-tcp-port", EVERY_PORT, "all of TCP", tcp((0, 65535))),
    case("every-tcp-port-but-zero", EVERY_PORT, "nothing is served on port 0", tcp((1, 65535))),
    case("every-tcp-port-but-last", EVERY_PORT, "all but one port", tcp((0, 65534))),
    case("high-ports", REMOTE, "databases are among them", tcp((1024, 65535))),
)

PROTOCOLS = (
    case("everything", EVERY_PORT, "all protocols", everything(ANYWHERE)),
    case("everything-ipv6", EVERY_PORT_IPV6, "all protocols over IPv6", everything(ANYWHERE_IPV6)),
    case("everything-private", (), "all protocols from private addresses", everything("10.0.0.0/8")),
    case("everything-self", (), "all protocols from the group itself", everything("self")),
    case("udp-ssh", (OPEN, ADMIN), "SSH is TCP, but CIS counts UDP too", udp(22)),
    case("udp-rdp", REMOTE, "RDP speaks UDP too", udp(3389)),
    case("udp-dns", (OPEN,), "DNS, but open", udp(53)),
    case("udp-snmp", BOTH, "a sensitive port", udp(161)),
    case("every-udp-port", REMOTE, "SNMP, NetBIOS and LDAP are among them", udp((0, 65535))),
    case("ping", (OPEN,), "ICMP echo", Rule("icmp", (8, -1), (ANYWHERE,))),
    case("every-icmp", (OPEN,), "all of ICMP", Rule("icmp", (-1, -1), (ANYWHERE,))),
    case("icmpv6", (OPEN,), "all of ICMPv6", Rule("icmpv6", (-1, -1), (ANYWHERE_IPV6,))),
)

SOURCES = (
    case("no-rules", (), "lets nothing in"),
    case("ssh-ipv6", REMOTE_IPV6, "the world over IPv6", tcp(22, ANYWHERE_IPV6)),
    case("ssh-both-families", (*REMOTE, ADMIN_IPV6), "the world twice", tcp(22, ANYWHERE, ANYWHERE_IPV6)),
    case("ssh-10", (), "private addresses", tcp(22, "10.0.0.0/8")),
    case("ssh-172", (), "private addresses", tcp(22, "172.16.0.0/12")),
    case("ssh-192", (), "private addresses", tcp(22, "192.168.0.0/16")),
    case("ssh-shared-space", (), "carriers' addresses", tcp(22, "100.64.0.0/10")),
    case("ssh-unique-local", (), "private IPv6 addresses", tcp(22, "fd00::/8")),
    case("ssh-documentation-ipv6", (), "one network", tcp(22, "2001:db8::/32")),
    case("ssh-one-address", (), "one public address", tcp(22, "8.8.8.8/32")),
    case("ssh-class-a", (), "a public /8 is not the world", tcp(22, "8.0.0.0/8")),
    case("ssh-self", (), "the group itself", tcp(22, "self")),
    case("lower-half", (), "half of the internet is not all of it", tcp(22, LOWER)),
    case("upper-half", (), "half of the internet is not all of it", tcp(22, UPPER)),
    case("both-halves", REMOTE, "the halves are the whole", tcp(22, LOWER, UPPER)),
    case("both-halves-in-two-rules", REMOTE, "the halves are the whole", tcp(22, LOWER), tcp(22, UPPER)),
    case("halves-overlap-on-ssh", REMOTE, "on 22 the halves meet", tcp((20, 22), LOWER), tcp((22, 24), UPPER)),
    case("halves-past-each-other", (), "on no port do the halves meet", tcp((20, 21), LOWER), tcp((22, 24), UPPER)),
    case("halves-of-protocols", REMOTE, "all protocols hold TCP", everything(LOWER), tcp(22, UPPER)),
    case("halves-tcp-and-udp", (), "no protocol has both halves", tcp(22, LOWER), udp(22, UPPER)),
    case("three-pieces", REMOTE, "a half and two quarters", tcp(22, LOWER, "128.0.0.0/2", "192.0.0.0/2")),
    case("a-quarter-missing", (), "three quarters", tcp(22, LOWER, "128.0.0.0/2")),
    case("routed-pieces", REMOTE, "what is left out nobody can send from", tcp(22, LOWER, "128.0.0.0/2", "192.0.0.0/3")),
    case("both-halves-ipv6", REMOTE_IPV6, "the halves are the whole", tcp(22, LOWER_IPV6, UPPER_IPV6)),
    case("lower-half-ipv6", REMOTE_IPV6, "all global unicast addresses are in it", tcp(22, LOWER_IPV6)),
    case("upper-half-ipv6", (), "no global unicast address is in it", tcp(22, UPPER_IPV6)),
    case("global-unicast-ipv6", REMOTE_IPV6, "all addresses that IANA hands out", tcp(22, "2000::/3")),
    case("half-of-global-unicast", (), "half of what IANA hands out", tcp(22, "2000::/4")),
    case("private-then-world", REMOTE, "the second source counts too", tcp(22, "10.0.0.0/8", ANYWHERE)),
    case("private-ipv4-world-ipv6", REMOTE_IPV6, "each family counts", tcp(22, "10.0.0.0/8", ANYWHERE_IPV6)),
    case("narrow-rule-then-wide", REMOTE, "the second rule counts too", tcp(443, "10.0.0.0/8"), tcp(22)),
    case("prefix-list-world", REMOTE, "the world is one of its entries", tcp(22, "world-list")),
    case("prefix-list-halves", REMOTE, "its entries are the whole", tcp(22, "halves-list")),
    case("prefix-list-half-and-half", REMOTE, "a list and a range are the whole", tcp(22, "half-list", UPPER)),
    case("prefix-list-offices", (), "a few networks", tcp(22, "office-list")),
    case("prefix-list-of-aws", (), "the networks of one of AWS's services", tcp(22, "com.amazonaws.us-east-1.s3")),
    case("prefix-list-everything", EVERY_PORT, "all protocols from the world", everything("world-list")),
    case("prefix-list-ipv6", REMOTE_IPV6, "all of IPv6 is one of its entries", tcp(22, "world-list-ipv6")),
    case("prefix-list-half-of-ipv6", (), "half of what IANA hands out", tcp(22, "half-list-ipv6")),
    case("unused-ssh", (*REMOTE, UNUSED), "attached to nothing yet", tcp(22), used=False),
    case("unused-everything", (*EVERY_PORT, UNUSED), "attached to nothing yet", everything(ANYWHERE), used=False),
    case("unused-private", (UNUSED,), "attached to nothing yet", tcp(22, "10.0.0.0/8"), used=False),
)

LISTS = (
    Prefixes("world-list", ("10.0.0.0/8", ANYWHERE)),
    Prefixes("halves-list", (LOWER, UPPER)),
    Prefixes("half-list", (LOWER,)),
    Prefixes("world-list-ipv6", ("fd00::/8", ANYWHERE_IPV6)),
    Prefixes("half-list-ipv6", ("2000::/4",)),
    Prefixes("com.amazonaws.us-east-1.s3"),
    Prefixes("office-list", ("198.51.100.0/24", "203.0.113.0/24")),
)

ABOUT = (OPEN, PORT, ADMIN, ADMIN_IPV6, CIFS, UNUSED)
TABLES = (Table("security groups", "network", ABOUT, PORTS + PROTOCOLS + SOURCES, beside=LISTS),)
