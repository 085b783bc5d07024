import { createHash } from 'node:crypto';
import { VERIFIER_KEY } from './audit-schema.ts';
import { type ReferenceProblem, valueAt } from './references.ts';

/** First byte of a verifier key (C2SP signed-note, tlog-cosignature). */
const ED25519 = 0x01;
const COSIGNATURE = 0x04;
const ID_BYTES = 4;

const KINDS = [
  ['approvers', ED25519, 'the key of a witness, who cannot approve'],
  ['witnesses', COSIGNATURE, 'not the key of a witness'],
] as const;

/** Keys of approvers and witnesses that are not whole, or of the other kind. Reads the document as it is. */
export function findVerifierKeyProblems(document: unknown): readonly ReferenceProblem[] {
  return KINDS.flatMap(([list, kind, other]) => {
    const entries = valueAt(document, ['audit', list]);
    if (!Array.isArray(entries)) return [];
    return entries.flatMap((entry: unknown, index) => {
      const key = valueAt(entry, ['key']);
      // Another form is told by the schema.
      if (typeof key !== 'string' || !VERIFIER_KEY.test(key)) return [];
      const found = kindOf(key);
      if (found === kind) return [];
      const text = found === ED25519 || found === COSIGNATURE ? other : 'not a verifier key, or not whole';
      return [{ path: ['audit', list, index, 'key'], text: `\`audit.${list}[${index}].key\`: ${text}` }];
    });
  });
}

/** The first byte of the key; undefined where the id is not that of name and key, or no note can have the name. */
function kindOf(text: string): number | undefined {
  const [, name = '', id = '', encoded = ''] = VERIFIER_KEY.exec(text) ?? [];
  const key = Buffer.from(encoded, 'base64');
  const hash = createHash('sha256').update(`${name}\n`).update(key).digest();
  return hash.toString('hex', 0, ID_BYTES) === id && !/\p{Cc}/u.test(name) ? key[0] : undefined;
}
