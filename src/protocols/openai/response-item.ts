import type { AnswerBlockStart } from '../../core/index.ts';

export type ItemStatus = 'in_progress' | 'completed' | 'incomplete';

/** An item of a response's output: what one block of an answer becomes. */
export interface OutputItem {
  readonly id: string;
  readonly start: AnswerBlockStart;
  /** What is said, thought or given to a tool, as a JSON string. Absent where there is nothing of it, or not yet. */
  readonly quoted?: string | undefined;
  /** What takes reasoning back to its model. */
  readonly token?: string | undefined;
  readonly status: ItemStatus;
}

const prefixes = { text: 'msg', reasoning: 'rs', toolUse: 'fc' } as const satisfies Record<
  AnswerBlockStart['kind'],
  string
>;

/** The id of an item; `key` is the request's, `index` counts the items. */
export function toItemId(key: string, { kind }: AnswerBlockStart, index: number): string {
  return `${prefixes[kind]}_${key}_${index}`;
}

/** The JSON text of an item. */
export function writeItem({ id, start, quoted, token, status }: OutputItem): string {
  switch (start.kind) {
    case 'text': {
      const part = quoted === undefined ? '' : writeTextPart(quoted);
      return `{"id":"${id}","type":"message","status":"${status}","role":"assistant","content":[${part}]}`;
    }
    case 'reasoning': {
      const part = quoted === undefined ? '' : writeSummaryPart(quoted);
      const proof = token === undefined ? '' : `,"encrypted_content":${JSON.stringify(token)}`;
      return `{"id":"${id}","type":"reasoning","summary":[${part}]${proof}}`;
    }
    case 'toolUse': {
      const call = `"call_id":${JSON.stringify(start.id)},"name":${JSON.stringify(start.name)}`;
      return `{"id":"${id}","type":"function_call","status":"${status}",${call},"arguments":${quoted ?? '""'}}`;
    }
    default:
      return start satisfies never;
  }
}

/** The JSON text of what a message says. Requests cannot ask for citations here, so that there are no annotations. */
export function writeTextPart(quoted: string): string {
  return `{"type":"output_text","annotations":[],"logprobs":[],"text":${quoted}}`;
}

/** The JSON text of what is told of a model's reasoning. */
export function writeSummaryPart(quoted: string): string {
  return `{"type":"summary_text","text":${quoted}}`;
}
