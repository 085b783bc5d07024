import { GatewayError, type Route } from '../../core/index.ts';

/** Operations by the last segment of their path; the model stands in the segment before it. */
const operations = {
  converse: 'Converse',
  'converse-stream': 'ConverseStream',
  invoke: 'InvokeModel',
  'invoke-with-response-stream': 'InvokeModelWithResponseStream',
  'count-tokens': 'CountTokens',
} as const;

type Segment = keyof typeof operations;

/** The name of an operation as the service model has it. */
export type Operation = (typeof operations)[Segment];

const PATH = /^\/model\/([^/]+)\/([a-z-]+)$/;
const GUARDRAIL = /^\/guardrail\/([^/]+)\/version\/([A-Z0-9]{1,9})\/apply$/;
const CHECKS = '/guardrail-checks/invoke';

/**
 * The operation a raw path names; undefined for any other path. Throws `methodNotAllowed` for anything but POST.
 *
 * The model is one segment, decoded once: `%2F` in it is part of an ARN, and a second decoding would let one path name
 * two models. A broken escape, or a dot segment once decoded, names no model.
 */
export function matchRoute(method: string, path: string): Route | undefined {
  const route = matchModel(path) ?? matchGuardrail(path);
  if (route !== undefined && method !== 'POST') throw new GatewayError('methodNotAllowed');
  return route;
}

function matchModel(path: string): Route | undefined {
  const [, segment = '', last = ''] = PATH.exec(path) ?? [];
  const model = decode(segment);
  if (!isSegment(last) || model === undefined) return undefined;
  return { kind: 'invoke', operation: operations[last], model };
}

/** A guardrail is named as a model is; its version stands in a segment of its own. */
function matchGuardrail(path: string): Route | undefined {
  if (path === CHECKS) return { kind: 'assess', operation: 'InvokeGuardrailChecks' };
  const [, segment = '', version] = GUARDRAIL.exec(path) ?? [];
  const identifier = decode(segment);
  if (version === undefined || identifier === undefined) return undefined;
  return { kind: 'assess', operation: 'ApplyGuardrail', guardrail: { identifier, version } };
}

function isSegment(last: string): last is Segment {
  return Object.hasOwn(operations, last);
}

function decode(segment: string): string | undefined {
  try {
    const id = decodeURIComponent(segment);
    return id.split('/').some((name) => name === '' || name === '.' || name === '..') ? undefined : id;
  } catch (error) {
    if (error instanceof URIError) return undefined;
    throw error;
  }
}

/** Whether the operation is one of those, for what reached `read` past `matchRoute`. */
export function isOperation(name: string): name is Operation {
  return Object.values<string>(operations).includes(name);
}
