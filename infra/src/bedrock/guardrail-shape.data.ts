import {
  GuardrailContentFilterAction,
  GuardrailContentFiltersTierName,
  GuardrailContentFilterType,
  GuardrailContextualGroundingAction,
  GuardrailContextualGroundingFilterType,
  GuardrailFilterStrength,
  GuardrailManagedWordsType,
  GuardrailModality,
  GuardrailPiiEntityType,
  GuardrailSensitiveInformationAction,
  GuardrailTopicAction,
  GuardrailTopicsTierName,
  GuardrailTopicType,
  GuardrailWordAction,
} from '@aws-sdk/client-bedrock';

/** What a value must be: a kind, one of a few words, a list of something, or an object of fields. */
export type Shape =
  | { readonly kind: 'text' | 'number' | 'flag' }
  | { readonly kind: 'choice'; readonly of: readonly string[] }
  | { readonly kind: 'list'; readonly of: Shape }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, Field>> };

export interface Field {
  readonly shape: Shape;
  readonly isRequired: boolean;
  /** What CloudFormation calls it, where that is another name. */
  readonly renamed?: string;
}

const text: Shape = { kind: 'text' };
const number: Shape = { kind: 'number' };
const flag: Shape = { kind: 'flag' };
const choice = (of: Readonly<Record<string, string>>): Shape => ({ kind: 'choice', of: Object.values(of) });
const list = (of: Shape): Shape => ({ kind: 'list', of });
const object = (fields: Readonly<Record<string, Field>>): Shape => ({ kind: 'object', fields });
const must = (shape: Shape): Field => ({ shape, isRequired: true });
const may = (shape: Shape, renamed?: string): Field => ({
  shape,
  isRequired: false,
  ...(renamed === undefined ? {} : { renamed }),
});

const bothWays = (action: Readonly<Record<string, string>>) => ({
  inputAction: may(choice(action)),
  outputAction: may(choice(action)),
  inputEnabled: may(flag),
  outputEnabled: may(flag),
});

const contentFilter = object({
  type: must(choice(GuardrailContentFilterType)),
  inputStrength: must(choice(GuardrailFilterStrength)),
  outputStrength: must(choice(GuardrailFilterStrength)),
  inputModalities: may(list(choice(GuardrailModality))),
  outputModalities: may(list(choice(GuardrailModality))),
  ...bothWays(GuardrailContentFilterAction),
});

const topic = object({
  name: must(text),
  definition: must(text),
  examples: may(list(text)),
  type: must(choice(GuardrailTopicType)),
  ...bothWays(GuardrailTopicAction),
});

const sensitive = {
  action: must(choice(GuardrailSensitiveInformationAction)),
  ...bothWays(GuardrailSensitiveInformationAction),
};

/**
 * A request of `CreateGuardrail`: Amazon Bedrock API Reference. `clientRequestToken` is left out, for CloudFormation has
 * its own; `tierConfig` of the grounding policy is, for `AWS::Bedrock::Guardrail` has no field for it.
 */
export const guardrailShape = object({
  name: must(text),
  description: may(text),
  blockedInputMessaging: must(text),
  blockedOutputsMessaging: must(text),
  contentPolicyConfig: may(
    object({
      filtersConfig: must(list(contentFilter)),
      tierConfig: may(object({ tierName: must(choice(GuardrailContentFiltersTierName)) }), 'contentFiltersTierConfig'),
    }),
  ),
  topicPolicyConfig: may(
    object({
      topicsConfig: must(list(topic)),
      tierConfig: may(object({ tierName: must(choice(GuardrailTopicsTierName)) }), 'topicsTierConfig'),
    }),
  ),
  wordPolicyConfig: may(
    object({
      wordsConfig: may(list(object({ text: must(text), ...bothWays(GuardrailWordAction) }))),
      managedWordListsConfig: may(
        list(object({ type: must(choice(GuardrailManagedWordsType)), ...bothWays(GuardrailWordAction) })),
      ),
    }),
  ),
  sensitiveInformationPolicyConfig: may(
    object({
      piiEntitiesConfig: may(list(object({ type: must(choice(GuardrailPiiEntityType)), ...sensitive }))),
      regexesConfig: may(list(object({ name: must(text), description: may(text), pattern: must(text), ...sensitive }))),
    }),
  ),
  contextualGroundingPolicyConfig: may(
    object({
      filtersConfig: must(
        list(
          object({
            type: must(choice(GuardrailContextualGroundingFilterType)),
            threshold: must(number),
            action: may(choice(GuardrailContextualGroundingAction)),
            enabled: may(flag),
          }),
        ),
      ),
    }),
  ),
  automatedReasoningPolicyConfig: may(object({ policies: must(list(text)), confidenceThreshold: may(number) })),
  crossRegionConfig: may(object({ guardrailProfileIdentifier: { ...must(text), renamed: 'guardrailProfileArn' } })),
  kmsKeyId: may(text, 'kmsKeyArn'),
  tags: may(list(object({ key: must(text), value: must(text) }))),
});
