import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { createServer, type TLSSocket } from 'node:tls';
import { temporaryDirectory } from '../gateway/process.ts';

/** Whether a certificate can be made here. */
export const hasOpenssl = spawnSync('openssl', ['version']).status === 0;

/** TLS before a port that has none, as a load balancer is before a gateway. */
export interface TlsFront extends AsyncDisposable {
  readonly endpoint: string;
  /** Of the certificate, which is its own authority. */
  readonly certificateFile: string;
}

/** Starts TLS on a port of the loopback and hands the bytes on to `endpoint` as they are. */
export async function startTlsFront(endpoint: string): Promise<TlsFront> {
  const directory = temporaryDirectory();
  const [keyFile, certificateFile] = [join(directory, 'key.pem'), join(directory, 'certificate.pem')];
  makeCertificate(keyFile, certificateFile);
  const target = new URL(endpoint);
  const open = new Set<TLSSocket>();
  const server = createServer({ key: readFileSync(keyFile), cert: readFileSync(certificateFile) }, (socket) => {
    open.add(socket);
    const behind = connect(Number(target.port), target.hostname);
    socket.pipe(behind).pipe(socket);
    socket.on('error', () => behind.destroy()).on('close', () => open.delete(socket));
    behind.on('error', () => socket.destroy());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  return {
    endpoint: `https://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`,
    certificateFile,
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of open) socket.destroy();
      rmSync(directory, { recursive: true });
    },
  };
}

function makeCertificate(keyFile: string, certificateFile: string): void {
  const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', keyFile];
  const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1'];
  const args = ['req', '-x509', '-days', '1', ...key, ...subject, '-out', certificateFile];
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`no certificate could be made:\n${stderr}`);
}
