import { isIPv4 } from 'node:net';
import { toText } from './issues.ts';
import { DEFAULT_BODY_BYTES, DEFAULT_UNVERIFIED_BYTES, DEFAULT_UNVERIFIED_BYTES_PER_SOURCE } from './ports-schema.ts';
import { type ReferenceProblem, valueAt } from './references.ts';
import type { Path } from './yaml-document.ts';

/** Whether an installation is for earnest: what is said, or else its name. */
export function isProduction(said: unknown, environment: unknown): boolean {
  return typeof said === 'boolean' ? said : typeof environment === 'string' && environment.startsWith('prod');
}

/** Whether what is bound to a host can be reached from this machine alone. */
export function isLoopbackHost(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

const PORTS = [
  ['host', 'tls'],
  ['adminHost', 'adminTls'],
] as const;

/**
 * Ports that would send credentials and prompts over a network in cleartext, a record whose checkpoints nobody else
 * keeps, a store that keeps what is to be removed, and limits that would let no request through. Reads the document as
 * it is, as the references are read.
 */
export function findExposureProblems(document: unknown): readonly ReferenceProblem[] {
  return [
    ...cleartext(document),
    ...unanchored(document),
    ...besideTheLog(document),
    ...elsewhere(document),
    ...unwitnessed(document),
    ...lockedTooLong(document),
    ...tooNarrow(document),
    ...twoRoots(document),
  ];
}

function cleartext(document: unknown): readonly ReferenceProblem[] {
  if (!isProduction(valueAt(document, ['production']), valueAt(document, ['environment']))) return [];
  return PORTS.flatMap(([hostKey, tlsKey]) => {
    const host = valueAt(document, ['listen', hostKey]);
    if (typeof host !== 'string' || isLoopbackHost(host)) return [];
    if (valueAt(document, ['listen', tlsKey]) !== undefined) return [];
    const text = `\`listen.${hostKey}\`: in production, beyond loopback \`listen.${tlsKey}\` is needed`;
    return [{ path: ['listen', hostKey], text }];
  });
}

/** Whoever holds disk and key can write a whole other log: that shows only against what somebody else has kept. */
function unanchored(document: unknown): readonly ReferenceProblem[] {
  if (!isProduction(valueAt(document, ['production']), valueAt(document, ['environment']))) return [];
  const sinks = valueAt(document, ['audit', 'sinks']) ?? [];
  const required = valueAt(document, ['audit', 'requiredWitnesses']) ?? 0;
  if (!Array.isArray(sinks) || sinks.length > 0 || (typeof required === 'number' && required > 0)) return [];
  return [
    {
      path: ['audit', 'sinks'],
      text: '`audit.sinks`: in production, a place that keeps checkpoints is needed, or a required witness',
    },
  ];
}

/** Whoever administers the bucket of the log can remove what is kept in it. */
function besideTheLog(document: unknown): readonly ReferenceProblem[] {
  const own = valueAt(document, ['audit', 'store', 'bucket']);
  const sinks = valueAt(document, ['audit', 'sinks']);
  if (typeof own !== 'string' || !Array.isArray(sinks)) return [];
  return sinks.flatMap((sink: unknown, at) => {
    if (valueAt(sink, ['bucket']) !== own) return [];
    const path = ['audit', 'sinks', at, 'bucket'];
    return [{ path, text: `\`audit.sinks[${at}].bucket\`: the log is in this bucket, and a sink is to be elsewhere` }];
  });
}

const ACCESS_POINT = /^arn:[a-z-]+:s3:([a-z0-9-]+):/;

/** An access point is asked in its own region, and never by a path. */
function elsewhere(document: unknown): readonly ReferenceProblem[] {
  const sinks = valueAt(document, ['audit', 'sinks']);
  const places: readonly Path[] = [
    ['audit', 'store'],
    ['workflow'],
    ...(Array.isArray(sinks) ? sinks.map((_, at): Path => ['audit', 'sinks', at]) : []),
  ];
  return places.flatMap((path) => {
    const [, region] = ACCESS_POINT.exec(String(valueAt(document, [...path, 'bucket']))) ?? [];
    if (region === undefined) return [];
    const own = { key: 'region', isWrong: valueAt(document, [...path, 'region']) !== region };
    const style = { key: 'forcePathStyle', isWrong: valueAt(document, [...path, 'forcePathStyle']) === true };
    return [own, style]
      .filter(({ isWrong }) => isWrong)
      .map(({ key }) => ({
        path: [...path, key],
        text: `\`${toText([...path, key])}\`: the access point is in ${region}, and not asked by a path`,
      }));
  });
}

/** What is locked cannot be removed: a tenant's time must come after that of the lock, which begins a little later. */
function lockedTooLong(document: unknown): readonly ReferenceProblem[] {
  const path = ['audit', 'store', 'objectLock', 'days'];
  const locked = valueAt(document, path);
  const tenants = valueAt(document, ['tenants']);
  if (typeof locked !== 'number' || !Array.isArray(tenants)) return [];
  const periods = tenants.map((tenant: unknown) => valueAt(tenant, ['retentionDays']));
  const shortest = Math.min(...periods.filter((days) => typeof days === 'number'));
  if (locked < shortest) return [];
  return [{ path, text: `\`${path.join('.')}\`: expected fewer than the \`retentionDays\` of a tenant, ${shortest}` }];
}

/** A log that waits for more witnesses than there are never goes on. */
function unwitnessed(document: unknown): readonly ReferenceProblem[] {
  const path = ['audit', 'requiredWitnesses'];
  const required = valueAt(document, path);
  const witnesses = valueAt(document, ['audit', 'witnesses']) ?? [];
  if (typeof required !== 'number' || !Array.isArray(witnesses) || required <= witnesses.length) return [];
  return [{ path, text: '`audit.requiredWitnesses`: there are fewer `witnesses`' }];
}

const BUDGETS = [
  ['maxUnverifiedBytesPerSource', DEFAULT_UNVERIFIED_BYTES_PER_SOURCE],
  ['maxUnverifiedBytes', DEFAULT_UNVERIFIED_BYTES],
] as const;

/** A signed body that is larger than what may wait unverified could never come through, however often it is sent. */
function tooNarrow(document: unknown): readonly ReferenceProblem[] {
  const largest = valueAt(document, ['limits', 'maxBodyBytes']) ?? DEFAULT_BODY_BYTES;
  return BUDGETS.flatMap(([key, otherwise]) => {
    const budget = valueAt(document, ['limits', key]) ?? otherwise;
    if (typeof budget !== 'number' || typeof largest !== 'number' || budget >= largest) return [];
    return [{ path: ['limits', key], text: `\`limits.${key}\`: expected at least \`maxBodyBytes\`, ${largest}` }];
  });
}

/** A passphrase encrypts a key file, and there is none where the root is a secret itself. */
function twoRoots(document: unknown): readonly ReferenceProblem[] {
  const path = ['keys', 'passphrase'];
  if (valueAt(document, ['keys', 'root']) === undefined || valueAt(document, path) === undefined) return [];
  return [{ path, text: '`keys.passphrase`: with `keys.root` there is no key file that it could encrypt' }];
}
