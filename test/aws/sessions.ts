import { STS } from '@aws-sdk/client-sts';
import type { ReceivedRequest } from '../../src/providers/index.ts';
import type { AwsSettings } from './stack-resources.ts';

/** The session that a call of a model was signed with, by the ARN that STS knows it by. */
export async function sessionOf({ headers }: ReceivedRequest, settings: AwsSettings): Promise<string> {
  const [, accessKeyId = ''] = /Credential=([^/]+)\//.exec(headers.authorization ?? '') ?? [];
  const sessionToken = String(headers['x-amz-security-token']);
  const sts = new STS({ ...settings, credentials: { accessKeyId, secretAccessKey: 'not known here', sessionToken } });
  const { Arn = '' } = await sts.getCallerIdentity({});
  sts.destroy();
  return Arn;
}

/** A session as STS was asked for it. */
interface AssumedRole {
  readonly arn: string;
  readonly external_id: string;
  readonly policy: string;
}

/** Those that moto tells of itself; it keeps external ids and policies, and asks for none. */
export async function assumedRoles({ endpoint }: AwsSettings): Promise<readonly AssumedRole[]> {
  const response = await fetch(`${endpoint}/moto-api/data.json`);
  return JSON.parse(await response.text()).sts.AssumedRole;
}
