import { readFileSync } from 'node:fs';

/** The declarations of the official SDK, read as text: a union there is the list of what the API has. */
export interface SdkTypes {
  /** The `type` (or another literal member) of each interface of a union, in order, each once. */
  literalsOf(name: string, member?: string): readonly string[];
  /** The string literals of a union of them. */
  stringsOf(name: string): readonly string[];
  /** The names of an interface's own members. */
  membersOf(name: string): readonly string[];
  /** The types of the interfaces that a member holds, alone or in an array. */
  literalsIn(name: string, member: string): readonly string[];
}

const root = new URL('../../../node_modules/@anthropic-ai/sdk/resources/', import.meta.url);

export function readSdkTypes(file: string): SdkTypes {
  const source = readFileSync(new URL(file, root), 'utf8').replaceAll(/\/\*[\s\S]*?\*\//g, '');
  const unions = new Map<string, string>();
  for (const [, name = '', union = ''] of source.matchAll(/^export type (\w+) = ([^;]+);/gm)) unions.set(name, union);
  const interfaces = new Map<string, string>();
  for (const [, name = '', body = ''] of source.matchAll(/^export interface (\w+)[^{]*\{\n([\s\S]*?)^\}/gm)) {
    interfaces.set(name, body);
  }

  function memberOf(name: string, member: string): string {
    const text = new RegExp(`^    ${member}\\??: ([^;]+);`, 'm').exec(interfaces.get(name) ?? '')?.[1];
    if (text === undefined) throw new Error(`the SDK declares no ${name}.${member}`);
    return text;
  }

  function literals(type: string, member: string): readonly string[] {
    return type.split('|').flatMap((each): readonly string[] => {
      const name = each.trim();
      const union = unions.get(name);
      if (union !== undefined) return literals(union, member);
      if (!interfaces.has(name)) return [];
      return strings(memberOf(name, member));
    });
  }

  const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];
  return {
    literalsOf: (name, member = 'type') => unique(literals(name, member)),
    stringsOf: (name) => strings(unions.get(name) ?? ''),
    membersOf: (name) =>
      [...(interfaces.get(name) ?? '').matchAll(/^ {4}(\w+)\??:/gm)].map(([, member = '']) => member),
    literalsIn: (name, member) => unique(literals(memberOf(name, member).replaceAll(/Array<|>/g, ''), 'type')),
  };
}

function strings(union: string): readonly string[] {
  return [...union.matchAll(/'([^']*)'/g)].map(([, value = '']) => value);
}
