import type { Model } from '../../../core/index.ts';
import { type FamilyBeginning, isOfFamily } from '../model-family.ts';
import { notSent } from '../not-sent.ts';
import { cohereCommand } from './cohere-command.ts';
import { deepseek } from './deepseek.ts';
import type { CompletionFamily } from './family.ts';
import { llama } from './llama.ts';
import { mistral } from './mistral.ts';
import { titanText } from './titan-text.ts';

const families: readonly (readonly [FamilyBeginning, CompletionFamily])[] = [
  ['meta.llama', llama],
  ['mistral.', mistral],
  ['deepseek.', deepseek],
  ['cohere.command-text-', cohereCommand],
  ['cohere.command-light-text-', cohereCommand],
  ['amazon.titan-text-', titanText],
  ['amazon.titan-tg1-', titanText],
];

/** The format in which a model takes a raw prompt. Throws `unsupported` where none is known. */
export function completionFamilyOf(model: Model): CompletionFamily {
  const found = families.find(([beginning]) => isOfFamily(model, beginning));
  if (found === undefined) throw notSent('a raw prompt for a model of this family');
  return found[1];
}
