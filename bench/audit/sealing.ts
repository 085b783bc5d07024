import { createCipheriv, createSecretKey, randomBytes } from 'node:crypto';
import { brotliCompressSync, constants } from 'node:zlib';
import { sealEntry } from '../../src/audit/journal/entry.ts';
import { createKeyWrapping } from '../../src/audit/record/key-wrapping.ts';
import { createRecordKeys, createTenantAliases, type RecordKey } from '../../src/audit/record/record-keys.ts';
import { splitRecord } from '../../src/audit/record/record-parts.ts';
import type { JournalRecord } from '../../src/core/index.ts';
import { measureCpu } from './cpu.ts';
import { createExchanges, owner, type Sort, sorts } from './exchanges.ts';
import { atMost, type Figure, toFigure } from './figures.ts';
import { createPlace, type Place } from './place.ts';

const AIM = atMost(40);

/** As the product compresses: brotli at quality 0. */
export function compress(bytes: Uint8Array): Uint8Array {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 0 } });
}

/** What sealing a record costs, and what of it is compression; beside AES-256-GCM alone of as many bytes. */
export async function measureSealing(parent: string, roundMs: number): Promise<readonly Figure[]> {
  await using place = await createPlace(parent);
  const key = await loadKey(place);
  return [sorts.prose, sorts.dense].flatMap((sort) => measureSort(sort, key, roundMs));
}

async function loadKey({ keyRing, state }: Place): Promise<RecordKey> {
  const wrapping = createKeyWrapping(keyRing);
  await wrapping.prepare();
  const naming = { store: state.wrappedKeys, wrapping, toAlias: createTenantAliases(keyRing) };
  return createRecordKeys({ ...naming, random: randomBytes, capacity: 1, clock: { now: Date.now } }).load(
    owner.tenant,
    owner.principal,
  );
}

function measureSort(sort: Sort, key: RecordKey, roundMs: number): readonly Figure[] {
  const toExchange = createExchanges(sort);
  const requests = Array.from({ length: 64 }, (_, number) => toExchange(number).request);
  const wholes = requests.map(toWhole);
  const writer = randomBytes(8);
  const salts = randomBytes(64);
  let counter = 0;
  const seal = () => {
    counter += 1;
    const record = requests[counter % requests.length] ?? requests[0];
    if (record === undefined) throw new Error('there is no record to seal');
    return sealEntry(record, { key, place: { writer, counter, previous: new Uint8Array(32) }, salts });
  };
  const frameBytes = seal().frame.length;
  const block = randomBytes(frameBytes);
  const cipherKey = createSecretKey(randomBytes(32));
  const encrypt = () => {
    const iv = Buffer.alloc(12);
    counter += 1;
    iv.writeUIntBE(counter, 6, 6);
    const cipher = createCipheriv('aes-256-gcm', cipherKey, iv);
    cipher.update(block);
    cipher.final();
    return cipher.getAuthTag();
  };
  let at = 0;
  const compressNext = () => {
    at += 1;
    return compress(wholes[at % wholes.length] ?? block);
  };
  const unit = 'CPU µs';
  const name = `seal, ${sort.name}`;
  return [
    toFigure({ name, value: measureCpu(seal, roundMs), unit, aim: AIM, floor: measureCpu(encrypt, roundMs) }),
    toFigure({ name: `${name}: of it compressing`, value: measureCpu(compressNext, roundMs), unit }),
    toFigure({ name: `${name}: entry as it lies in the journal`, value: frameBytes, unit: 'bytes' }),
  ];
}

/** The JSON that a record is compressed as. */
function toWhole(record: JournalRecord): Buffer {
  const { header, body } = splitRecord(record);
  return Buffer.from(JSON.stringify(header) + JSON.stringify(body));
}
