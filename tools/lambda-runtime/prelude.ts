/** What a streamed answer says of itself before its body. */
export interface Prelude {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly cookies: readonly string[];
}

export interface HttpAnswer extends Prelude {
  readonly body: Buffer;
}

/** Of `application/vnd.awslambda.http-integration-response`: what stands between the prelude and the body. */
const DELIMITER = Buffer.alloc(8);

/** Where the body begins in what of an answer has come so far; undefined while the prelude is not whole. */
export function splitPrelude(payload: Buffer): HttpAnswer | undefined {
  const end = payload.indexOf(DELIMITER);
  if (end < 0) return undefined;
  const {
    statusCode = 200,
    headers = {},
    cookies = [],
  }: Partial<Prelude> = JSON.parse(payload.subarray(0, end).toString('utf8'));
  return { statusCode, headers, cookies, body: payload.subarray(end + DELIMITER.length) };
}
