"""Decides offline whether an API key may be used, from a verifier bundle of Latchkey.

Written from docs/bundle-format.md, which is the reference. Needs Python 3.9 and the package `cryptography` (Debian:
python3-cryptography).

    verifier = Verifier(public_key)
    verifier.take(open("harbour.bundle", "rb").read(), open("harbour.bundle.minisig", "rb").read())
    decision = verifier.decide(text, int(time.time()))

Whatever must not be believed raises `Unbelievable`, with the code of the description in `code`. `take` may be called while other
threads decide. Keep `verifier.seen` and `verifier.key` where the next start finds them.
"""

import base64
import binascii
import hashlib
import re
import zlib
from datetime import datetime, timedelta, timezone

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAX_FILE, MAX_ENDORSEMENT, MAX_SIGNATURE = 256 * 1024 * 1024, 1024, 2048
MAX_KEYS, MAX_ACCESSES, MAX_TABLE, MAX_ID, MAX_NAME = 4_000_000, 1_000_000, 65_535, 255, 800
MAX_NUMBER, MAX_TIME, CLOCK_TOLERANCE = 2**53 - 1, 253_402_300_799, 300
ORDER = 2**252 + 27742317777372353535851937790883648493
UNSIGNED, BYTES, TEXT, ARRAY = 0, 2, 3, 4
ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
OWN_FORM = re.compile(r"[0-9a-z]{1,16}_([0-9A-Za-z]{8})_[0-9A-Za-z]{49}", re.ASCII)
HEX_FORMS = re.compile(r"[0-9a-f]{32}|sk-[0-9a-f]{64}", re.ASCII)
HANDLE = re.compile(rb"[0-9A-Za-z]{8}")
CONTROL = re.compile("[\x00-\x1f\x7f-\x9f]")
STATUSES = (None, "disabled", "revoked")


class Unbelievable(Exception):
    """A file or a clock that must not be believed."""

    def __init__(self, code):
        super().__init__(code)
        self.code = code


def require(condition, code):
    if not condition:
        raise Unbelievable(code)


class PublicKey:
    """A public key of minisign, from its text or from the contents of its file."""

    def __init__(self, text):
        lines = text.strip().splitlines()
        if len(lines) == 2 and lines[0].startswith("untrusted comment: "):
            del lines[0]
        raw = strict_base64(lines[0], 42) if len(lines) == 1 else None
        require(raw is not None and raw[:2] == b"Ed", "bad-public-key")
        self.text, self.number = lines[0], raw[2:10]
        self.key = Ed25519PublicKey.from_public_bytes(raw[10:])

    def check(self, file, signature):
        """The trusted comment, if both signatures are right."""
        require(len(signature) <= MAX_SIGNATURE, "bad-signature-file")
        require(all(byte == 10 or 32 <= byte <= 126 for byte in signature), "bad-signature-file")
        lines = signature.decode("ascii").split("\n")
        if len(lines) == 5 and lines[4] == "":
            del lines[4]
        require(len(lines) == 4, "bad-signature-file")
        require(lines[0].startswith("untrusted comment: "), "bad-signature-file")
        require(lines[2].startswith("trusted comment: "), "bad-signature-file")
        second, fourth = strict_base64(lines[1], 74), strict_base64(lines[3], 64)
        require(second is not None and fourth is not None and second[:2] == b"ED", "bad-signature-file")
        require(second[2:10] == self.number, "wrong-key")
        comment = lines[2][len("trusted comment: "):]
        self.check_one(second[10:], hashlib.blake2b(file).digest())
        self.check_one(fourth, second[10:] + comment.encode("ascii"))
        return comment

    def check_one(self, signature, message):
        require(int.from_bytes(signature[32:], "little") < ORDER, "bad-signature")
        try:
            self.key.verify(signature, message)
        except InvalidSignature:
            raise Unbelievable("bad-signature") from None


def strict_base64(text, length):
    """The bytes, if it is the base64 of that many, in the one spelling that it has."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return None
    return raw if len(raw) == length and base64.b64encode(raw).decode() == text else None


class Reader:
    """Deterministic CBOR, read strictly. Only what bundles have is known."""

    def __init__(self, data, begins):
        require(data.startswith(begins), "wrong-kind")
        self.data, self.at = data, len(begins)
        require(self.unsigned(2**64 - 1) == 1, "unknown-version")

    def left(self):
        return len(self.data) - self.at

    def take(self, length):
        require(length <= self.left(), "truncated")
        self.at += length
        return self.data[self.at - length:self.at]

    def head(self):
        initial = self.take(1)[0]
        if initial >= 0xE0:
            require(initial in (0xF4, 0xF5, 0xF6), "malformed")
            return initial, None
        info = initial & 31
        if info < 24:
            return initial >> 5, info
        require(info < 28, "not-canonical")
        argument = int.from_bytes(self.take(1 << (info - 24)), "big")
        require(argument >= (24, 2**8, 2**16, 2**32)[info - 24], "not-canonical")
        return initial >> 5, argument

    def expect(self, major):
        kind, argument = self.head()
        require(kind == major, "malformed")
        return argument

    def unsigned(self, most):
        number = self.expect(UNSIGNED)
        require(number <= most, "out-of-range")
        return number

    def unsigned_or_null(self, most):
        kind, number = self.head()
        if kind == 0xF6:
            return None
        require(kind == UNSIGNED, "malformed")
        require(number <= most, "out-of-range")
        return number

    def boolean(self):
        kind, _ = self.head()
        require(kind in (0xF4, 0xF5), "malformed")
        return kind == 0xF5

    def fixed(self, major, length):
        require(self.expect(major) == length, "malformed")
        return self.take(length)

    def text(self, most):
        length = self.expect(TEXT)
        require(1 <= length <= most, "out-of-range")
        try:
            text = self.take(length).decode("utf-8")
        except UnicodeDecodeError:
            raise Unbelievable("malformed") from None
        require(not CONTROL.search(text), "malformed")
        return text

    def handle(self):
        handle = self.fixed(TEXT, 8)
        require(HANDLE.fullmatch(handle), "malformed")
        return handle.decode("ascii")

    def array(self, most):
        count = self.expect(ARRAY)
        require(count <= most, "out-of-range")
        require(count <= self.left(), "truncated")
        return count

    def fixed_array(self, count):
        require(self.expect(ARRAY) == count, "malformed")
        require(count <= self.left(), "truncated")

    def end(self):
        require(self.left() == 0, "trailing")


def ascending(before, after):
    if before is not None:
        require(before != after, "duplicate")
        require(before < after, "unsorted")


class Bundle:
    """A full bundle or a delta whose signature is right, read to its end."""

    def __init__(self, file, signature, key):
        require(len(file) <= MAX_FILE, "too-large")
        comment = key.check(file, signature)
        reader = Reader(file, b"\x83\x6flatchkey-bundle")
        reader.fixed_array(16)
        self.header(reader)
        tables = [self.table(reader) for _ in range(4)]
        accesses = self.accesses(reader, tables)
        self.keys = self.read_keys(reader, accesses)
        self.removed = self.read_removed(reader)
        reader.end()
        kind = "full" if self.base is None else "delta"
        expires = (datetime(1970, 1, 1, tzinfo=timezone.utc) + timedelta(seconds=self.expires)).replace(tzinfo=None)
        expected = (f"latchkey-bundle tenant={uuid(self.tenant)} kind={kind} sequence={self.sequence} "
                    f"expires={expires.isoformat(timespec='seconds')}Z")
        require(comment == expected, "comment-differs")

    def header(self, reader):
        is_delta = reader.unsigned(1) == 1
        self.tenant = reader.fixed(BYTES, 16)
        self.name = reader.text(MAX_NAME)
        self.sequence = reader.unsigned(MAX_NUMBER)
        self.base = reader.unsigned_or_null(MAX_NUMBER)
        require((self.base is not None) == is_delta, "malformed")
        require(self.base is None or self.base <= self.sequence, "out-of-range")
        self.issued = reader.unsigned(MAX_TIME)
        self.expires = reader.unsigned(MAX_TIME)
        require(self.issued < self.expires, "out-of-range")
        self.total = reader.unsigned(MAX_KEYS)
        self.foreign = reader.boolean()

    @staticmethod
    def table(reader):
        table = []
        for _ in range(reader.array(MAX_TABLE)):
            entry = reader.text(MAX_ID)
            # By bytes: UTF-8 sorts as code points do.
            ascending(table[-1] if table else None, entry)
            table.append(entry)
        return table

    def accesses(self, reader, tables):
        accesses, last = [], None
        for _ in range(reader.array(MAX_ACCESSES)):
            start = reader.at
            reader.fixed_array(5)
            everything = reader.boolean()
            api_sets = self.chosen(reader, tables[0])
            organization = reader.unsigned_or_null(2**64)
            if organization is not None:
                require(organization < len(tables[1]), "out-of-range")
                organization = tables[1][organization]
            groups, permissions = self.chosen(reader, tables[2]), self.chosen(reader, tables[3])
            encoding = reader.data[start:reader.at]
            ascending(last, encoding)
            last = encoding
            accesses.append({"api_sets": api_sets, "everything": everything, "organization": organization,
                             "groups": groups, "permissions": permissions})
        return accesses

    @staticmethod
    def chosen(reader, table):
        places = []
        for _ in range(reader.array(len(table))):
            place = reader.unsigned(2**64)
            require(place < len(table), "out-of-range")
            ascending(places[-1] if places else None, place)
            places.append(place)
        return [table[place] for place in places]

    def read_keys(self, reader, accesses):
        """By digest: (handle, access, not before, expires, status)."""
        count = reader.array(MAX_KEYS)
        require(self.base is not None or count == self.total, "count-differs")
        keys, last, used = {}, None, set()
        for _ in range(count):
            reader.fixed_array(6)
            handle, digest = reader.handle(), reader.fixed(BYTES, 32)
            access = reader.unsigned(2**64)
            require(access < len(accesses), "out-of-range")
            used.add(access)
            not_before, expires = reader.unsigned_or_null(MAX_TIME), reader.unsigned_or_null(MAX_TIME)
            status = reader.unsigned(2)
            ascending(last, handle)
            last = handle
            require(digest not in keys, "duplicate")
            keys[digest] = (handle, accesses[access], not_before, expires, status)
        require(len(used) == len(accesses), "malformed")
        return keys

    def read_removed(self, reader):
        count = reader.array(MAX_KEYS)
        require(self.base is not None or count == 0, "malformed")
        there, removed = {key[0] for key in self.keys.values()}, []
        for _ in range(count):
            handle = reader.handle()
            ascending(removed[-1] if removed else None, handle)
            require(handle not in there, "duplicate")
            removed.append(handle)
        return removed

    def apply_to(self, before):
        """Makes of a delta what a full bundle would be."""
        require(before is not None and self.base <= before.sequence <= self.sequence, "misfit")
        gone = {key[0] for key in self.keys.values()}.union(self.removed)
        keys = {digest: key for digest, key in before.keys.items() if key[0] not in gone}
        require(keys.keys().isdisjoint(self.keys), "misfit")
        keys.update(self.keys)
        require(len(keys) == self.total, "misfit")
        self.keys = keys

    def decide(self, text, now):
        raw = text.encode("utf-8", "surrogatepass")
        own = own_form(text)
        is_known_form = own is not None or HEX_FORMS.fullmatch(text) is not None
        if not is_known_form and not (self.foreign and 8 <= len(raw) <= 4096):
            return self.refused("malformed", None)
        key = self.keys.get(hashlib.sha256(raw).digest())
        if key is None:
            return self.refused("unknown" if is_known_form else "malformed", own)
        handle, access, not_before, expires, status = key
        if STATUSES[status]:
            return self.refused(STATUSES[status], handle)
        if expires is not None and expires <= now:
            return self.refused("expired", handle)
        if not_before is not None and now < not_before:
            return self.refused("not-yet-valid", handle)
        if self.expires <= now:
            return self.refused("bundle-expired", handle)
        return {"decision": "valid", "handle": handle, **access, "expires": expires, "sequence": self.sequence}

    def refused(self, reason, handle):
        return {"decision": "refused", "reason": reason, "handle": handle, "sequence": self.sequence}


def own_form(text):
    """The handle of a text of Latchkey's own form, if its checksum is right."""
    match = OWN_FORM.fullmatch(text)
    if match is None:
        return None
    rest, digits = zlib.crc32(text[:-6].encode("ascii")), ""
    for _ in range(6):
        rest, digit = divmod(rest, 62)
        digits = ALPHABET[digit] + digits
    return match[1] if digits == text[-6:] else None


def uuid(raw):
    digits = raw.hex()
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


class Verifier:
    """Decides by the newest bundle that it was given."""

    def __init__(self, key, tenant=None, seen=(0, 0)):
        """`tenant`: its UUID as text, if it is known. `seen`: sequence and issue of the newest bundle before this start."""
        self.key, self.tenant, self.seen = PublicKey(key), tenant, tuple(seen)
        self.state = (None, self.seen[1])

    def take(self, file, signature):
        """Takes a full bundle or a delta over. What is refused changes nothing."""
        bundle = Bundle(file, signature, self.key)
        tenant = uuid(bundle.tenant)
        require(self.tenant in (None, tenant), "other-tenant")
        require((bundle.sequence, bundle.issued) >= self.seen, "rollback")
        if bundle.base is not None:
            bundle.apply_to(self.state[0])
        self.tenant, self.seen = tenant, (bundle.sequence, bundle.issued)
        self.state = (bundle, bundle.issued)

    def endorse(self, file, signature):
        """Believes the key that the one before signed, from now on."""
        require(len(file) <= MAX_ENDORSEMENT, "too-large")
        comment = self.key.check(file, signature)
        reader = Reader(file, b"\x83\x74latchkey-endorsement")
        reader.fixed_array(4)
        tenant = uuid(reader.fixed(BYTES, 16))
        sequence, issued, raw = reader.unsigned(MAX_NUMBER), reader.unsigned(MAX_TIME), reader.fixed(BYTES, 42)
        require(raw[:2] == b"Ed", "malformed")
        reader.end()
        number = raw[9:1:-1].hex().upper()
        require(comment == f"latchkey-endorsement tenant={tenant} sequence={sequence} key={number}", "comment-differs")
        require(self.tenant in (None, tenant), "other-tenant")
        self.key, self.tenant, self.seen = PublicKey(base64.b64encode(raw).decode()), tenant, (sequence, issued)
        self.state = (self.state[0], issued)

    def decide(self, text, now):
        """Decides about a key's text, where the clock says `now`, in whole seconds since 1970."""
        bundle, issued = self.state
        require(now + CLOCK_TOLERANCE >= issued, "clock-set-back")
        return bundle.decide(text, max(now, issued))
