import { GatewayError, type HeaderLookup } from '../../core/index.ts';
import { checkBetas } from './betas.ts';

/**
 * Versions of the API (platform.claude.com/docs/en/api/versioning). The later one takes a little less in requests,
 * `temperature` for one; what it left out is still read here, since other models than Anthropic's are behind this door.
 */
export const apiVersions = ['2023-06-01', '2026-10-21'] as const;

/** Headers by which a caller of the API acts for another; whom a request is of says the credential alone. */
const onBehalf = ['anthropic-workspace-id', 'anthropic-user-profile-id'];

/** Throws `invalidRequest` or `unsupported` for a wish in the headers that would go unmet. */
export function checkHeaders(headers: HeaderLookup): void {
  const version = headers('anthropic-version');
  if (version !== undefined && !apiVersions.some((known) => known === version)) {
    throw new GatewayError('invalidRequest', { detail: 'the header `anthropic-version` names no version known here' });
  }
  const betas = (headers('anthropic-beta') ?? '').split(',').map((name) => name.trim());
  checkBetas(
    'anthropic-beta',
    betas.filter((name) => name !== ''),
  );
  for (const name of onBehalf) {
    if ((headers(name) ?? '') !== '') throw new GatewayError('unsupported', { detail: `the header \`${name}\`` });
  }
}
