import {
  type Conversation,
  createPartList,
  type Exchange,
  type ModelRequest,
  type Part,
  type PartIndex,
  parseModelId,
} from '../../core/index.ts';
import { CLAUDE, converse, say } from '../cleared.suite.ts';

/** Adds a part to an exchange that a test makes by hand. */
export type AddPart = (text: string, more?: Partial<Part>) => PartIndex;

/** An exchange whose request a test makes in the inner form, where no protocol would. */
export function exchangeOfRequest(make: (add: AddPart) => ModelRequest, model = CLAUDE): Exchange {
  const list = createPartList();
  const add: AddPart = (text, more) => list.add({ kind: 'text', origin: 'user', path: '', text, ...more });
  const request = make(add);
  const { request: _request, parts: _parts, ...rest } = converse(say('x'));
  return {
    ...rest,
    model: { id: parseModelId(model), provider: 'tested', providerModelId: model },
    request,
    parts: list.parts,
  };
}

/** A conversation with one message of a user, and what more a test gives it. */
export function conversationWith(
  content: Conversation['messages'][number]['content'],
  more: Partial<Conversation> = {},
): Conversation {
  return {
    kind: 'conversation',
    system: [],
    messages: [{ role: 'user', content }],
    tools: [],
    inference: {},
    metadata: [],
    ...more,
  };
}
