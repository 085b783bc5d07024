import { type ReferenceProblem, valueAt } from './references.ts';

/** Names that stand in keys of items, and in policies of IAM about them. */
const TENANT = /^[a-z0-9-]{3,32}$/;

/**
 * What does not go with a state in DynamoDB, whose gateways have no disk that lasts: a log on the disk, a root key in the
 * data directory, tenants whose names cannot stand in keys. Reads the document as it is, as the references are read.
 */
export function findDynamoDBProblems(document: unknown): readonly ReferenceProblem[] {
  if (valueAt(document, ['state', 'kind']) !== 'dynamodb') return elsewhere(document);
  return [...onDisk(document), ...inTheDataDirectory(document), ...unnameable(document)];
}

/** Only a journal that is not on a gateway's own disk can be read by another. */
function elsewhere(document: unknown): readonly ReferenceProblem[] {
  if (valueAt(document, ['audit', 'sequencer']) !== 'elsewhere') return [];
  const text = '`audit.sequencer`: `elsewhere` needs the state in DynamoDB: `state.kind: dynamodb`';
  return [{ path: ['audit', 'sequencer'], text }];
}

function onDisk(document: unknown): readonly ReferenceProblem[] {
  const kind = valueAt(document, ['audit', 'store', 'kind']) ?? 'disk';
  if (kind !== 'disk') return [];
  const text = '`audit.store`: with the state in DynamoDB the log is in S3: `kind: s3` is needed';
  return [{ path: ['audit', 'store'], text }];
}

function inTheDataDirectory(document: unknown): readonly ReferenceProblem[] {
  const passphrase = {
    path: ['keys', 'passphrase'],
    text: '`keys.passphrase`: with the state in DynamoDB there is no key file to encrypt',
  };
  const root = {
    path: ['keys', 'root'],
    text: '`keys.root`: with the state in DynamoDB the root key is needed, for all gateways the same',
  };
  // Both together are refused of any state.
  if (valueAt(document, root.path) !== undefined) return [];
  return [root, ...(valueAt(document, passphrase.path) === undefined ? [] : [passphrase])];
}

function unnameable(document: unknown): readonly ReferenceProblem[] {
  const tenants = valueAt(document, ['tenants']);
  if (!Array.isArray(tenants)) return [];
  return tenants.flatMap((tenant: unknown, at) => {
    const name = valueAt(tenant, ['name']);
    if (typeof name !== 'string' || TENANT.test(name)) return [];
    const text = `\`tenants[${at}].name\`: with the state in DynamoDB expected 3 to 32 lower-case letters, digits or \`-\``;
    return [{ path: ['tenants', at, 'name'], text }];
  });
}
