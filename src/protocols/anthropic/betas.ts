import { GatewayError } from '../../core/index.ts';

/**
 * Betas that open nothing but fields the inner form carries, each of them inspected or refused by itself
 * (platform.claude.com/docs/en/api/beta-headers). Any other changes what a model does or what a body means, and so what
 * an inspection of it is worth; and of fine-grained tool streaming, that arguments go out before they are whole.
 */
const carried: ReadonlySet<string> = new Set([
  'effort-2025-11-24',
  'extended-cache-ttl-2025-04-11',
  'files-api-2025-04-14',
  'pdfs-2024-09-25',
  'prompt-caching-2024-07-31',
  'structured-outputs-2025-11-13',
  'token-counting-2024-11-01',
]);

/** Words and a date, as the API forms the names of its betas: no card number or key is one. */
const NAME = /^[a-z]{1,16}(?:-(?:[a-z]{1,16}|[0-9]{1,3}[a-z]?)){0,5}-20[0-9]{2}-[0-9]{2}-[0-9]{2}$/;

/** Throws `unsupported` unless every beta asked for is one that changes nothing here. */
export function checkBetas(field: string, betas: readonly string[]): void {
  const beta = betas.find((name) => !carried.has(name));
  if (beta === undefined) return;
  throw new GatewayError('unsupported', { detail: `\`${field}\` with \`${NAME.test(beta) ? beta : '…'}\`` });
}
