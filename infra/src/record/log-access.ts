import { accountPrincipal, onlyRoles, toArn, toRoleArn } from '../policy/arns.ts';
import type { Statement } from '../policy/policy-document.ts';

/** Who gets at the log, and by what. */
export type LogRole = 'gateway' | 'sequencer' | 'auditor' | 'security';

/** Where the log is asked for: at an access point, or at the bucket itself. */
export interface LogPlace {
  /** ARN of the access point or of the bucket. */
  readonly arn: string;
  /** What every key of the log begins with. */
  readonly prefix: string;
  /** Whether a tenant's records are removed after some time: then segments are. */
  readonly removesSegments: boolean;
}

/** Of an access point, by its name, in the stack's own place. */
export function toAccessPointArn(name: string): string {
  return toArn('s3', `accesspoint/${name}`);
}

/**
 * What a role may do with the log (docs/guide/record.md, "In S3"): the gateway reads it and puts down entries that are too
 * large for an item; the sequencer writes it and removes what is to go; an auditor reads the log and none of the journal;
 * security sees names, versions and locks, and no content.
 */
export function logStatements(role: LogRole, { arn, prefix, removesSegments }: LogPlace): readonly Statement[] {
  const objects = arn.includes(':accesspoint/') ? `${arn}/object/` : `${arn}/`;
  const keys = (...paths: readonly string[]) => paths.map((path) => `${objects}${prefix}${path}`);
  const list = (...Action: readonly string[]) => allow('ListTheLog', Action, arn);
  switch (role) {
    case 'gateway':
      return [
        list('s3:ListBucket'),
        allow('ReadTheLog', ['s3:GetObject'], keys('*')),
        allow('PutDownLargeEntries', ['s3:PutObject'], keys('journal/*')),
      ];
    case 'sequencer':
      return [
        list('s3:ListBucket', 's3:ListBucketVersions'),
        allow('ReadTheLog', ['s3:GetObject'], keys('*')),
        allow('WriteTheLog', ['s3:PutObject'], keys('checkpoint', 'tile/*', 'segments/*', 'staging/*', 'journal/*')),
        allow('AbortWhatWasBegun', ['s3:AbortMultipartUpload'], keys('segments/*', 'staging/*', 'journal/*')),
        allow('LockTheLog', ['s3:PutObjectRetention'], keys('tile/*', 'segments/*')),
        allow(
          'RemoveWhatIsToGo',
          ['s3:DeleteObjectVersion'],
          keys('tile/*.p/*', 'staging/*', 'journal/*', ...(removesSegments ? ['segments/*'] : [])),
        ),
      ];
    case 'auditor':
      return [list('s3:ListBucket'), allow('ReadTheLog', ['s3:GetObject'], keys('checkpoint', 'tile/*', 'segments/*'))];
    case 'security':
      return [
        list('s3:ListBucket', 's3:ListBucketVersions'),
        allow('SeeLocks', ['s3:GetObjectRetention', 's3:GetObjectLegalHold'], keys('*')),
      ];
    default:
      return role satisfies never;
  }
}

/** The same as part of a policy of the access point or the bucket, for roles by the ends of their names. */
export function grantedTo(
  names: readonly string[],
  { prefix, statements }: { readonly prefix: string; readonly statements: readonly Statement[] },
): readonly Statement[] {
  const title = names[0] ?? '';
  return statements.map((statement) => ({
    ...statement,
    Sid: `${statement.Sid}For${title.slice(0, 1).toUpperCase()}${title.slice(1)}`,
    Principal: accountPrincipal(),
    Condition: onlyRoles(names.map((name) => toRoleArn(`${prefix}-${name}`))),
  }));
}

function allow(Sid: string, Action: readonly string[], Resource: string | readonly string[]): Statement {
  return { Sid, Effect: 'Allow', Action, Resource };
}
