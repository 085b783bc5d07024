/** Price of one unit, in US dollars, and what it is known from. */
export interface Price {
  readonly dollars: number;
  readonly per: number;
  readonly unit: string;
  /** `told`: on a page of AWS. `assumed`: by others' pages, which agree. None was taken from an account's bill. */
  readonly known: 'told' | 'assumed';
  readonly source: string;
}

/** When they were looked up. */
export const LOOKED_UP = '2026-11-27';
export const REGION = 'us-east-1';

/** Before any discount, free tier, or tier of a larger account. */
export const prices = {
  lambdaX64: {
    dollars: 0.0000166667,
    per: 1,
    unit: 'GB-second, x86-64, of the first 6 billion a month',
    known: 'assumed',
    source: 'cloudchipr.com, "AWS Lambda pricing breakdown"; two others',
  },
  lambdaArm64: {
    dollars: 0.0000133334,
    per: 1,
    unit: 'GB-second, arm64, of the first 7.5 billion a month',
    known: 'assumed',
    source: 'cloudchipr.com, "AWS Lambda pricing breakdown"; two others',
  },
  invocation: {
    dollars: 0.2,
    per: 1_000_000,
    unit: 'invocations of Lambda',
    known: 'told',
    source: 'aws.amazon.com/lambda/pricing, as of 2026-09-20 (for managed instances)',
  },
  request: {
    dollars: 3.5,
    per: 1_000_000,
    unit: 'requests of a REST API, of the first 333 million a month; of a stream each 10 MB',
    known: 'told',
    source: 'AWS white paper "Best practices for designing Amazon API Gateway private APIs", table 4',
  },
  write: {
    dollars: 0.625,
    per: 1_000_000,
    unit: 'write request units of DynamoDB on demand',
    known: 'assumed',
    source: 'airbyte.com, "Amazon DynamoDB pricing"; older pages have twice as much, of before November 2024',
  },
  read: {
    dollars: 0.125,
    per: 1_000_000,
    unit: 'read request units of DynamoDB on demand',
    known: 'assumed',
    source: 'airbyte.com, "Amazon DynamoDB pricing"; older pages have twice as much, of before November 2024',
  },
  put: {
    dollars: 0.005,
    per: 1_000,
    unit: 'requests to S3 Standard that put or list',
    known: 'assumed',
    source: 'c3x.dev, "S3 request fees explained"',
  },
  get: {
    dollars: 0.0004,
    per: 1_000,
    unit: 'requests to S3 Standard that read',
    known: 'assumed',
    source: 'c3x.dev, "S3 request fees explained"',
  },
  key: {
    dollars: 0.03,
    per: 10_000,
    unit: 'requests to KMS',
    known: 'assumed',
    source: 'factualminds.com, "AWS KMS pricing" (June 2026)',
  },
  log: {
    dollars: 0.5,
    per: 2 ** 30,
    unit: 'bytes into CloudWatch Logs, of the standard class',
    known: 'assumed',
    source: 'factualminds.com, "Amazon CloudWatch pricing" (June 2026)',
  },
} as const satisfies Readonly<Record<string, Price>>;

export type Prices = Readonly<Record<keyof typeof prices, Pick<Price, 'dollars' | 'per'>>>;
