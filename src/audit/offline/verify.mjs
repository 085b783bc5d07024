#!/usr/bin/env node
/**
 * Verifies a Sallyport audit log, or an export of one, with nothing but Node.js 20 or later. It reads only. One file
 * without dependencies, to be read before it is trusted; it shares no code with the gateway.
 */
import { createDecipheriv, createHash, createPublicKey, hkdfSync, verify } from 'node:crypto';
import { createReadStream, existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliDecompressSync } from 'node:zlib';

const USAGE = `usage: node verify.mjs DIR --key VERIFIERKEY [options]    an export, or a copy of a gateway's \`audit/log\`
       node verify.mjs --proof FILE --leaf-hash HEX --key VERIFIERKEY [options]    one entry
  --key VERIFIERKEY       what the log's checkpoints are signed with, from a source that you trust; may be repeated
  --checkpoint FILE...    checkpoints that were kept elsewhere
  --proof FILE            a \`.tlog-proof\`: of an entry of DIR, or of --leaf-hash; may be repeated
  --record-key KEYID=HEX,TENANT,SUBJECT    opens what \`audit/log\` has under this key; may be repeated
  --json                  print all of the result
exits with 0 if all is whole, 1 if something is not, 2 if it cannot tell`;

/** What is not as it was written: of which entry, in which file. */
const faults = [];
const fault = (message, place) => void faults.push({ ...place, message });

/** What `check` gives; undefined, and a fault, where it throws. */
function attempt(place, check) {
  try {
    return check();
  } catch (error) {
    return fault(error.message, place);
  }
}

function must(condition, message) {
  if (!condition) throw new Error(message);
}

const sha256 = (...parts) => parts.reduce((hash, part) => hash.update(part), createHash('sha256')).digest();
const toHex = (bytes) => Buffer.from(bytes).toString('hex');
const fromUtf8 = (bytes) => new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
const toEscape = (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Strict: bytes have one text, so that no character of it is free to change. */
function fromBase64(text) {
  const bytes = Buffer.from(String(text), 'base64');
  must(bytes.toString('base64') === text, 'it is not base64 in its one form');
  return bytes;
}

/** Reads CBOR (RFC 8949), as much of it as leaves and sealed records have. */
function fromCbor(bytes) {
  let at = 0;
  const take = (length) => {
    must(at + length <= bytes.length, 'its CBOR ends early');
    at += length;
    return bytes.subarray(at - length, at);
  };
  const item = () => {
    const [first] = take(1);
    const [major, low] = [first >> 5, first & 0x1f];
    const value = low < 24 ? low : take(2 ** (low - 24)).reduce((sum, byte) => sum * 256 + byte, 0);
    if (major === 0) return value;
    if (major === 2) return take(value);
    if (major === 4) return Array.from({ length: value }, item);
    if (major === 5) return new Map(Array.from({ length: value }, () => [item(), item()]));
    must(major === 6, 'its CBOR has another type');
    return { tag: value, value: item() };
  };
  return item();
}

/** A byte string (major type 2) or a text (3) in CBOR. */
function toCbor(major, content) {
  const bytes = Buffer.from(content);
  const size = [24, 2 ** 8, 2 ** 16, 2 ** 32].findIndex((limit) => bytes.length < limit);
  const head = Buffer.alloc(1 + [0, 1, 2, 4][size], (major << 5) | (size === 0 ? bytes.length : 23 + size));
  if (size > 0) head.writeUIntBE(bytes.length, 1, head.length - 1);
  return Buffer.concat([head, bytes]);
}

/** `<name>+<id>+<key>` (C2SP signed-note). The id is of name and key, so that one mistyped shows. */
function parseKey(text) {
  const [, name, id, encoded = ''] = /^([^\s+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/u.exec(text) ?? [];
  const key = Buffer.from(encoded, 'base64');
  const isKey = key.length === 33 && key[0] === 1 && toHex(sha256(`${name}\n`, key).subarray(0, 4)) === id;
  must(isKey, `\`${text}\` is no verifier key of Ed25519`);
  const spki = Buffer.concat([Buffer.from('302a300506032b6570032100', 'hex'), key.subarray(1)]);
  return { name, id, publicKey: createPublicKey({ key: spki, format: 'der', type: 'spki' }) };
}

/** Reads a checkpoint (C2SP tlog-checkpoint) that one of the keys has signed; what others signed is passed over. */
function openCheckpoint(bytes, keys) {
  const note = fromUtf8(bytes);
  const end = note.lastIndexOf('\n\n');
  const text = note.slice(0, end + 1);
  const lines = note.slice(end + 2).split('\n');
  must(end > 0 && lines.pop() === '', 'it is no signed note');
  const signed = lines.filter((line) => {
    const [, name, encoded] = /^— (\S+) (\S+)$/u.exec(line) ?? [];
    const signature = fromBase64(encoded);
    const key = keys.find((one) => one.name === name && one.id === toHex(signature.subarray(0, 4)));
    return key !== undefined && verify(null, Buffer.from(text), key.publicKey, signature.subarray(4));
  });
  must(signed.length > 0, 'none of the keys has signed it');
  const [origin, digits, root] = text.split('\n');
  must(/^(0|[1-9]\d{0,15})$/.test(digits) && fromBase64(root).length === 32, 'it is no checkpoint');
  return { origin, size: Number(digits), root: fromBase64(root) };
}

const leafHash = (leaf) => sha256(Buffer.of(0), leaf);
const WIDTH = 256;
const nodeHash = (left, right) => sha256(Buffer.of(1), left, right);

/** A Merkle tree that grows (RFC 9162, section 2.1): the perfect subtrees that it consists of, the largest first. */
function createTree() {
  const subtrees = [];
  const add = (hash) => {
    subtrees.push({ hash, height: 0 });
    while (subtrees.at(-1).height === subtrees.at(-2)?.height) {
      const [left, right] = subtrees.splice(-2);
      subtrees.push({ hash: nodeHash(left.hash, right.hash), height: left.height + 1 });
    }
  };
  const join = (right, { hash }) => (right === undefined ? hash : nodeHash(hash, right));
  return { add, root: () => subtrees.reduceRight(join, undefined) ?? sha256('') };
}

/** The root that a proof of inclusion leads to. `path` begins beside the leaf. */
function rootByProof(hash, { index, size, path }) {
  must(size === 1 ? path.length === 0 : path.length > 0, 'the proof is not as long as it must be');
  if (size === 1) return hash;
  const half = 2 ** Math.ceil(Math.log2(size) - 1);
  const [rest, beside] = [path.slice(0, -1), path.at(-1)];
  if (index < half) return nodeHash(rootByProof(hash, { index, size: half, path: rest }), beside);
  return nodeHash(beside, rootByProof(hash, { index: index - half, size: size - half, path: rest }));
}

/** Reads tiles (C2SP tlog-tiles) and bundles of leaves, the last of these kept at hand. */
function createReader(directory, size) {
  const recent = new Map();
  const tile = (level, number) => {
    const count = Math.floor(size / WIDTH ** (level === 'entries' ? 0 : level));
    const width = Math.min(WIDTH, count - number * WIDTH);
    const digits = String(number).padStart(Math.ceil(String(number).length / 3) * 3, '0');
    const path = join(directory, 'tile', String(level), digits.replace(/\d{3}(?=\d)/g, 'x$&/'));
    const partial = join(`${path}.p`, String(width));
    // One that was not full when the checkpoint was signed may have been filled since.
    return { width, bytes: readFileSync(width < WIDTH && existsSync(partial) ? partial : path) };
  };
  const bundle = (number) => {
    if (recent.has(number)) return recent.get(number);
    const { width, bytes } = tile('entries', number);
    const leaves = [];
    for (let at = 0; at < bytes.length && leaves.length < width; at += 2 + leaves.at(-1).length) {
      leaves.push(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at)));
    }
    recent.set(number, leaves);
    if (recent.size > 64) recent.delete(recent.keys().next().value);
    return leaves;
  };
  return { tile, bundle, leaf: (index) => bundle(Math.floor(index / WIDTH))[index % WIDTH] };
}

/** The root of a full tile's hashes. */
const rootOf = (tile, half = tile.length / 2) =>
  half === 16 ? tile : nodeHash(rootOf(tile.subarray(0, half)), rootOf(tile.subarray(half)));

/** Holds tiles against those below, up to a level that is bad, and the lowest against leaves, which `take` hashes. */
function checkTiles({ size, tile, bundle }, place, take) {
  const hashesOf = (level, first, width) => {
    if (level > 0) return Array.from({ length: width }, (_, at) => rootOf(tile(level - 1, first + at).bytes));
    const leaves = bundle(first / WIDTH);
    must(leaves.length === width, 'entries are missing behind it');
    return leaves.map((leaf, at) => take(first + at, leaf));
  };
  const known = faults.length;
  for (let [level, span] = [0, 1]; size >= span && faults.length === known; level += 1, span *= WIDTH) {
    for (let first = 0; first < Math.floor(size / span); first += WIDTH) {
      Object.assign(place, { index: first * span, path: `tile/${level}/${first / WIDTH}` });
      const { bytes, width } = tile(level, first / WIDTH);
      const hashes = hashesOf(level, first, width);
      const bad = hashes.findIndex((hash, at) => !hash.equals(bytes.subarray(at * 32, at * 32 + 32)));
      if (bad >= 0) fault('its hash is not the one in the tile', { ...place, index: (first + bad) * span });
    }
  }
}

/** An entry of the log: it commits to a record, and to the entry that its writer wrote before. */
function parseLeaf(bytes) {
  const items = fromCbor(bytes);
  const [version, , , tenant, writer, counter, previous, headerCommitment, bodyCommitment, sealedHash] = items;
  must(items.length === 10 && version === 1, 'its leaf is none of version 1');
  return { tenant: toHex(tenant), writer, counter, previous, headerCommitment, bodyCommitment, sealedHash };
}

function parseSegment(bytes) {
  const records = [];
  for (let at = 12; at < bytes.length; at += 12 + records.at(-1).sealed.length) {
    const sealed = bytes.subarray(at + 12, at + 12 + bytes.readUInt32BE(at + 8));
    records.push({ index: Number(bytes.readBigUInt64BE(at)), sealed });
  }
  const isWhole = records.length === bytes.readUInt32BE(8);
  must(toHex(bytes.subarray(0, 8)) === '535053310d0a1a0a' && isWhole, 'it is no segment');
  return records;
}

/** Opens an encrypted record: COSE_Encrypt0 (RFC 9052) with A256GCM, bound to the place that its leaf gives it. */
function openRecord([id, { value: message }, disclosed = ''], { leaf, bytes, key }) {
  const [keyId, iv, ciphertext] = [message[1].get(4), message[1].get(5), message[2]];
  must(toHex(message[0]) === 'a10103' && BigInt(`0x${toHex(iv)}`) === BigInt(leaf.counter), 'its headers are others');
  const names = ['sallyport record', key.tenant, key.subject].map((name) => toCbor(3, name));
  // The leaf without its last item, the hash of the record, which takes 34 bytes.
  const places = [bytes.subarray(0, -34), id, keyId, disclosed].map((part) => toCbor(2, part));
  const external = Buffer.concat([Buffer.of(0x87), ...names, ...places]);
  const bound = Buffer.concat([Buffer.of(0x83), toCbor(3, 'Encrypt0'), toCbor(2, message[0]), toCbor(2, external)]);
  const secret = Buffer.from(hkdfSync('sha256', key.secret, leaf.writer, 'sallyport record A256GCM', 32));
  const cipher = createDecipheriv('aes-256-gcm', secret, iv).setAAD(bound).setAuthTag(ciphertext.subarray(-16));
  const plain = Buffer.concat([cipher.update(ciphertext.subarray(0, -16)), cipher.final()]);
  const stored = plain.subarray(69, 69 + plain.readUInt32BE(1));
  const whole = plain[0] === 1 ? brotliDecompressSync(stored) : stored;
  const end = 4 + whole.readUInt32BE(0);
  must(sha256(plain.subarray(5, 37), whole.subarray(4, end)).equals(leaf.headerCommitment), 'its header is another');
  must(sha256(plain.subarray(37, 69), whole.subarray(end)).equals(leaf.bodyCommitment), 'its body is another');
}

/** Holds the encrypted records against the leaves: each is the one committed to, and lies where its tenant's do. */
function checkRecords({ directory, size, leaf: leafAt }, recordKeys) {
  const [seen, gone, counts] = [Buffer.alloc(size), [], { records: 0, opened: 0, removed: 0 }];
  const check = (tenant, { index, sealed }) => {
    must(index < size && seen[index] === 0, 'no leaf is of this record');
    const leaf = parseLeaf(leafAt(index));
    must(leaf.tenant === tenant && sha256(sealed).equals(leaf.sealedHash), 'its record is not the one committed to');
    seen[index] = 1;
    counts.records += 1;
    const record = fromCbor(sealed);
    if (record.length === 3) gone.push(...(JSON.parse(fromUtf8(record[2])).removedSegments ?? []));
    const key = recordKeys.get(toHex(record[1].value[1].get(4)));
    if (key === undefined) return;
    openRecord(record, { leaf, bytes: leafAt(index), key });
    counts.opened += 1;
  };
  const firstOf = (path) => Number(path.split('/').slice(2).join(''));
  // One behind the checkpoint is of a batch that was being published.
  const isOurs = (path) => /^segments\/[0-9a-f]{32}(\/\d{3}){5}$/.test(path) && firstOf(path) < size;
  const there = readdirSync(directory, { recursive: true }).filter(isOurs).sort();
  for (const path of there) {
    const records = attempt({ path }, () => parseSegment(readFileSync(join(directory, path)))) ?? [];
    for (const record of records) attempt({ index: record.index, path }, () => check(path.split('/')[1], record));
  }
  // A segment has its tenant's records up to where the next begins: what is missing must be of one that was removed.
  const isGone = new Map([...gone.map((path) => [firstOf(path), 1]), ...there.map((path) => [firstOf(path), 0])]);
  const last = new Map();
  for (let index = 0; index < size; index += 1) {
    const tenant = attempt({ index }, () => parseLeaf(leafAt(index)).tenant);
    last.set(tenant, isGone.get(index) ?? last.get(tenant));
    if (seen[index] === 0 && last.get(tenant)) counts.removed += 1;
    else if (seen[index] === 0) fault('its record is missing, and nothing in the log says why', { index });
  }
  return counts;
}

/** The lines of a file, without the line feed that each must have. */
async function* linesOf(path) {
  const parts = [];
  for await (const chunk of createReadStream(path)) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      yield Buffer.concat([...parts.splice(0), chunk.subarray(start, end)]);
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
  }
  if (Buffer.concat(parts).length > 0) yield Buffer.from('the last line has no end');
}

/** What a leaf commits to a text by. Of fixed length, so that no part of the text can be taken for salt. */
function commitmentOf(salt, text) {
  must(fromBase64(salt).length === 32 && text.isWellFormed(), 'it has no salt of 32 bytes, or no text');
  return sha256(fromBase64(salt), text);
}

/** Holds what an export discloses against the log: leaves are in their place, and texts are those committed to. */
async function checkDisclosed(log, path) {
  const [seen, counts] = [Buffer.alloc(log.size), { lines: 0, bodies: 0 }];
  for await (const bytes of linesOf(path)) {
    counts.lines += 1;
    const place = { path: `records.jsonl, line ${counts.lines}` };
    attempt(place, () => {
      const { index, leaf, header, headerSalt, body, bodySalt } = JSON.parse(fromUtf8(bytes));
      // Written in one way alone, so that no character is free to change.
      const line = JSON.stringify({ index, leaf, header, headerSalt, body, bodySalt });
      must(fromUtf8(bytes) === line.replace(/[\u007f-\u009f\u2028\u2029]/g, toEscape), 'it is not in its one form');
      place.index = index;
      must(Number.isInteger(index) && seen[index] === 0, 'its entry is none of the log, or there twice');
      seen[index] = 1;
      must(fromBase64(leaf).equals(log.leaf(index)), 'another leaf is at its index of the log');
      const { headerCommitment, bodyCommitment } = parseLeaf(fromBase64(leaf));
      must(commitmentOf(headerSalt, header).equals(headerCommitment), 'its header is not the one committed to');
      if (body === undefined) return;
      must(commitmentOf(bodySalt, body).equals(bodyCommitment), 'its body is not the one committed to');
      counts.bodies += 1;
    });
  }
  return counts;
}

/** Reads a proof (C2SP tlog-proof), which must lead from the hash of its leaf to the root of a signed checkpoint. */
function checkProof(path, keys, hashAt) {
  const bytes = readFileSync(path);
  const end = bytes.indexOf('\n\n');
  const [header, ...lines] = fromUtf8(bytes.subarray(0, end)).split('\n');
  if (lines[0]?.startsWith('extra ')) fromBase64(lines.shift().slice(6));
  const [, digits] = /^index (0|[1-9]\d{0,15})$/.exec(lines.shift()) ?? [];
  const checkpoint = openCheckpoint(bytes.subarray(end + 2), keys);
  const [index, { size }] = [Number(digits), checkpoint];
  must(header === 'c2sp.org/tlog-proof@v1' && index < size, 'it is no proof');
  const root = rootByProof(hashAt(index), { index, size, path: lines.map(fromBase64) });
  must(root.equals(checkpoint.root), `it does not show that entry ${index} is in the log`);
  return checkpoint;
}

/** Verifies an export, or the directory of a log; gives what it says of itself, and marks what was kept of it. */
async function verifyDirectory(root, { keys, kept, recordKeys }) {
  const directory = existsSync(join(root, 'log')) ? join(root, 'log') : root;
  const note = readFileSync(join(directory, 'checkpoint'));
  const checkpoint = attempt({ path: 'checkpoint' }, () => openCheckpoint(note, keys));
  if (checkpoint === undefined) return {};
  const log = { ...checkpoint, directory, ...createReader(directory, checkpoint.size) };
  const [tree, writers, roots] = [createTree(), new Map(), new Map([[0, sha256('')]])];
  const sizes = new Set([log.size, ...kept.map(({ size }) => size)]);
  const take = (index, bytes) => {
    const hash = leafHash(bytes);
    tree.add(hash);
    if (sizes.has(index + 1)) roots.set(index + 1, tree.root());
    attempt({ index }, () => {
      const { writer, counter, previous } = parseLeaf(bytes);
      const last = writers.get(toHex(writer)) ?? { counter: -1, hash: Buffer.alloc(32) };
      writers.set(toHex(writer), { counter, hash });
      must(counter === last.counter + 1 && previous.equals(last.hash), "it does not follow its writer's entry before");
    });
    return hash;
  };
  const place = {};
  attempt(place, () => checkTiles(log, place, take));
  for (const one of kept) {
    const isSame = roots.get(one.size)?.equals(one.root);
    one.agrees = isSame && one.size > 0;
    if (one.size > log.size) fault('it is of more entries: the log was cut', { index: log.size, path: one.path });
    if (isSame === false) fault(`it is of another log of ${one.size} entries`, { index: 0, path: one.path });
  }
  if (!roots.has(log.size)) return log;
  if (!roots.get(log.size).equals(log.root)) fault('its root is not that of the leaves', { path: 'checkpoint' });
  const path = join(root, 'records.jsonl');
  return { ...log, counts: existsSync(path) ? await checkDisclosed(log, path) : checkRecords(log, recordKeys) };
}

function parseArguments() {
  const many = { type: 'string', multiple: true, default: [] };
  const named = { key: many, checkpoint: many, proof: many, 'record-key': many };
  const options = { ...named, 'leaf-hash': { type: 'string' }, json: { type: 'boolean' } };
  const { values, positionals } = parseArgs({ options, allowPositionals: true });
  const [directory, ...more] = positionals;
  const leaf = directory === undefined ? /^[0-9a-f]{64}$/.exec(values['leaf-hash'])?.[0] : undefined;
  must(values.key.length > 0 && (directory ?? (values.proof.length > 0 && leaf)), '--key or what to verify is missing');
  const recordKeys = values['record-key'].map((text) => {
    const [, id, secret, tenant, subject] = /^([0-9a-f]{32})=([0-9a-f]{64}),([^,]+),(.+)$/.exec(text) ?? [];
    must(id, 'a record key is KEYID=HEX,TENANT,SUBJECT');
    return [id, { secret: Buffer.from(secret, 'hex'), tenant, subject }];
  });
  const kept = [...values.checkpoint, ...more].map((path) => ({ path, bytes: readFileSync(path) }));
  return { ...values, directory, kept, leaf, keys: values.key.map(parseKey), recordKeys: new Map(recordKeys) };
}

try {
  const { directory, proof, json, leaf, ...given } = parseArguments();
  const open = ({ path, bytes }) => attempt({ path }, () => ({ path, ...openCheckpoint(bytes, given.keys) })) ?? [];
  const kept = given.kept.flatMap(open);
  let log = directory === undefined ? {} : await verifyDirectory(directory, { ...given, kept });
  const hashAt = (index) => (leaf === undefined ? leafHash(log.leaf(index)) : Buffer.from(leaf, 'hex'));
  for (const path of proof) {
    const proved = attempt({ path }, () => checkProof(path, given.keys, hashAt));
    if (directory === undefined) log = proved ?? {};
    for (const one of kept) if (one.size === proved?.size && one.root.equals(proved.root)) one.agrees = true;
  }
  const { origin = 'a log', size = 0, root = Buffer.of(), counts } = log;
  const anchors = kept.filter(({ agrees }) => agrees).length;
  const result = faults.length > 0 ? 'damaged' : anchors > 0 ? 'verified' : 'internally consistent';
  faults.sort((one, other) => (one.index ?? Infinity) - (other.index ?? Infinity));
  const about = { result, origin, size, root: root.toString('base64'), anchors, ...counts, faults: faults.length };
  const told = faults.slice(0, 100);
  const bad = told.map(({ index = 'none', path = '', message }) => `bad: entry ${index}: ${path}: ${message}`);
  const lines = [...Object.entries(about).map(([name, value]) => `${name}: ${value}`), ...bad];
  // Whoever wrote the files may have put into them what steers a terminal.
  console.log(json ? JSON.stringify({ ...about, bad: told }, null, 2) : lines.join('\n').replace(/[^\n -~]/g, '?'));
  process.exitCode = faults.length > 0 ? 1 : 0;
} catch (error) {
  console.error(`${error.message}\n${USAGE}`);
  process.exitCode = 2;
}
