import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, isAbsolute, join, normalize, resolve } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { ConfigError, parseConfig } from '../../../src/config/index.ts';
import { GATEWAY_PORT } from '../network/security-groups.ts';

/** What runs on a configuration: the container, a function behind a REST API of either kind, or one behind no door. */
export const doorKinds = ['container', 'rest', 'rest-iam', 'none'] as const;

export type DoorKind = (typeof doorKinds)[number];

export interface RenderedFile {
  /** From the directory that the configuration is put in. */
  readonly path: string;
  readonly text: string;
}

export interface RenderOptions {
  /** Path of the user's `sallyport.yaml`; policy files are found from its directory. */
  readonly path: string;
  readonly door: DoorKind;
}

const NAME = 'sallyport.yaml';
const SECOND_MS = 1_000;

/**
 * The user's configuration as one front door reads it, with the policy files that it names. Comments and all else stay
 * as they were written; only what the door needs is set. Throws a `ConfigError` where the result would not load there:
 * a policy file outside its directory, or a secret of the environment or a file, which nothing brings there.
 */
export function renderConfig({ path, door }: RenderOptions): readonly RenderedFile[] {
  const text = readFileSync(path, 'utf8');
  const config = parseConfig(text, { path });
  const document = parseDocument(text);
  if (door === 'container') setForContainer(document, config.limits.upstreamTimeoutMs);
  else setForFunction(document, door);
  const rendered = String(document);
  const files = config.policies.flatMap(({ name, text: policies, within }) =>
    within === undefined ? [{ path: name, text: policies }] : [],
  );
  const problems = [
    ...files
      .filter(({ path: file }) => isAbsolute(file) || normalize(file).startsWith('..'))
      .map(({ path: file }) => `${path}: the policy file \`${file}\` is to be below the configuration's directory`),
    ...localSecrets(document).map(
      (at) =>
        `${path}: \`${at}\` is of an environment or a file, and nothing brings it there; keep it in Secrets Manager`,
    ),
  ];
  if (problems.length > 0) throw new ConfigError(problems);
  // As it will be read: the door's own rules hold for what was set, too.
  const known = new Map(files.map((file) => [resolve(dirname(path), file.path), file.text]));
  parseConfig(rendered, { path, readFile: (file) => known.get(file) ?? '' });
  return [{ path: NAME, text: rendered }, ...files];
}

/** Puts the configuration of a door, with what it names, into a directory, which is made if it is missing. */
export function writeRenderedConfig(options: RenderOptions, directory: string): void {
  for (const { path, text } of renderConfig(options)) {
    const file = join(directory, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
}

/**
 * A load balancer keeps connections to its targets: they are to be open longer at the gateway's side than at its own
 * ({@link loadBalancerIdleSeconds}), or it would send a request down one that was just closed.
 */
function setForContainer(document: Document, upstreamTimeoutMs: number): void {
  document.setIn(['frontDoor'], { kind: 'port' });
  document.setIn(['listen'], { host: '0.0.0.0', port: GATEWAY_PORT, tls: { ephemeral: true } });
  document.setIn(['limits', 'idleTimeoutMs'], (loadBalancerIdleSeconds(upstreamTimeoutMs) + 30) * SECOND_MS);
  const defaults = {
    // All callers come from the few addresses of the load balancer.
    maxConnectionsPerSource: 20_000,
    drainDelayMs: 15 * SECOND_MS,
    drainMs: 90 * SECOND_MS,
  };
  for (const [key, value] of Object.entries(defaults)) {
    if (!document.hasIn(['limits', key])) document.setIn(['limits', key], value);
  }
}

/** A door of that kind stays as the user has it; whose sessions are who's with `rest-iam` only they can say. */
function setForFunction(document: Document, door: Exclude<DoorKind, 'container'>): void {
  document.deleteIn(['listen']);
  if (door !== 'none' && document.getIn(['frontDoor', 'kind']) !== door) document.setIn(['frontDoor'], { kind: door });
}

/** Seconds that a load balancer lets a connection rest: longer than any model call. */
export function loadBalancerIdleSeconds(upstreamTimeoutMs: number): number {
  return Math.min(4_000 - 60, Math.ceil(upstreamTimeoutMs / SECOND_MS) + 20);
}

/** Where references stand that only this machine could follow. */
function localSecrets(document: Document): readonly string[] {
  const found: string[] = [];
  visitReferences(document.toJS(), [], (at) => found.push(at));
  return found;
}

function visitReferences(value: unknown, path: readonly string[], told: (at: string) => void): void {
  if (typeof value !== 'object' || value === null) return;
  if (path[0] === 'policies' || path[0] === 'deploy') return;
  const keys = Object.keys(value);
  if (keys.length === 1 && (keys[0] === 'env' || keys[0] === 'file')) told(path.join('.'));
  for (const [key, entry] of Object.entries(value)) visitReferences(entry, [...path, key], told);
}
