/** The front doors, as the table's columns have them. */
export const doors = {
  port: { name: 'container, `port`', door: undefined },
  rest: { name: 'Lambda, `rest`', door: '{ kind: rest }' },
  restBuffered: { name: '`rest`, buffered', door: '{ kind: rest, transfer: buffered }' },
  restIam: { name: '`rest-iam`', door: '{ kind: rest-iam, principals: [PRINCIPAL] }' },
  httpApi: { name: '`http-api`', door: '{ kind: http-api }' },
  alb: { name: '`alb`', door: '{ kind: alb }' },
} as const;

export type DoorName = keyof typeof doors;

const clients = {
  bedrockHttp2: 'Bedrock SDK for JavaScript as it is (HTTP/2)',
  bedrockHttp1: 'Bedrock SDK for JavaScript, `NodeHttpHandler`',
  openai: '`openai`',
  anthropic: '`@anthropic-ai/sdk`',
} as const;

export type ClientName = keyof typeof clients;

const credentials = {
  apiKey: 'API key, as bearer',
  bedrock: 'SigV4 for `bedrock`, own access key',
  executeApi: 'SigV4 for `execute-api`, IAM role',
} as const;

export type CredentialName = keyof typeof credentials;

/**
 * `works`: as it is. `whole`: streams arrive at their end. `handler`: works with the HTTP/1.1 handler. `deploy`: to be
 * confirmed at the first deployment, since nothing here can play it. `no`: impossible.
 */
export type Verdict = 'works' | 'whole' | 'handler' | 'deploy' | 'no';

export interface Row {
  readonly protocol: 'bedrock' | 'openai' | 'anthropic';
  readonly client: ClientName;
  readonly credential: CredentialName;
  readonly at: Readonly<Record<DoorName, Verdict>>;
}

const own = {
  port: 'works',
  rest: 'works',
  restBuffered: 'whole',
  restIam: 'no',
  httpApi: 'whole',
  alb: 'whole',
} as const;
const http2 = {
  port: 'works',
  rest: 'handler',
  restBuffered: 'handler',
  restIam: 'no',
  httpApi: 'handler',
  alb: 'deploy',
} as const;
const iamAlone = { port: 'no', rest: 'no', restBuffered: 'no', restIam: 'works', httpApi: 'no', alb: 'no' } as const;

/** Protocol × client × credential × front door. The page and the tests of the cells are both made from it. */
export const rows: readonly Row[] = [
  { protocol: 'bedrock', client: 'bedrockHttp2', credential: 'apiKey', at: http2 },
  { protocol: 'bedrock', client: 'bedrockHttp2', credential: 'bedrock', at: http2 },
  { protocol: 'bedrock', client: 'bedrockHttp1', credential: 'apiKey', at: own },
  { protocol: 'bedrock', client: 'bedrockHttp1', credential: 'bedrock', at: own },
  { protocol: 'bedrock', client: 'bedrockHttp1', credential: 'executeApi', at: iamAlone },
  { protocol: 'openai', client: 'openai', credential: 'apiKey', at: own },
  { protocol: 'anthropic', client: 'anthropic', credential: 'apiKey', at: own },
];

const words: Readonly<Record<Verdict, string>> = {
  works: 'works',
  whole: 'works; streams arrive whole',
  handler: 'needs `NodeHttpHandler`',
  deploy: 'confirm at first deploy',
  no: 'impossible',
};

/** The table of the page. */
export function toTable(): string {
  const names = Object.values(doors).map(({ name }) => name);
  const lines = rows.map(({ protocol, client, credential, at }) => {
    const cells = Object.keys(doors).map((door) => words[at[door as DoorName]]);
    return `| ${[protocol, clients[client], credentials[credential], ...cells].join(' | ')} |`;
  });
  return [
    `| protocol | client | credential | ${names.join(' | ')} |`,
    `|${'---|'.repeat(names.length + 3)}`,
    ...lines,
  ].join('\n');
}
