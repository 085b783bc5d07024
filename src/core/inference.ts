import type { PartIndex } from './part.ts';

/** How much a model is to spend on its answer, thinking included. */
type Effort = 'minimal' | 'low' | 'medium' | 'high' | 'xhigh' | 'max';

/** How much a model may think before it answers: the way it is to think, an effort, or both. */
export type ReasoningEffort =
  | { readonly kind: 'off'; readonly effort?: Effort }
  /** The model decides. */
  | { readonly kind: 'adaptive'; readonly effort?: Effort }
  | { readonly kind: 'budget'; readonly tokens: number; readonly effort?: Effort }
  /** An effort alone: the model thinks as it does by default. `none` is the word of some protocols for not at all. */
  | { readonly kind: 'effort'; readonly effort: Effort | 'none' };

/** The form an answer's text is to have. */
export type OutputFormat =
  | { readonly kind: 'json' }
  | {
      readonly kind: 'jsonSchema';
      readonly name?: PartIndex;
      readonly description?: PartIndex;
      /** JSON Schema, as raw JSON. */
      readonly schema: PartIndex;
      readonly strict?: boolean;
    };

/** What steers the sampling of an answer. Absent means the model's own default. */
export interface Inference {
  readonly maxTokens?: number;
  readonly temperature?: number;
  readonly topP?: number;
  readonly topK?: number;
  readonly stopSequences?: readonly PartIndex[];
  readonly frequencyPenalty?: number;
  readonly presencePenalty?: number;
  readonly seed?: number;
  readonly reasoning?: ReasoningEffort;
  readonly outputFormat?: OutputFormat;
  /** How many answers are wanted, more than one. Each is asked for, inspected and released by itself. */
  readonly choices?: number;
}
