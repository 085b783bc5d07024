import { setTimeout as sleep } from 'node:timers/promises';

/** What CloudFormation is told: fields as AWS documents them under "Custom resource response objects". */
export interface Answer {
  readonly Status: 'SUCCESS' | 'FAILED';
  readonly Reason?: string;
  readonly PhysicalResourceId: string;
  readonly StackId: string;
  readonly RequestId: string;
  readonly LogicalResourceId: string;
  readonly Data?: Readonly<Record<string, string>>;
}

/** CloudFormation takes 4,096 bytes of an answer. */
const LONGEST_REASON = 1_000;
const TRIES = 5;

/** A bucket of CloudFormation's own, which the signed URL leads to: in the partition of AWS, and by TLS. */
export function isAnswerUrl(url: string): boolean {
  const { protocol, hostname } = new URL(url);
  return (
    protocol === 'https:' &&
    /^cloudformation-custom-resource-(?:response|storage)-[a-z0-9-]+\.s3[a-z0-9.-]*\.amazonaws\.com(?:\.cn)?$/.test(
      hostname,
    )
  );
}

/**
 * Puts an answer where CloudFormation reads it. S3 is reached through the network's own endpoint, whose policy lets it.
 * Rejects after five tries; the stack then waits for its time-out.
 */
export async function sendAnswer(url: string, answer: Answer): Promise<void> {
  const { Reason } = answer;
  const body = JSON.stringify(Reason === undefined ? answer : { ...answer, Reason: Reason.slice(0, LONGEST_REASON) });
  for (let tries = 1; ; tries += 1) {
    const status = await put(url, body);
    if (status === 200) return;
    // The error of `fetch` would name the URL, which lets whoever has it answer.
    if (tries === TRIES) throw new Error(`CloudFormation's answer was not taken: ${status ?? 'no reply'}`);
    await sleep(200 * 2 ** tries);
  }
}

async function put(url: string, body: string): Promise<number | undefined> {
  try {
    // The signature covers an empty content type.
    const headers = { 'content-type': '' };
    const { status } = await fetch(url, { method: 'PUT', headers, body, signal: AbortSignal.timeout(5_000) });
    return status;
  } catch {
    return undefined;
  }
}
