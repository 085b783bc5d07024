import { ConfigError, type FrontDoor, resolveSecret, type SecretSources } from '../../config/index.ts';
import { type Authenticator, type Caller, GatewayError } from '../../core/index.ts';
import type { IamCaller } from './lambda-request.ts';

type IamDoor = Extract<FrontDoor, { kind: 'rest-iam' }>;

/** Who a verified IAM caller is; undefined where nobody has said. */
export type IamPrincipals = (caller: IamCaller) => Caller | undefined;

const ROLE = /^arn:(aws[a-z-]*):iam::([0-9]{12}):role\/(?:[\x21-\x7e]+\/)?([A-Za-z0-9+=,.@_-]{1,64})$/;
const SESSION =
  /^arn:(aws[a-z-]*):sts::([0-9]{12}):assumed-role\/([A-Za-z0-9+=,.@_-]{1,64})\/[A-Za-z0-9+=,.@_-]{2,64}$/;

/**
 * Whom the configuration says that sessions of IAM roles are. Rejects with a `ConfigError` where a role cannot be had.
 *
 * A session's ARN has its role's name without the path, which is one in its account. Nothing of a session's own name is
 * believed: whoever may assume the role chooses it.
 */
export async function readIamPrincipals(
  { principals }: Pick<IamDoor, 'principals'>,
  sources: SecretSources,
): Promise<IamPrincipals> {
  const callers = new Map<string, Caller>();
  for (const [at, { role, tenant, principal }] of principals.entries()) {
    const arn = await resolveSecret(role, sources);
    const name = nameOf(ROLE, arn);
    const place = `frontDoor.principals[${at}].role`;
    if (name === undefined) throw new ConfigError([`\`${place}\` leads to what is not the ARN of an IAM role`]);
    if (callers.has(name)) throw new ConfigError([`\`${place}\` leads to a role that stands there already`]);
    callers.set(name, { tenant, principal, credentialId: arn, credentialKind: 'sigv4' });
  }
  return ({ userArn, accountId }) => {
    const name = nameOf(SESSION, userArn);
    return name === undefined || !name.includes(` ${accountId} `) ? undefined : callers.get(name);
  };
}

/** Partition, account and name of a role. */
function nameOf(pattern: RegExp, arn: string): string | undefined {
  return pattern.exec(arn)?.slice(1).join(' ');
}

/** Takes a request's caller from what API Gateway's IAM authorizer has verified, and nothing else for a credential. */
export function createIamAuthenticator(principals: IamPrincipals, verified: IamCaller | undefined): Authenticator {
  return {
    async begin({ headers }) {
      if (headers.some(([name]) => name === 'x-api-key')) throw new GatewayError('ambiguousCredentials');
      const caller = verified === undefined ? undefined : principals(verified);
      if (caller === undefined) throw new GatewayError('unauthenticated');
      return { isVerified: true, complete: async () => caller };
    },
  };
}
