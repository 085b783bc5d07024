interface SecretPattern {
  readonly kind: string;
  readonly pattern: RegExp;
  /** Further condition on the match. */
  readonly holds?: (match: string) => boolean;
}

const MIN_SECRET_ENTROPY = 4.2;
const MIN_VALUE_LENGTH = 16;
const MIN_VALUE_ENTROPY = 3.2;

/** Every repetition is bounded, so that a search takes linear time. */
const patterns: readonly SecretPattern[] = [
  { kind: 'an AWS access key id', pattern: /(?<![A-Z0-9])(?:AKIA|ASIA|ABIA|ACCA|SPAK)[A-Z2-7]{16}(?![A-Z0-9])/g },
  {
    kind: 'an AWS secret access key',
    pattern: /(?<![A-Za-z0-9/+=])[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+=])/g,
    holds: (match) => /[a-z]/.test(match) && /[A-Z]/.test(match) && entropyOf(match) >= MIN_SECRET_ENTROPY,
  },
  { kind: 'an Amazon Bedrock API key', pattern: /\b(?:ABSK|bedrock-api-key-)[A-Za-z0-9+/]{40}/g },
  { kind: 'a Sallyport API key', pattern: /\bsp_[a-z0-9]{1,16}_[A-Za-z0-9]{16}/g },
  { kind: 'an API key', pattern: /\b(?:sk|rk|pk)[-_][A-Za-z0-9_-]{20}/g },
  { kind: 'an API key', pattern: /\bAIza[A-Za-z0-9_-]{35}/g },
  { kind: 'an access token', pattern: /\b(?:gh[pousr]_|github_pat_|glpat-|npm_|hf_)[A-Za-z0-9_-]{20}/g },
  { kind: 'an access token', pattern: /\bxox[a-z]-[A-Za-z0-9-]{10}/g },
  { kind: 'a JSON Web Token', pattern: /\beyJ[A-Za-z0-9_-]{10,2048}\.eyJ[A-Za-z0-9_-]{10}/g },
  { kind: 'a bearer token', pattern: /\bBearer [A-Za-z0-9._~+/-]{16}/gi },
  { kind: 'a PEM block', pattern: /-----BEGIN [A-Z0-9 ]{1,64}-----/g },
  { kind: 'a URL with a password', pattern: /\b[A-Za-z][A-Za-z0-9+.-]{1,15}:\/\/[^\s/@:]{0,256}:[^\s/@]{1,256}@/g },
];

/** A place in a text that looks like a secret. Never holds the secret. */
export interface SecretMatch {
  readonly kind: string;
  readonly offset: number;
}

/** Everything in a text that looks like a secret by its form. */
export function findSecrets(text: string): readonly SecretMatch[] {
  return patterns.flatMap(({ kind, pattern, holds = () => true }) =>
    [...text.matchAll(pattern)].filter(([match]) => holds(match)).map(({ index }) => ({ kind, offset: index })),
  );
}

/** What kind of secret a text looks like; undefined where it looks like none. */
export function secretKind(text: string): string | undefined {
  return findSecrets(text)[0]?.kind;
}

/** What stands under these names a secret, and is none. */
const REFERENCE_KEYS: ReadonlySet<string | undefined> = new Set(['env', 'file', 'secretsManager', 'field', 'ssm']);

const SECRET_KEY =
  /secret|passw|passphrase|token|credential|(?:api|access|private|signing|encryption)[_-]?key|(?:^|[_-])key$/i;

/** A verifier key of signed notes, or the ARN of a KMS key: public, and of forms that no secret has. */
const PUBLIC_NAME =
  /^(?:[^\s+]{1,255}\+[0-9a-f]{8}\+[A-Za-z0-9+/]{44}|arn:aws[a-z-]*:kms:[a-z0-9-]+:[0-9]{12}:(?:key|alias)\/[A-Za-z0-9/_-]+)$/;

/** Whether a value under these keys is a secret by its place: nothing else is that long and that random there. */
export function isSecretByPlace(text: string, keys: readonly string[]): boolean {
  const key = keys.at(-1);
  if (key === undefined || REFERENCE_KEYS.has(key) || PUBLIC_NAME.test(text)) return false;
  if (!keys.some((above) => SECRET_KEY.test(above))) return false;
  return text.length >= MIN_VALUE_LENGTH && !/\s/.test(text) && entropyOf(text) >= MIN_VALUE_ENTROPY;
}

/** Shannon entropy in bits a character, of the characters' own frequencies. */
export function entropyOf(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  const shares = [...counts.values()].map((count) => count / text.length);
  return -shares.reduce((sum, share) => sum + share * Math.log2(share), 0);
}
