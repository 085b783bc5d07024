import { GatewayError, type HeaderLookup, type Protocol } from '../../core/index.ts';
import { createMatch } from '../routes.ts';
import { readBody } from '../shape.ts';
import { writeFault } from './errors.ts';
import { readMessages } from './messages.ts';
import { writeModel, writeModels } from './models.ts';
import { createMessagesReply } from './reply.ts';

/** The Anthropic Messages API, under `/anthropic`. */
export const anthropicProtocol: Protocol = {
  name: 'anthropic',
  match: createMatch('/anthropic/v1', { '/messages': 'messages' }),
  read(_route, body, headers) {
    checkHeaders(headers);
    const { model, stream, request, parts } = readMessages(readBody(body), 'api');
    return { model, stream, request, parts, createReply: createMessagesReply };
  },
  models: writeModels,
  model: writeModel,
  fault: writeFault,
};

/**
 * Versions of the API (platform.claude.com/docs/en/api/versioning). The later one takes a little less in requests,
 * `temperature` for one; what it left out is still read here, since other models than Anthropic's are behind this door.
 */
const versions: readonly (string | undefined)[] = [undefined, '2023-06-01', '2026-10-21'];

function checkHeaders(headers: HeaderLookup): void {
  if (!versions.includes(headers('anthropic-version'))) {
    throw new GatewayError('invalidRequest', { detail: 'the header `anthropic-version` names no version known here' });
  }
  // A beta changes what the fields of a body mean, and so what an inspection of them is worth.
  if ((headers('anthropic-beta') ?? '') !== '') {
    throw new GatewayError('unsupported', { detail: 'the header `anthropic-beta`' });
  }
}
