import { GatewayError, type HeaderLookup, type Protocol, parseModelId, type ReadRequest } from '../../core/index.ts';
import { readBody } from '../shape.ts';
import { createConverseReply } from './converse-reply.ts';
import { readConverse } from './converse-request.ts';
import { writeFault } from './errors.ts';
import { familyOf } from './families/families.ts';
import { checkContentType, checkInvokeHeaders } from './invoke-headers.ts';
import { createInvokeReply } from './invoke-reply.ts';
import { isOperation, matchRoute } from './routes.ts';

/** Amazon Bedrock Runtime, API version 2023-09-30: `Converse`, `InvokeModel` and their streams, under `/model`. */
export const bedrockProtocol: Protocol = {
  name: 'bedrock',
  match: matchRoute,
  read({ operation, model: name = '' }, body, headers) {
    const model = parseModelId(name);
    if (!isOperation(operation)) throw new GatewayError('routeNotFound');
    switch (operation) {
      case 'Converse':
      case 'ConverseStream':
        return readConverseCall({ model, stream: operation === 'ConverseStream' }, body, headers);
      case 'InvokeModel':
      case 'InvokeModelWithResponseStream':
        return readInvokeCall({ model, stream: operation === 'InvokeModelWithResponseStream' }, body, headers);
      default:
        return operation satisfies never;
    }
  },
  models: noSuchRoute,
  model: noSuchRoute,
  fault: writeFault,
};

type Call = Pick<ReadRequest, 'model' | 'stream'>;

function readConverseCall(call: Call, body: Uint8Array, headers: HeaderLookup): ReadRequest {
  checkContentType(headers);
  return { ...call, ...readConverse(readBody(body)), createReply: createConverseReply };
}

function readInvokeCall(call: Call, body: Uint8Array, headers: HeaderLookup): ReadRequest {
  checkInvokeHeaders(headers);
  const family = familyOf(call.model);
  if (call.stream && family.createChunks === undefined) {
    throw new GatewayError('unsupported', { detail: 'a stream of this model' });
  }
  const { request, parts } = family.read(readBody(body));
  return { ...call, request, parts, createReply: (meta) => createInvokeReply(family, meta) };
}

/** Models are listed by the control plane, Amazon Bedrock, not by its runtime. */
function noSuchRoute(): never {
  throw new GatewayError('routeNotFound');
}
