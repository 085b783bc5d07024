import { createServer } from 'node:http';
import { type LocalServer, serveLocally } from './local-server.ts';

export interface SecretRequest {
  readonly operation: string;
  readonly name: string;
  /** The region that the request is signed for. */
  readonly region: string | undefined;
}

export interface SecretsServer extends LocalServer {
  /** Secrets by name or ARN; bytes are a binary one. */
  readonly secrets: Map<string, string | Uint8Array>;
  readonly parameters: Map<string, string>;
  /** What came, in order. */
  readonly requests: SecretRequest[];
  /** Refuses all requests, with AWS's name of an error; undefined ends it. */
  refuse(error: string | undefined): void;
}

interface Asked {
  readonly SecretId?: string;
  readonly Name?: string;
  readonly WithDecryption?: boolean;
}

/**
 * A server that speaks as much of AWS Secrets Manager and Systems Manager as reading takes, on the wire: `GetSecretValue`
 * and `GetParameter`. Signatures are asked for and not verified; a parameter comes decrypted only where that was asked.
 */
export async function startSecretsServer(): Promise<SecretsServer> {
  const secrets = new Map<string, string | Uint8Array>();
  const parameters = new Map<string, string>();
  const requests: SecretRequest[] = [];
  let refused: string | undefined;

  function answer(operation: string, { SecretId = '', Name = '', WithDecryption }: Asked): object | string {
    if (refused !== undefined) return refused;
    if (operation === 'GetParameter') {
      const value = parameters.get(Name);
      if (value === undefined) return 'ParameterNotFound';
      return { Parameter: { Name, Type: 'SecureString', Value: WithDecryption === true ? value : 'encrypted' } };
    }
    const value = secrets.get(SecretId);
    if (value === undefined) return 'ResourceNotFoundException';
    const held = typeof value === 'string' ? { SecretString: value } : { SecretBinary: toBase64(value) };
    return { Name: SecretId, ...held };
  }

  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const [, operation = ''] = String(incoming.headers['x-amz-target']).split('.');
    const asked: Asked = JSON.parse(Buffer.concat(chunks).toString());
    const [, region] = /Credential=[^/]+\/\d{8}\/([a-z0-9-]+)\//.exec(incoming.headers.authorization ?? '') ?? [];
    requests.push({ operation, name: asked.SecretId ?? asked.Name ?? '', region });
    const said = region === undefined ? 'MissingAuthenticationTokenException' : answer(operation, asked);
    const [status, body] = typeof said === 'string' ? [400, { __type: said, message: 'refused' }] : [200, said];
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });

  const local = await serveLocally(server);
  return {
    ...local,
    secrets,
    parameters,
    requests,
    refuse(error) {
      refused = error;
    },
  };
}

function toBase64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
