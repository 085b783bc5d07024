import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import { type LocalServer, serveLocally } from './local-server.ts';

export interface KmsRequest {
  readonly operation: string;
  /** ARN of the key that was asked for. */
  readonly keyId: string;
  readonly context: Readonly<Record<string, string>>;
}

export interface KmsServer extends LocalServer {
  /** What came, in order. */
  readonly requests: KmsRequest[];
  /** Refuses the next requests, with KMS's name of an error; undefined ends it. */
  refuse(error: string | undefined): void;
}

interface Asked {
  readonly KeyId: string;
  readonly EncryptionContext?: Readonly<Record<string, string>>;
  readonly Plaintext?: string;
  readonly CiphertextBlob?: string;
  readonly NumberOfBytes?: number;
}

/** An answer with KMS's name of an error. */
class Refusal extends Error {}

/**
 * A server that speaks as much of AWS KMS as wrapping keys takes, on the wire: `GenerateDataKey`, `Encrypt` and `Decrypt`
 * with encryption contexts, under whatever keys of one account it is asked for. Replicas of a multi-Region key, told by
 * `mrk-`, share their secret. Signatures are asked for and not verified.
 */
export async function startKmsServer(): Promise<KmsServer> {
  const requests: KmsRequest[] = [];
  let refused: string | undefined;
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const [, operation = ''] = String(incoming.headers['x-amz-target']).split('.');
    const asked: Asked = JSON.parse(Buffer.concat(chunks).toString());
    requests.push({ operation, keyId: asked.KeyId, context: asked.EncryptionContext ?? {} });
    const [status, body] = answer(operation, asked, incoming.headers.authorization);
    response.writeHead(status, { 'content-type': 'application/x-amz-json-1.1' }).end(JSON.stringify(body));
  });

  function answer(operation: string, asked: Asked, authorization: string | undefined): readonly [number, object] {
    try {
      if (refused !== undefined) throw new Refusal(refused);
      if (authorization === undefined) throw new Refusal('MissingAuthenticationTokenException');
      return [200, perform(operation, asked)];
    } catch (error) {
      const name = error instanceof Refusal ? error.message : 'InvalidCiphertextException';
      return [400, { __type: name, message: 'refused' }];
    }
  }

  const local = await serveLocally(server);
  return {
    ...local,
    requests,
    refuse(error) {
      refused = error;
    },
  };
}

function perform(operation: string, asked: Asked): object {
  const { KeyId, Plaintext = '', CiphertextBlob = '', NumberOfBytes = 32 } = asked;
  switch (operation) {
    case 'GenerateDataKey': {
      const key = randomBytes(NumberOfBytes);
      return { KeyId, Plaintext: key.toString('base64'), CiphertextBlob: encrypt(key, asked) };
    }
    case 'Encrypt':
      return { KeyId, CiphertextBlob: encrypt(Buffer.from(Plaintext, 'base64'), asked) };
    case 'Decrypt':
      return { KeyId, Plaintext: decrypt(Buffer.from(CiphertextBlob, 'base64'), asked).toString('base64') };
    default:
      throw new Refusal('UnknownOperationException');
  }
}

function secretOf(arn: string): Uint8Array {
  const id = arn.split('/')[1] ?? '';
  return new Uint8Array(hkdfSync('sha256', id.startsWith('mrk-') ? id : arn, '', 'kms of a test', 32));
}

const contextOf = ({ EncryptionContext = {} }: Asked) =>
  Buffer.from(JSON.stringify(Object.entries(EncryptionContext).sort()));

function encrypt(plaintext: Uint8Array, asked: Asked): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv('aes-256-gcm', secretOf(asked.KeyId), nonce).setAAD(contextOf(asked));
  return Buffer.concat([nonce, cipher.update(plaintext), cipher.final(), cipher.getAuthTag()]).toString('base64');
}

function decrypt(blob: Buffer, asked: Asked): Buffer {
  const decipher = createDecipheriv('aes-256-gcm', secretOf(asked.KeyId), blob.subarray(0, 12)).setAAD(
    contextOf(asked),
  );
  decipher.setAuthTag(blob.subarray(-16));
  return Buffer.concat([decipher.update(blob.subarray(12, -16)), decipher.final()]);
}
