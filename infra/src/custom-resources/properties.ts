import { Refusal } from './refusal.ts';
import type { Properties } from './request.ts';

/** A text that must be there. */
export function readText(properties: Properties, name: string): string {
  const value = properties[name];
  if (typeof value !== 'string' || value === '') throw new Refusal(`the property \`${name}\` is missing`);
  return value;
}

/** One of a few words. */
export function readChoice<const Choice extends string>(
  properties: Properties,
  name: string,
  choices: readonly Choice[],
): Choice {
  const value = readText(properties, name);
  const found = choices.find((choice) => choice === value);
  if (found === undefined) throw new Refusal(`the property \`${name}\` is none of ${choices.join(', ')}`);
  return found;
}

/** A list of texts, empty where it is missing. */
export function readTexts(properties: Properties, name: string): readonly string[] {
  const value = properties[name] ?? [];
  if (!Array.isArray(value) || value.some((each) => typeof each !== 'string')) {
    throw new Refusal(`the property \`${name}\` is no list of texts`);
  }
  return value;
}
