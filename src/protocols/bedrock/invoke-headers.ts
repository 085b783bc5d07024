import { GatewayError, type HeaderLookup } from '../../core/index.ts';

/** Headers that change what an invocation does, and the one value of each that asks for nothing. */
const neutral: Readonly<Record<string, string>> = {
  'x-amzn-bedrock-performanceconfig-latency': 'standard',
  'x-amzn-bedrock-request-metadata': '',
  'x-amzn-bedrock-service-tier': 'default',
};

/** What a caller may accept: at least one of these must be among it. */
const ANSWERS = new Set(['*/*', 'application/*', 'application/json', 'application/vnd.amazon.eventstream']);

/** Throws `unsupportedMediaType` unless the body is declared as JSON, or as nothing in particular. */
export function checkContentType(headers: HeaderLookup, others: readonly string[] = []): void {
  const type = headers('content-type');
  if (type === undefined || isJson(type) || others.includes(mediaTypeOf(type))) return;
  throw new GatewayError('unsupportedMediaType');
}

/** Checks the headers of `InvokeModel` and its stream. Throws `unsupported` for a wish that would go unmet. */
export function checkInvokeHeaders(headers: HeaderLookup): void {
  // The JavaScript SDK says this of every blob unless its user says otherwise; the body is parsed as JSON regardless.
  checkContentType(headers, ['application/octet-stream']);
  for (const [name, allowed] of Object.entries(neutral)) {
    const value = headers(name) ?? allowed;
    if (value !== allowed) throw new GatewayError('unsupported', { detail: `the header \`${name}\`` });
  }
  checkAccept(headers, 'accept');
  checkAccept(headers, 'x-amzn-bedrock-accept');
}

/** Throws `unsupported` where the caller takes no answer that could be given. */
export function checkAccept(headers: HeaderLookup, name: 'accept' | 'x-amzn-bedrock-accept'): void {
  const accepted = headers(name)?.split(',').map(mediaTypeOf) ?? [];
  if (accepted.length === 0 || accepted.some((type) => ANSWERS.has(type))) return;
  throw new GatewayError('unsupported', { detail: `the value of the header \`${name}\`` });
}

function isJson(type: string): boolean {
  return mediaTypeOf(type) === 'application/json' && /^[^;]*(?:;\s*charset="?utf-8"?\s*)?$/i.test(type);
}

function mediaTypeOf(value: string): string {
  return (value.split(';')[0] ?? '').trim().toLowerCase();
}
