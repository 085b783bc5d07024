import { type Clock, type Credential, type CredentialStore, GatewayError } from '../core/index.ts';
import { createRecentMap } from './recent-map.ts';

/** Finds a credential as it was at most half a second ago. */
export type CredentialLookup = (id: string) => Promise<Credential | undefined>;

const MAX_AGE_MS = 500;
const CAPACITY = 4096;

/**
 * A look-up that asks the store once for requests that come close together. What is not there is remembered as well,
 * so that guessing costs no more than knowing; a store that failed is asked again, and that is `credentialsUnavailable`.
 */
export function createCredentialLookup(credentials: Pick<CredentialStore, 'find'>, clock: Clock): CredentialLookup {
  const recent = createRecentMap<{ readonly askedAt: number; readonly answer: Promise<Credential | undefined> }>(
    CAPACITY,
  );
  return (id) => {
    const now = clock.now();
    const kept = recent.get(id);
    // A clock that was set back would keep an answer for as long as it was set back.
    if (kept !== undefined && now >= kept.askedAt && now - kept.askedAt < MAX_AGE_MS) return kept.answer;
    const answer = credentials.find(id).catch((cause: unknown) => {
      throw new GatewayError('credentialsUnavailable', { cause });
    });
    recent.set(id, { askedAt: now, answer });
    answer.catch(() => recent.delete(id));
    return answer;
  };
}
