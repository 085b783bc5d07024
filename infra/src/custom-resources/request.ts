import { Refusal } from './refusal.ts';

/** What a template gives a custom resource: CloudFormation makes text of every number and boolean. */
export type Properties = Readonly<Record<string, unknown>>;

/** A request of CloudFormation, as AWS documents it under "Custom resource request objects". */
export interface Request {
  readonly kind: 'create' | 'update' | 'remove';
  /** The one place that takes the answer. Whoever has it can answer: it is never logged. */
  readonly answerUrl: string;
  readonly stackId: string;
  readonly requestId: string;
  readonly logicalId: string;
  /** Undefined in a first `create` alone. */
  readonly physicalId: string | undefined;
  readonly properties: Properties;
}

const kinds: Readonly<Record<string, Request['kind']>> = { Create: 'create', Update: 'update', Delete: 'remove' };

/** Takes a request. Throws a `Refusal` for what CloudFormation does not send, which cannot be answered either. */
export function parseRequest(event: unknown): Request {
  const fields = isProperties(event) ? event : {};
  const kind = kinds[String(fields['RequestType'])];
  const { ResponseURL, StackId, RequestId, LogicalResourceId, PhysicalResourceId, ResourceProperties } = fields;
  if (
    kind === undefined ||
    typeof ResponseURL !== 'string' ||
    typeof StackId !== 'string' ||
    typeof RequestId !== 'string' ||
    typeof LogicalResourceId !== 'string'
  ) {
    throw new Refusal('the event is no request of CloudFormation');
  }
  return {
    kind,
    answerUrl: ResponseURL,
    stackId: StackId,
    requestId: RequestId,
    logicalId: LogicalResourceId,
    physicalId: typeof PhysicalResourceId === 'string' ? PhysicalResourceId : undefined,
    properties: isProperties(ResourceProperties) ? ResourceProperties : {},
  };
}

function isProperties(value: unknown): value is Properties {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
