import { type Completion, createPartList, type Inference } from '../../../core/index.ts';
import type { ReadBody } from './family.ts';

/** What formats of one prompt have in common, under the names of the inner form. */
export interface Prompt {
  readonly maxTokens?: number | undefined;
  readonly temperature?: number | undefined;
  readonly topP?: number | undefined;
  readonly topK?: number | undefined;
  /** The texts, under the path of the list. */
  readonly stopSequences?: { readonly path: string; readonly texts: readonly string[] } | undefined;
}

/** Makes a completion of a prompt that stands at `path`, with its parts. */
export function toCompletion(
  prompt: { readonly path: string; readonly text: string },
  { maxTokens, temperature, topP, topK, stopSequences }: Prompt,
): Pick<ReadBody, 'request' | 'parts'> {
  const parts = createPartList();
  const index = parts.add({ kind: 'text', origin: 'user', ...prompt });
  const stops = stopSequences?.texts.map((text, at) =>
    parts.add({ kind: 'text', origin: 'parameter', path: `${stopSequences.path}/${at}`, text }),
  );
  const inference: Inference = {
    ...(maxTokens === undefined ? {} : { maxTokens }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(topP === undefined ? {} : { topP }),
    ...(topK === undefined ? {} : { topK }),
    ...(stops === undefined ? {} : { stopSequences: stops }),
  };
  const request: Completion = { kind: 'completion', prompt: index, inference };
  return { request, parts: parts.parts };
}
