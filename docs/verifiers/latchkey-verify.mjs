// Decides offline whether an API key may be used, from a verifier bundle of Latchkey.
//
// Written from docs/bundle-format.md, which is the reference. Needs Node 20.15 and no packages.
//
//   const verifier = new Verifier(publicKey)
//   verifier.take(readFileSync("harbour.bundle"), readFileSync("harbour.bundle.minisig"))
//   const decision = verifier.decide(text, Math.floor(Date.now() / 1000))
//
// Whatever must not be believed throws `Unbelievable`, with the code of the description in `code`. Keep `verifier.seen` and
// `verifier.key.text` where the next start finds them.

import { createHash, createPublicKey, verify } from "node:crypto";
import { crc32 } from "node:zlib";

const MAX_FILE = 256 * 1024 * 1024;
const MAX_ENDORSEMENT = 1024;
const MAX_SIGNATURE = 2048;
const MAX_KEYS = 4_000_000;
const MAX_ACCESSES = 1_000_000;
const MAX_TABLE = 65_535;
const MAX_ID = 255;
const MAX_NAME = 800;
const MAX_NUMBER = Number.MAX_SAFE_INTEGER;
const MAX_TIME = 253_402_300_799;
const CLOCK_TOLERANCE = 300;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

const UNSIGNED = 0;
const BYTES = 2;
const TEXT = 3;
const ARRAY = 4;
const FALSE = 0xf4;
const TRUE = 0xf5;
const NULL = 0xf6;

const UNTRUSTED = "untrusted comment: ";
const SIGNATURE_FILE =
  /^untrusted comment: [ -~]*\n(.{100})\ntrusted comment: ([ -~]*)\n(.{88})\n?$/;
const ALPHABET =
  "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const OWN_FORM = /^[0-9a-z]{1,16}_([0-9A-Za-z]{8})_[0-9A-Za-z]{49}$/;
const HEX_FORMS = /^(?:[0-9a-f]{32}|sk-[0-9a-f]{64})$/;
const HANDLE = /^[0-9A-Za-z]{8}$/;
// eslint-disable-next-line no-control-regex -- that is what is looked for
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const STATUSES = [null, "disabled", "revoked"];
const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** A file or a clock that must not be believed. */
export class Unbelievable extends Error {
  constructor(code) {
    super(code);
    this.code = code;
  }
}

function need(condition, code) {
  if (!condition) throw new Unbelievable(code);
}

/** A public key of minisign, from its text or from the contents of its file. */
export class PublicKey {
  constructor(text) {
    const lines = text.trim().split(/\r?\n/);
    if (lines.length === 2 && lines[0].startsWith(UNTRUSTED)) lines.shift();
    const raw = lines.length === 1 ? strictBase64(lines[0], 42) : null;
    need(raw?.toString("latin1", 0, 2) === "Ed", "bad-public-key");
    this.text = lines[0];
    this.number = raw.subarray(2, 10);
    const x = raw.subarray(10).toString("base64url");
    this.key = createPublicKey({
      key: { kty: "OKP", crv: "Ed25519", x },
      format: "jwk",
    });
  }

  /** The trusted comment, if both signatures are right. */
  check(file, signature) {
    need(signature.length <= MAX_SIGNATURE, "bad-signature-file");
    const form = SIGNATURE_FILE.exec(signature.toString("latin1"));
    const second = form && strictBase64(form[1], 74);
    const fourth = form && strictBase64(form[3], 64);
    need(
      second && fourth && second.toString("latin1", 0, 2) === "ED",
      "bad-signature-file",
    );
    need(second.subarray(2, 10).equals(this.number), "wrong-key");
    const comment = form[2];
    this.#checkOne(
      second.subarray(10),
      createHash("blake2b512").update(file).digest(),
    );
    this.#checkOne(
      fourth,
      Buffer.concat([second.subarray(10), Buffer.from(comment, "latin1")]),
    );
    return comment;
  }

  #checkOne(signature, message) {
    const s = BigInt(
      "0x" + Buffer.from(signature.subarray(32)).reverse().toString("hex"),
    );
    need(
      s < ORDER && verify(null, message, this.key, signature),
      "bad-signature",
    );
  }
}

/** The bytes, if it is the base64 of that many, in the one spelling that it has. */
function strictBase64(text, length) {
  const raw = Buffer.from(text, "base64");
  return raw.length === length && raw.toString("base64") === text ? raw : null;
}

/** Deterministic CBOR, read strictly. Only what bundles have is known. */
class Reader {
  constructor(data, begins) {
    const expected = Buffer.from(begins, "latin1");
    need(data.subarray(0, expected.length).equals(expected), "wrong-kind");
    this.data = data;
    this.at = expected.length;
    need(this.unsigned(Infinity) === 1, "unknown-version");
  }

  get left() {
    return this.data.length - this.at;
  }

  take(length) {
    need(length <= this.left, "truncated");
    this.at += length;
    return this.data.subarray(this.at - length, this.at);
  }

  head() {
    const initial = this.take(1)[0];
    if (initial >= 0xe0) {
      need(
        initial === FALSE || initial === TRUE || initial === NULL,
        "malformed",
      );
      return [initial, 0];
    }
    const info = initial & 31;
    if (info < 24) return [initial >> 5, info];
    need(info < 28, "not-canonical");
    const bytes = this.take(1 << (info - 24));
    // Beyond 2 to the power of 53 it is not exact, and over every limit.
    const argument =
      info === 27
        ? Number(bytes.readBigUInt64BE())
        : bytes.readUIntBE(0, bytes.length);
    need(
      argument >= [24, 2 ** 8, 2 ** 16, 2 ** 32][info - 24],
      "not-canonical",
    );
    return [initial >> 5, argument];
  }

  expect(major) {
    const [kind, argument] = this.head();
    need(kind === major, "malformed");
    return argument;
  }

  unsigned(most) {
    const number = this.expect(UNSIGNED);
    need(number <= most, "out-of-range");
    return number;
  }

  unsignedOrNull(most) {
    if (this.data[this.at] !== NULL) return this.unsigned(most);
    this.at += 1;
    return null;
  }

  boolean() {
    const [kind] = this.head();
    need(kind === FALSE || kind === TRUE, "malformed");
    return kind === TRUE;
  }

  fixed(major, length) {
    need(this.expect(major) === length, "malformed");
    return this.take(length);
  }

  text(most) {
    const length = this.expect(TEXT);
    need(length >= 1 && length <= most, "out-of-range");
    const bytes = this.take(length);
    let text;
    try {
      text = utf8.decode(bytes);
    } catch {
      throw new Unbelievable("malformed");
    }
    need(!CONTROL.test(text), "malformed");
    return text;
  }

  handle() {
    const handle = this.fixed(TEXT, 8).toString("latin1");
    need(HANDLE.test(handle), "malformed");
    return handle;
  }

  array(most) {
    const count = this.expect(ARRAY);
    need(count <= most, "out-of-range");
    need(count <= this.left, "truncated");
    return count;
  }

  fixedArray(count) {
    need(this.expect(ARRAY) === count, "malformed");
    need(count <= this.left, "truncated");
  }

  end() {
    need(this.left === 0, "trailing");
  }
}

/** By number: what `Buffer.compare` says, or a difference. */
function ascending(order) {
  need(order !== 0, "duplicate");
  need(order < 0, "unsorted");
}

/** Texts are in the order of their bytes, which is not that of JavaScript's strings. */
const byBytes = (one, other) =>
  Buffer.compare(Buffer.from(one), Buffer.from(other));

/** A full bundle or a delta whose signature is right, read to its end. */
class Bundle {
  constructor(file, signature, key) {
    need(file.length <= MAX_FILE, "too-large");
    const comment = key.check(file, signature);
    const reader = new Reader(file, "\x83\x6flatchkey-bundle");
    reader.fixedArray(16);
    this.#header(reader);
    const tables = [0, 1, 2, 3].map(() => readTable(reader));
    const accesses = readAccesses(reader, tables);
    this.#keys(reader, accesses);
    this.#removed(reader);
    reader.end();
    const kind = this.base === null ? "full" : "delta";
    const expires = new Date(this.expires * 1000)
      .toISOString()
      .replace(".000Z", "Z");
    const expected = `latchkey-bundle tenant=${this.tenant} kind=${kind} sequence=${this.sequence} expires=${expires}`;
    need(comment === expected, "comment-differs");
  }

  #header(reader) {
    const isDelta = reader.unsigned(1) === 1;
    this.tenant = uuid(reader.fixed(BYTES, 16));
    this.name = reader.text(MAX_NAME);
    this.sequence = reader.unsigned(MAX_NUMBER);
    this.base = reader.unsignedOrNull(MAX_NUMBER);
    need((this.base !== null) === isDelta, "malformed");
    need(this.base === null || this.base <= this.sequence, "out-of-range");
    this.issued = reader.unsigned(MAX_TIME);
    this.expires = reader.unsigned(MAX_TIME);
    need(this.issued < this.expires, "out-of-range");
    this.total = reader.unsigned(MAX_KEYS);
    this.foreign = reader.boolean();
  }

  /** By digest. */
  #keys(reader, accesses) {
    const count = reader.array(MAX_KEYS);
    need(this.base !== null || count === this.total, "count-differs");
    this.keys = new Map();
    const used = new Set();
    let last = null;
    for (let place = 0; place < count; place += 1) {
      reader.fixedArray(6);
      const handle = reader.handle();
      const digest = reader.fixed(BYTES, 32).toString("latin1");
      const access = reader.unsigned(accesses.length - 1);
      used.add(access);
      const notBefore = reader.unsignedOrNull(MAX_TIME);
      const expires = reader.unsignedOrNull(MAX_TIME);
      const status = reader.unsigned(2);
      if (last !== null) ascending(byBytes(last, handle));
      last = handle;
      need(!this.keys.has(digest), "duplicate");
      this.keys.set(digest, {
        handle,
        access: accesses[access],
        notBefore,
        expires,
        status,
      });
    }
    need(used.size === accesses.length, "malformed");
  }

  #removed(reader) {
    const count = reader.array(MAX_KEYS);
    need(this.base !== null || count === 0, "malformed");
    const there = new Set([...this.keys.values()].map((key) => key.handle));
    this.removed = [];
    for (let place = 0; place < count; place += 1) {
      const handle = reader.handle();
      if (place > 0) ascending(byBytes(this.removed.at(-1), handle));
      need(!there.has(handle), "duplicate");
      this.removed.push(handle);
    }
  }

  /** Makes of a delta what a full bundle would be. */
  applyTo(before) {
    need(
      before &&
        this.base <= before.sequence &&
        before.sequence <= this.sequence,
      "misfit",
    );
    const gone = new Set(this.removed);
    for (const key of this.keys.values()) gone.add(key.handle);
    const keys = new Map(
      [...before.keys].filter(([, key]) => !gone.has(key.handle)),
    );
    for (const [digest, key] of this.keys) {
      need(!keys.has(digest), "misfit");
      keys.set(digest, key);
    }
    need(keys.size === this.total, "misfit");
    this.keys = keys;
  }

  decide(text, now) {
    const own = ownForm(text);
    const isKnownForm = own !== null || HEX_FORMS.test(text);
    const length = Buffer.byteLength(text);
    const mayBeForeign =
      this.foreign && length >= 8 && length <= 4096 && text.isWellFormed();
    if (!isKnownForm && !mayBeForeign) return this.#refused("malformed", null);
    const key = this.keys.get(
      createHash("sha256").update(text).digest("latin1"),
    );
    if (!key) return this.#refused(isKnownForm ? "unknown" : "malformed", own);
    const { handle, access, notBefore, expires, status } = key;
    if (STATUSES[status]) return this.#refused(STATUSES[status], handle);
    if (expires !== null && expires <= now)
      return this.#refused("expired", handle);
    if (notBefore !== null && now < notBefore)
      return this.#refused("not-yet-valid", handle);
    if (this.expires <= now) return this.#refused("bundle-expired", handle);
    return {
      decision: "valid",
      handle,
      ...access,
      expires,
      sequence: this.sequence,
    };
  }

  #refused(reason, handle) {
    return { decision: "refused", reason, handle, sequence: this.sequence };
  }
}

function readTable(reader) {
  const count = reader.array(MAX_TABLE);
  const table = [];
  for (let place = 0; place < count; place += 1) {
    const id = reader.text(MAX_ID);
    if (place > 0) ascending(byBytes(table.at(-1), id));
    table.push(id);
  }
  return table;
}

function readAccesses(reader, [apiSets, organizations, groups, permissions]) {
  const count = reader.array(MAX_ACCESSES);
  const accesses = [];
  let last = null;
  for (let place = 0; place < count; place += 1) {
    const start = reader.at;
    reader.fixedArray(5);
    const everything = reader.boolean();
    const chosen = readChosen(reader, apiSets);
    const organization = reader.unsignedOrNull(organizations.length - 1);
    const access = {
      api_sets: chosen,
      everything,
      organization: organization === null ? null : organizations[organization],
      groups: readChosen(reader, groups),
      permissions: readChosen(reader, permissions),
    };
    const encoding = reader.data.subarray(start, reader.at);
    if (last !== null) ascending(Buffer.compare(last, encoding));
    last = encoding;
    accesses.push(access);
  }
  return accesses;
}

function readChosen(reader, table) {
  const count = reader.array(table.length);
  const places = [];
  for (let number = 0; number < count; number += 1) {
    const place = reader.unsigned(table.length - 1);
    if (number > 0) ascending(places.at(-1) - place);
    places.push(place);
  }
  return places.map((place) => table[place]);
}

/** The handle of a text of Latchkey's own form, if its checksum is right. */
function ownForm(text) {
  const match = OWN_FORM.exec(text);
  if (!match) return null;
  let rest = crc32(text.slice(0, -6));
  let digits = "";
  for (let place = 0; place < 6; place += 1) {
    digits = ALPHABET[rest % 62] + digits;
    rest = Math.floor(rest / 62);
  }
  return digits === text.slice(-6) ? match[1] : null;
}

function uuid(raw) {
  return raw
    .toString("hex")
    .replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/** Decides by the newest bundle that it was given. */
export class Verifier {
  #bundle = null;

  /** `tenant`: its UUID as text, if it is known. `seen`: sequence and issue of the newest bundle before this start. */
  constructor(key, { tenant = null, seen = { sequence: 0, issued: 0 } } = {}) {
    this.key = new PublicKey(key);
    this.tenant = tenant;
    this.seen = seen;
  }

  /** Takes a full bundle or a delta over. What is refused changes nothing. */
  take(file, signature) {
    const bundle = new Bundle(file, signature, this.key);
    const { tenant, sequence, issued } = bundle;
    need(this.tenant === null || this.tenant === tenant, "other-tenant");
    const { seen } = this;
    const isOlder =
      sequence < seen.sequence ||
      (sequence === seen.sequence && issued < seen.issued);
    need(!isOlder, "rollback");
    if (bundle.base !== null) bundle.applyTo(this.#bundle);
    this.#bundle = bundle;
    this.tenant = tenant;
    this.seen = { sequence, issued };
  }

  /** Believes the key that the one before signed, from now on. */
  endorse(file, signature) {
    need(file.length <= MAX_ENDORSEMENT, "too-large");
    const comment = this.key.check(file, signature);
    const reader = new Reader(file, "\x83\x74latchkey-endorsement");
    reader.fixedArray(4);
    const tenant = uuid(reader.fixed(BYTES, 16));
    const sequence = reader.unsigned(MAX_NUMBER);
    const issued = reader.unsigned(MAX_TIME);
    const raw = reader.fixed(BYTES, 42);
    need(raw.toString("latin1", 0, 2) === "Ed", "malformed");
    reader.end();
    const number = Buffer.from(raw.subarray(2, 10))
      .reverse()
      .toString("hex")
      .toUpperCase();
    const expected = `latchkey-endorsement tenant=${tenant} sequence=${sequence} key=${number}`;
    need(comment === expected, "comment-differs");
    need(this.tenant === null || this.tenant === tenant, "other-tenant");
    this.key = new PublicKey(raw.toString("base64"));
    this.tenant = tenant;
    this.seen = { sequence, issued };
  }

  /** Decides about a key's text, where the clock says `now`, in whole seconds since 1970. */
  decide(text, now) {
    const { issued } = this.seen;
    need(now + CLOCK_TOLERANCE >= issued, "clock-set-back");
    return this.#bundle.decide(text, Math.max(now, issued));
  }
}
