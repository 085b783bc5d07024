import {
  GatewayError,
  type HeaderLookup,
  type ModelId,
  type Protocol,
  type ReadRequest,
  type ReplyMeta,
} from '../../core/index.ts';
import { readGuardrailHeaders } from '../guardrail-headers.ts';
import { readBody } from '../shape.ts';
import { readApplyGuardrail } from './apply-guardrail.ts';
import { createConverseReply } from './converse-reply.ts';
import { readConverse } from './converse-request.ts';
import { createCountTokensReply, readCountTokens } from './count-tokens.ts';
import { writeFault } from './errors.ts';
import { familyOf } from './families/families.ts';
import { readGuardrailChecks } from './guardrail-checks.ts';
import { checkAccept, checkContentType, checkInvokeHeaders } from './invoke-headers.ts';
import { createInvokeReply } from './invoke-reply.ts';
import { parseModel } from './model-id.ts';
import { isOperation, matchRoute } from './routes.ts';

/**
 * Amazon Bedrock Runtime, API version 2023-09-30: `Converse`, `InvokeModel`, their streams, and `CountTokens`, under
 * `/model`; `ApplyGuardrail` under `/guardrail`, and `InvokeGuardrailChecks`.
 */
export const bedrockProtocol: Protocol = {
  name: 'bedrock',
  match: matchRoute,
  read({ operation, model: name = '' }, body, headers) {
    const model = parseModel(name);
    if (!isOperation(operation)) throw new GatewayError('routeNotFound');
    switch (operation) {
      case 'Converse':
      case 'ConverseStream':
        return readConverseCall({ model, stream: operation === 'ConverseStream' }, body, headers);
      case 'InvokeModel':
      case 'InvokeModelWithResponseStream':
        return readInvokeCall({ model, stream: operation === 'InvokeModelWithResponseStream' }, body, headers);
      case 'CountTokens':
        return readCountCall(model, body, headers);
      default:
        return operation satisfies never;
    }
  },
  readAssessment({ operation, guardrail }, body, headers) {
    checkContentType(headers);
    checkAccept(headers, 'accept');
    if (operation === 'InvokeGuardrailChecks') return readGuardrailChecks(readBody(body));
    if (guardrail === undefined) throw new GatewayError('routeNotFound');
    return readApplyGuardrail(guardrail, readBody(body));
  },
  models: noSuchRoute,
  model: noSuchRoute,
  fault: writeFault,
};

interface Call {
  readonly model: ModelId;
  readonly stream: boolean;
}

function readConverseCall(call: Call, body: Uint8Array, headers: HeaderLookup): ReadRequest {
  checkContentType(headers);
  checkAccept(headers, 'accept');
  const { responseFields, ...read } = readConverse(readBody(body));
  return { ...call, ...read, createReply: (meta) => createConverseReply(meta, responseFields) };
}

function readInvokeCall(call: Call, body: Uint8Array, headers: HeaderLookup): ReadRequest {
  checkInvokeHeaders(headers);
  const { request, parts, form } = familyOf(call.model).read(readBody(body));
  if (call.stream && form.createChunks === undefined) {
    throw new GatewayError('unsupported', { detail: 'a stream of this model' });
  }
  const guardrail = readGuardrailHeaders(headers);
  const createReply = (meta: ReplyMeta) => createInvokeReply(form, meta, { isGuarded: guardrail !== undefined });
  return { ...call, request, parts, ...(guardrail === undefined ? {} : { guardrail }), createReply };
}

function readCountCall(model: ModelId, body: Uint8Array, headers: HeaderLookup): ReadRequest {
  checkContentType(headers);
  checkAccept(headers, 'accept');
  const read = readCountTokens(model, readBody(body));
  return { model, stream: false, action: 'CountTokens', ...read, createReply: createCountTokensReply };
}

/** Models are listed by the control plane, Amazon Bedrock, not by its runtime. */
function noSuchRoute(): never {
  throw new GatewayError('routeNotFound');
}
