import type { LoggedCall } from './logged-call.ts';
import type { RecordedCall } from './recorded-call.ts';

/**
 * What is wrong with a call that AWS logged under an id of ours. `claimed`: the request id is on our record, and this is
 * not its call. `requestId`: the call is ours, and claims another's id. `duplicate`: a second record of one call.
 */
export type DifferenceKind = 'model' | 'region' | 'tenant' | 'environment' | 'claimed' | 'requestId' | 'duplicate';

/** A difference between a call that AWS logged and what we recorded of it. */
export interface Difference {
  readonly kind: DifferenceKind;
  readonly logged: LoggedCall;
  /** Absent where it is not known which it is. */
  readonly recorded?: RecordedCall;
}

interface Match {
  readonly logged: LoggedCall;
  readonly recorded: RecordedCall;
}

/** The facts in which a call and its record differ. `environment` is the gateway's. */
export function compareCalls({ logged, recorded }: Match, environment: string): readonly DifferenceKind[] {
  const session = toSession(logged.arn);
  const { requestId, region = logged.region } = recorded;
  const isWrong: Readonly<Record<Exclude<DifferenceKind, 'claimed' | 'duplicate'>, boolean>> = {
    model: toModelName(logged.modelId) !== toModelName(recorded.model),
    region: logged.region !== region,
    tenant: session !== undefined && session.tenant !== recorded.tenant.toLowerCase(),
    environment: session !== undefined && session.environment !== environment.toLowerCase(),
    requestId: (logged.claimedId ?? requestId) !== requestId,
  };
  return (['model', 'region', 'tenant', 'environment', 'requestId'] as const).filter((kind) => isWrong[kind]);
}

/** The same model goes by its id, by the ARN of it, and by those of a profile of that name. */
function toModelName(model: string): string {
  return model.slice(model.lastIndexOf('/') + 1);
}

interface Session {
  readonly environment: string;
  readonly tenant: string;
}

const SESSION = /^arn:aws[a-z-]*:sts::[0-9]{12}:assumed-role\/[^/]+\/sallyport\.([^./]+)\.([^./]+)$/;

/** Whom a session is for: `sallyport.ENVIRONMENT.TENANT`. Undefined of a session that the gateway did not name. */
function toSession(arn: string): Session | undefined {
  const [, environment, tenant] = SESSION.exec(arn) ?? [];
  if (environment === undefined || tenant === undefined) return undefined;
  return { environment: environment.toLowerCase(), tenant: tenant.toLowerCase() };
}
