import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { afterAll } from 'vitest';

/** Milliseconds. What was fetched and compiled until then is kept by Go, for the next time. */
const FETCH_LIMIT_MS = 60_000;
const BUILD_LIMIT_MS = 180_000;
const RUN_LIMIT_MS = 50_000;

interface Ended {
  /** Exit status; undefined where it was not started, or was stopped. */
  readonly status: number | undefined;
  readonly printed: string;
  /** What it wrote on standard error, or why it was not started or was stopped. */
  readonly complaint: string;
}

const directory = mkdtempSync(join(tmpdir(), 'sallyport-fsck-'));
const program = join(directory, 'fsck');
const removeDirectory = () => rmSync(directory, { recursive: true, force: true });
afterAll(removeDirectory);

const reason = await build();
// Nothing comes after tests that are all skipped.
if (reason !== undefined) removeDirectory();

/** Why Tessera's fsck cannot be run here; undefined where it can. */
export function goReason(): string | undefined {
  return reason;
}

export interface FsckOptions {
  readonly origin: string;
  /** As `printVerifierKey` prints it. */
  readonly verifierKey: string;
}

export interface FsckResult {
  readonly isSound: boolean;
  /** What it found wrong; empty of a sound log. */
  readonly fault: string;
}

/**
 * Has Tessera's fsck check the log in a directory: the checkpoint's signature, and every bundle and tile against the
 * root. Rejects where it came to no verdict.
 */
export async function runFsck(log: string, { origin, verifierKey }: FsckOptions): Promise<FsckResult> {
  const { status, printed, complaint } = await run([program, log, origin, verifierKey], RUN_LIMIT_MS);
  if (status !== 0 && status !== 1) throw new Error(`fsck came to no verdict: ${complaint}`);
  return { isSound: status === 0, fault: printed };
}

/** Why it cannot be built here. Throws where all it takes is there and it still cannot: that is no reason to skip. */
async function build(): Promise<string | undefined> {
  const fetched = await run(['go', 'list', '-deps', '.'], FETCH_LIMIT_MS);
  if (fetched.status !== 0) return toReason('no Go, or not its modules', fetched);
  const built = await run(['go', 'build', '-o', program, '.'], BUILD_LIMIT_MS);
  if (built.status === undefined) return toReason('not built', built);
  if (built.status !== 0) throw new Error(built.complaint);
  return undefined;
}

function toReason(what: string, { complaint }: Ended): string {
  return `${what}: ${complaint.split('\n').at(-1)}`.slice(0, 120);
}

/** Never rejects, and never takes longer than `limit` milliseconds. */
function run([command, ...args]: readonly [string, ...string[]], limit: number): Promise<Ended> {
  const child = spawn(command, args, { cwd: import.meta.dirname, stdio: ['ignore', 'pipe', 'pipe'] });
  const [printed, complaint] = [collect(child.stdout), collect(child.stderr)];
  return new Promise((resolve) => {
    const end = (status: number | undefined, why: string) => {
      clearTimeout(timer);
      resolve({ status, printed: printed(), complaint: why });
    };
    // Resolved here and not at its close: what it has started itself may hold its output open.
    const timer = setTimeout(() => {
      child.kill('SIGKILL');
      end(undefined, `it took longer than ${limit / 1_000} s`);
    }, limit);
    child.on('error', ({ message }) => end(undefined, message));
    child.on('close', (code) => end(code ?? undefined, complaint()));
  });
}

function collect(stream: Readable): () => string {
  const chunks: Buffer[] = [];
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  return () => Buffer.concat(chunks).toString('utf8').trim();
}
