import { type Document, isAlias, isMap, isNode, isScalar, isSeq, type Node, parseDocument } from 'yaml';
import type { Problem } from './config-error.ts';
import { yamlFaults } from './yaml-faults.data.ts';

export type Path = readonly PropertyKey[];

/** A text of a document, key or value. */
export interface YamlText {
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** The keys above, nearest last; without list positions. A key has not itself above it. */
  readonly keys: readonly string[];
}

/** A YAML document as plain data, and where in the text each piece of it stands. */
export interface YamlDocument {
  readonly value: unknown;
  readonly problems: readonly Problem[];
  readonly texts: readonly YamlText[];
  /** Where the value at a path begins; for one that is missing, where its nearest parent does. */
  offsetOf(path: Path): number;
  has(path: Path): boolean;
  /** Where a key begins that stands at a path. */
  offsetOfKey(path: Path, key: string): number;
}

const MAX_DEPTH = 16;

/**
 * Reads a text as one YAML 1.2 document, core schema.
 *
 * Anchors, aliases, tags, directives, merge keys and keys that stand twice are problems: a reviewer must be able to
 * read the file as the gateway does, and a small file must not grow into a large one.
 */
export function readYaml(text: string): YamlDocument {
  const document = parseDocument(text, {
    version: '1.2',
    schema: 'core',
    prettyErrors: false,
    // The parser compares each key with each other; `Reader` does the same in linear time.
    uniqueKeys: false,
    stringKeys: true,
  });
  const faults = [...document.errors, ...document.warnings.filter(({ code }) => code !== 'TAG_RESOLVE_FAILED')];
  const problems: Problem[] = faults.map(({ code, pos }) => ({
    offset: pos[0],
    text: yamlFaults[code],
  }));
  if (document.directives?.yaml.explicit === true) problems.push({ offset: 0, text: yamlFaults.BAD_DIRECTIVE });
  const texts: YamlText[] = [];
  const value = document.errors.length > 0 ? undefined : readNode(document.contents, [], { problems, texts, depth: 0 });
  return { value, problems, texts, ...placesIn(document) };
}

interface Reading {
  readonly problems: Problem[];
  readonly texts: YamlText[];
  readonly depth: number;
}

function readNode(node: unknown, keys: readonly string[], reading: Reading): unknown {
  if (!isNode(node)) return null;
  const { problems, texts, depth } = reading;
  const refuse = (text: string): null => {
    problems.push({ offset: startOf(node), text });
    return null;
  };
  if (isAlias(node)) return refuse(yamlFaults.BAD_ALIAS);
  if (node.anchor !== undefined) return refuse(yamlFaults.MULTIPLE_ANCHORS);
  if (node.tag !== undefined) return refuse(yamlFaults.MULTIPLE_TAGS);
  if (depth > MAX_DEPTH) return refuse(yamlFaults.RESOURCE_EXHAUSTION);
  const inner = { ...reading, depth: depth + 1 };
  if (isMap(node)) return Object.fromEntries(readPairs(node.items, keys, inner));
  if (isSeq(node)) return node.items.map((item) => readNode(item, keys, inner));
  if (!isScalar(node)) return refuse(yamlFaults.IMPOSSIBLE);
  const text = String(node.source ?? node.value);
  texts.push({ text, start: startOf(node), end: node.range?.[1] ?? 0, keys });
  return text.isWellFormed() ? node.value : refuse('a text holds half of a character');
}

type Pairs = readonly { readonly key: unknown; readonly value: unknown }[];

function readPairs(pairs: Pairs, keys: readonly string[], reading: Reading): readonly (readonly [string, unknown])[] {
  const seen = new Set<string>();
  return pairs.map((pair) => {
    const key = String(readNode(pair.key, keys, reading));
    if (seen.has(key)) reading.problems.push({ offset: startOf(pair.key), text: yamlFaults.DUPLICATE_KEY });
    seen.add(key);
    return [key, readNode(pair.value, [...keys, key], reading)];
  });
}

function placesIn(document: Document): Pick<YamlDocument, 'offsetOf' | 'has' | 'offsetOfKey'> {
  const nodesAlong = (path: Path): readonly Node[] => {
    const nodes: Node[] = [];
    let node: unknown = document.contents;
    for (const key of [...path, undefined]) {
      if (!isNode(node)) break;
      nodes.push(node);
      node = childOf(node, key)?.value;
    }
    return nodes;
  };
  return {
    offsetOf: (path) => startOf(nodesAlong(path).at(-1)),
    has: (path) => nodesAlong(path).length > path.length,
    offsetOfKey: (path, key) => startOf(childOf(nodesAlong(path).at(-1), key)?.key),
  };
}

function childOf(
  node: unknown,
  key: PropertyKey | undefined,
): { readonly key: unknown; readonly value: unknown } | undefined {
  if (isMap(node)) return node.items.find((pair) => isScalar(pair.key) && pair.key.value === key);
  if (isSeq(node) && typeof key === 'number') return { key: undefined, value: node.items[key] };
  return undefined;
}

function startOf(node: unknown): number {
  return isNode(node) ? (node.range?.[0] ?? 0) : 0;
}
