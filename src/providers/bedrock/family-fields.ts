import {
  type Conversation,
  type Exchange,
  type Model,
  type ReasoningEffort,
  type ToolChoice,
  textOf,
} from '../../core/index.ts';
import { isOfFamily } from './model-family.ts';
import { notSent } from './not-sent.ts';

/** Top-level members of `additionalModelRequestFields`: raw JSON by name. */
type Fields = Readonly<Record<string, string>>;

/** What a conversation asks for outside of Converse, by the names its model's family has for it. */
interface Family {
  readonly topK: (topK: number) => Fields;
  readonly reasoning: (effort: ReasoningEffort) => Fields;
  /** `choice` has the name of its tool as text. */
  readonly oneToolAtATime?: (choice: { readonly type: string; readonly name?: string }) => Fields;
}

/** docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-adaptive-thinking.html */
const claude: Family = {
  topK: (topK) => ({ top_k: `${topK}` }),
  reasoning(effort) {
    switch (effort.kind) {
      case 'off':
        return { thinking: '{"type":"disabled"}' };
      case 'adaptive':
        return { thinking: '{"type":"adaptive"}' };
      case 'budget':
        return { thinking: `{"type":"enabled","budget_tokens":${effort.tokens}}` };
      case 'effort':
        return effort.effort === 'none' ? { thinking: '{"type":"disabled"}' } : {};
      default:
        return effort satisfies never;
    }
  },
  oneToolAtATime: (choice) => ({ tool_choice: JSON.stringify({ ...choice, disable_parallel_tool_use: true }) }),
};

/** docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html */
const nova: Family = {
  topK: (topK) => ({ inferenceConfig: `{"topK":${topK}}` }),
  reasoning(effort) {
    if (effort.kind === 'off' && effort.effort !== undefined) throw notSent('an effort beside reasoning that is off');
    const level = levelOf(effort) ?? effort.kind;
    switch (level) {
      case 'off':
      case 'none':
        return { reasoningConfig: '{"type":"disabled"}' };
      case 'low':
      case 'medium':
      case 'high':
        return { reasoningConfig: `{"type":"enabled","maxReasoningEffort":"${level}"}` };
      default:
        throw notSent(`reasoning by \`${level}\` for a model of this family`);
    }
  },
};

/** The effort that is all a request asks for: to think as it sees fit is what a model does that is told no more. */
function levelOf(effort: ReasoningEffort): ReasoningEffort['effort'] {
  return effort.kind === 'effort' || effort.kind === 'adaptive' ? effort.effort : undefined;
}

const other: Family = {
  topK() {
    throw notSent('`topK` for a model of this family');
  },
  reasoning(effort) {
    const level = levelOf(effort);
    if (level !== undefined && level !== 'none') return {};
    throw notSent(`reasoning by \`${effort.kind}\` for a model of this family`);
  },
};

function familyOf(model: Model): Family {
  if (isOfFamily(model, 'anthropic.')) return claude;
  return isOfFamily(model, 'amazon.nova-') ? nova : other;
}

/**
 * Whether the choice of tools stands in the family's own field: beside one in `toolConfig` the service refuses it
 * (github.com/BerriAI/litellm/issues/36536). Throws `unsupported` where the family has none.
 */
export function choosesByFamily({ model }: Exchange, request: Conversation): boolean {
  const { parallelToolCalls, tools, toolChoice } = request;
  if (parallelToolCalls !== false || tools.length === 0 || toolChoice?.kind === 'none') return false;
  if (familyOf(model).oneToolAtATime === undefined) throw notSent('`parallelToolCalls` for a model of this family');
  return true;
}

/**
 * The member `additionalModelRequestFields` of a Converse body as JSON text: the caller's own fields, and what the
 * conversation asks for outside of Converse; empty where there is neither. Throws `unsupported` where the family has no
 * field, or the caller's own has the same name: one of the two would be lost.
 */
export function additionalFieldsText(exchange: Exchange, request: Conversation): string {
  const raw = request.additionalFields === undefined ? '' : textOf(exchange, request.additionalFields);
  const asked = Object.entries(askedFields(exchange, request));
  if (asked.length === 0) return raw === '' ? '' : `"additionalModelRequestFields":${raw}`;
  const members = asked.map(([name, json]) => `"${name}":${json}`);
  const own = raw.slice(raw.indexOf('{') + 1, raw.lastIndexOf('}')).trim();
  if (own !== '') {
    const given: object = JSON.parse(raw);
    const twice = asked.find(([name]) => Object.hasOwn(given, name));
    if (twice !== undefined) throw notSent(`\`${twice[0]}\` among the model's fields, beside what is made of it`);
    members.push(own);
  }
  return `"additionalModelRequestFields":{${members.join()}}`;
}

function askedFields(exchange: Exchange, request: Conversation): Fields {
  const { topK, reasoning } = request.inference;
  const family = familyOf(exchange.model);
  return {
    ...(topK === undefined ? {} : family.topK(topK)),
    ...(reasoning === undefined ? {} : family.reasoning(reasoning)),
    ...(choosesByFamily(exchange, request) ? family.oneToolAtATime?.(toChoice(exchange, request.toolChoice)) : {}),
  };
}

function toChoice(exchange: Exchange, choice: ToolChoice = { kind: 'auto' }) {
  return { type: choice.kind, ...(choice.kind === 'tool' ? { name: textOf(exchange, choice.name) } : {}) };
}
