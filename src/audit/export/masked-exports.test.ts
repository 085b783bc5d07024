import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AnswerEvent, Finding, Part } from '../../core/index.ts';
import { toBedrockLog } from './bedrock-log.ts';
import { toCsvLine } from './csv.ts';
import type { ExportedExchange } from './exchange.ts';
import { contextOf, exchange, findingOf, request, response } from './export-fixture.suite.ts';
import { toJsonl } from './jsonl.ts';
import { toOcsf } from './ocsf.ts';

const SECRET = 'jane.doe@example.com';

const formats = {
  jsonl: toJsonl,
  csv: toCsvLine,
  bedrock: (any: ExportedExchange, context: ReturnType<typeof contextOf>) => JSON.stringify(toBedrockLog(any, context)),
  ocsf: (any: ExportedExchange, context: ReturnType<typeof contextOf>) => JSON.stringify(toOcsf(any, context)),
};

const origins: readonly Part['origin'][] = [
  'system',
  'user',
  'assistant',
  'toolDefinition',
  'toolCall',
  'toolResult',
  'document',
  'parameter',
  'metadata',
];

interface Planted {
  readonly before: string;
  readonly after: string;
  readonly kind: Part['kind'];
  readonly origin: Part['origin'];
  readonly isMasked: boolean;
}

const planted: fc.Arbitrary<Planted> = fc.record({
  before: fc.string({ maxLength: 6 }),
  after: fc.string({ maxLength: 6 }),
  kind: fc.constantFrom('text', 'json', 'identifier', 'sealed'),
  origin: fc.constantFrom(...origins),
  isMasked: fc.boolean(),
});

/** An exchange with the secret wherever a record may have it: found in parts, withheld of the answer, in files. */
function exchangeOf(pieces: readonly Planted[]): ExportedExchange {
  const original: Part[] = [];
  const rewritten: Part[] = [];
  const findings: Finding[] = [];
  for (const [index, { before, after, kind, origin, isMasked }] of pieces.entries()) {
    const part = { kind, origin, path: origin === 'metadata' ? `/metadata/${SECRET}` : '/messages/0' };
    const [start, end] = [before.length, before.length + SECRET.length];
    findings.push(findingOf(index, [start, end], 'EMAIL'));
    original.push({ ...part, text: before + SECRET + after });
    const edits = [{ start, end, length: 7 }];
    rewritten.push(
      isMasked ? { ...part, text: `${before}{EMAIL}${after}`, edits } : { ...part, text: before + SECRET + after },
    );
  }
  const said: AnswerEvent[] = [{ kind: 'delta', index: 0, text: SECRET }];
  const proof: AnswerEvent = { kind: 'proof', index: 0, proof: { kind: 'signature', signature: SECRET } };
  return {
    ...exchange,
    request: {
      ...request,
      original,
      rewritten,
      findings,
      files: [{ kind: 'document', format: 'pdf', sha256: SECRET, base64: SECRET }],
    },
    releases: [{ kind: 'release', requestId: request.requestId, time: 1, sequence: 0, events: [proof] }],
    response: { ...response, original: said },
  };
}

describe('a masked export', () => {
  it.each(Object.entries(formats))('holds nothing that was found, in any place: %s', (_name, format) => {
    fc.assert(
      fc.property(fc.array(planted, { maxLength: 6 }), (pieces) => {
        expect(format(exchangeOf(pieces), contextOf('masked'))).not.toContain(SECRET);
      }),
    );
  });

  it('differs from a full one, which holds it', () => {
    const piece = { before: 'a ', after: ' b', kind: 'text', origin: 'user', isMasked: false } as const;
    for (const format of [formats.jsonl, formats.bedrock, formats.ocsf]) {
      expect(format(exchangeOf([piece]), contextOf('full'))).toContain(SECRET);
    }
  });
});
