import { toText } from './issues.ts';
import { proposal, quote } from './quotable.ts';
import type { Path } from './yaml-document.ts';

/** Something wrong between two places of a configuration. */
export interface ReferenceProblem {
  readonly path: Path;
  readonly text: string;
}

/**
 * Names that stand twice and names of nothing.
 *
 * Reads the document as it is, not the schema's result, so that these are told together with wrong keys and types.
 */
export function findReferenceProblems(document: unknown): readonly ReferenceProblem[] {
  const providers = namesIn(document, ['providers'], 'name');
  const tenants = entriesIn(document, ['tenants']);
  return [
    ...repeated(providers),
    ...repeated(namesIn(document, ['models'], 'id')),
    ...dangling(namesIn(document, ['models'], 'provider'), providers),
    ...repeated(namesIn(document, ['tenants'], 'name')),
    ...repeated(namesIn(document, ['audit', 'sinks'], 'name')),
    ...tenants.flatMap(({ path }) => repeated(namesIn(document, [...path, 'principals'], 'name'))),
    ...repeated([...namesIn(document, ['policies'], 'name'), ...namesIn(document, ['policies'], 'file')]),
    ...repeated(namesIn(document, ['workflow', 'stateMachines'], 'arn')),
    ...unknownOwners(document),
    ...samePort(document),
  ];
}

/** An entry of a list. */
export interface Entry {
  readonly path: Path;
  readonly value: unknown;
}

interface Name {
  readonly path: Path;
  readonly name: string;
}

function namesIn(document: unknown, list: Path, key: string): readonly Name[] {
  return entriesIn(document, list).flatMap(({ path, value }) => {
    const name = valueAt(value, [key]);
    return typeof name === 'string' ? [{ path: [...path, key], name }] : [];
  });
}

/** The entries of a list of the document, and where each stands; none where there is no list. */
export function entriesIn(document: unknown, list: Path): readonly Entry[] {
  const entries = valueAt(document, list);
  return Array.isArray(entries) ? entries.map((value: unknown, index) => ({ path: [...list, index], value })) : [];
}

/** What stands at a path of the document. */
export function valueAt(value: unknown, path: Path): unknown {
  let current = value;
  for (const key of path) {
    if (typeof current !== 'object' || current === null) return undefined;
    current = Reflect.get(current, key);
  }
  return current;
}

function repeated(names: readonly Name[]): readonly ReferenceProblem[] {
  const seen = new Set<string>();
  return names.flatMap(({ path, name }) => {
    if (!seen.has(name)) {
      seen.add(name);
      return [];
    }
    return [{ path, text: `\`${toText(path)}\`: ${quote(name)} stands here a second time` }];
  });
}

function dangling(references: readonly Name[], targets: readonly Name[]): readonly ReferenceProblem[] {
  const known = targets.map(({ name }) => name);
  return references
    .filter(({ name }) => !known.includes(name))
    .map(({ path, name }) => ({
      path,
      text: `\`${toText(path)}\`: there is no provider ${quote(name)}${proposal(name, known)}`,
    }));
}

/** State machines that speak for somebody who is not there. */
function unknownOwners(document: unknown): readonly ReferenceProblem[] {
  const owners = entriesIn(document, ['tenants']).flatMap(({ path, value }) =>
    namesIn(document, [...path, 'principals'], 'name').map(({ name }) => `${valueAt(value, ['name'])}/${name}`),
  );
  return entriesIn(document, ['workflow', 'stateMachines']).flatMap(({ path, value }) => {
    const owner = `${valueAt(value, ['tenant'])}/${valueAt(value, ['principal'])}`;
    if (owners.includes(owner)) return [];
    return [{ path, text: `\`${toText(path)}\`: there is no principal ${quote(owner)}${proposal(owner, owners)}` }];
  });
}

/** Both ports on one number never start; 0 is any free port. */
function samePort(document: unknown): readonly ReferenceProblem[] {
  const port = valueAt(document, ['listen', 'port']) ?? 8080;
  const path = ['listen', 'adminPort'];
  if (port === 0 || port !== (valueAt(document, path) ?? 8081)) return [];
  return [{ path, text: '`listen.adminPort`: the data port has this number' }];
}
