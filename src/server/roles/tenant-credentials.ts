import { createKeptValue, isPassingFault, type RoleAssumer, type SessionCredentials } from '../../aws/index.ts';
import { type Caller, type Clock, GatewayError } from '../../core/index.ts';
import type { BedrockCredentials } from '../../providers/index.ts';
import type { TenantSession } from './tenant-sessions.ts';

/** What is read for a session when it is needed. The same object means that nothing has changed. */
export interface RoleSecrets {
  /** ARN of the role. */
  readonly role: string;
  readonly externalId?: string;
}

export interface TenantCredentialsOptions {
  readonly sessions: readonly TenantSession[];
  readonly secretsOf: (session: TenantSession) => () => Promise<RoleSecrets>;
  readonly durationSeconds: number;
  readonly assumer: Pick<RoleAssumer, 'assume'>;
  readonly clock: Clock;
  /** From 0 to 1, so that the sessions of many tenants do not end together. */
  readonly random: () => number;
  /** Is told where a role could not be assumed, or what that needs could not be read. */
  readonly onFault: (tenant: string, cause: unknown) => void;
}

const ROLE = /^arn:aws[a-z-]*:iam::([0-9]{12}):role\/[\w+=,.@/-]{1,512}$/;
const AHEAD_MS = 5 * 60_000;
const SPREAD_MS = 60_000;
/** What a call needs from when it is signed until AWS has looked at it. */
const MARGIN_MS = 5_000;
const HOLD_OFF_MS = 5_000;

/**
 * Credentials of each tenant's own session, assumed when it is first called for and again before they expire. Those that
 * are good stay in use where no new ones can be had. Rejects with `upstreamForbidden` where there are none, and with
 * `upstreamUnavailable` where AWS was not to be had.
 *
 * INVARIANT: what one tenant gets was assumed in its name, with its tags and its policy, and no other tenant gets it.
 */
export function createTenantCredentials(
  options: TenantCredentialsOptions,
): (caller: Pick<Caller, 'tenant'>) => Promise<BedrockCredentials> {
  const asks = new Map(options.sessions.map((session) => [session.tenant, sessionKeeper(session, options)]));
  return async ({ tenant }) => {
    const ask = asks.get(tenant);
    if (ask === undefined) throw new GatewayError('upstreamForbidden');
    try {
      return await ask();
    } catch (cause) {
      throw new GatewayError(isPassingFault(cause) ? 'upstreamUnavailable' : 'upstreamForbidden', { cause });
    }
  };
}

type Ask = () => Promise<BedrockCredentials>;

/** Keeps one tenant's session: of the role, account and external id that were last read, and of no others. */
function sessionKeeper(session: TenantSession, options: TenantCredentialsOptions): Ask {
  const readSecrets = options.secretsOf(session);
  let kept: { readonly of: RoleSecrets; readonly ask: Ask } | undefined;
  return async () => {
    const secrets = await readSecrets();
    if (kept?.of !== secrets) kept = { of: secrets, ask: keepCredentials(session, secrets, options) };
    return kept.ask();
  };
}

function keepCredentials(
  session: TenantSession,
  { role, externalId }: RoleSecrets,
  { durationSeconds, assumer, clock, random, onFault }: TenantCredentialsOptions,
): Ask {
  const { tenant, region, sessionName, tags } = session;
  const account = accountOf(role, session);
  if (account instanceof RangeError) {
    onFault(tenant, account);
    return () => Promise.reject(account);
  }
  const asked = { roleArn: role, sessionName, tags, externalId, policy: session.policy(account), durationSeconds };
  return createKeptValue({
    load: async () => ({ ...(await assumer.assume(asked, region)), region }),
    until({ expiration }: SessionCredentials, at) {
      const endAt = expiration.getTime() - MARGIN_MS;
      // Of a session that is short already, half its time: asked for at once again it would be no longer.
      const aheadAt = Math.max(endAt - AHEAD_MS - random() * SPREAD_MS, at + (endAt - at) / 2);
      return { aheadAt, dueAt: endAt, endAt };
    },
    clock,
    holdOffMs: HOLD_OFF_MS,
    onFault: (cause) => onFault(tenant, cause),
  });
}

/** The account of a role, or why it is not to be assumed. */
function accountOf(role: string, { account }: TenantSession): string | RangeError {
  const [, found] = ROLE.exec(role) ?? [];
  if (found === undefined) return new RangeError('not the ARN of a role');
  return account === undefined || found === account ? found : new RangeError('a role of another account');
}
