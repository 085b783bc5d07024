import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** By the name that a request's signature has of the service. */
export type AwsService = 'dynamodb' | 's3' | 'kms' | 'sts' | 'secretsmanager' | 'ssm' | 'bedrock';

/** Where each service is, of those that there are. */
export type AwsUrls = Readonly<Partial<Record<AwsService, string>>>;

/** Where a service is. Throws where there is none: what is called there is answered by nobody. */
export function urlOf(urls: AwsUrls, service: AwsService): string {
  const url = urls[service];
  if (url === undefined) throw new Error(`there is no ${service} here`);
  return url;
}

const SIGNED_FOR = /Credential=[^/]+\/\d{8}\/[a-z0-9-]+\/([a-z0-9-]+)\/aws4_request/;

/** The service that a request is signed for; S3 where it is not signed. */
export function serviceOf({ authorization = '' }: IncomingHttpHeaders): AwsService {
  return (SIGNED_FOR.exec(authorization)?.[1] ?? 's3') as AwsService;
}

/** What is asked of a service: its operation, and of DynamoDB and S3 what it is about. */
export function operationOf(service: AwsService, { method, url = '', headers }: IncomingMessage, body: Buffer): string {
  const target = String(headers['x-amz-target']).split('.')[1] ?? '';
  const { pathname } = new URL(url, 'http://localhost');
  switch (service) {
    case 'dynamodb':
      return `${target} ${/"TableName":"([a-z]+)/.exec(body.toString())?.[1] ?? ''}`;
    case 'kms':
    case 'secretsmanager':
    case 'ssm':
      return target;
    case 'sts':
      return new URLSearchParams(body.toString()).get('Action') ?? '';
    case 'bedrock':
      return pathname.split('/').at(-1) ?? '';
    case 's3':
      return `${method} ${pathname.split('/')[2] ?? ''}`;
    default:
      return service satisfies never;
  }
}
