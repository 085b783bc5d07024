import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ExportedBody } from '../../src/audit/export/exchange.ts';
import {
  contextOf,
  denied,
  everything,
  exchange,
  request,
  unanswered,
} from '../../src/audit/export/export-fixture.suite.ts';
import { toOcsf } from '../../src/audit/export/ocsf.ts';
import { type Installation, install, Unavailable } from '../../tools/install.ts';

/** `ocsf-json-schema` holds the schema as schema.ocsf.io published it, and makes JSON Schema of it. */
const requirements = [
  'attrs==26.1.0 --hash=sha256:c647aa4a12dfbad9333ca4e71fe62ddc36f4e63b2d260a37a8b83d2f043ac309',
  'jsonschema==4.17.3 --hash=sha256:a870ad254da1a8ca84b6a2905cac29d265f805acc57af304784962a2aa6508f6',
  'ocsf-json-schema==1.2.0 --hash=sha256:64d819042d20c3c04bc0d024c7c47c41006ebbe0209ce768ba6efa1240106708',
  'pyrsistent==0.20.0 --hash=sha256:c55acc4733aad6560a7f5f818466631f07efc001fd023f34a6c203f8b6df0f0b',
];

const installation: Installation = {
  name: 'ocsf',
  commands: [
    ['python3', '-m', 'venv', '.'],
    ['python3', '-c', `open('requirements.txt', 'w').write(${JSON.stringify(requirements.join('\n'))})`],
    [
      ...(['bin/python', '-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--retries=1'] as const),
      ...['--timeout=20', '--only-binary=:all:', '--require-hashes', '--requirement=requirements.txt'],
    ],
  ],
};

const VALIDATE = `
import json, sys
from jsonschema import Draft202012Validator
from ocsf_json_schema import OcsfJsonSchemaEmbedded, get_ocsf_schema
schemas = OcsfJsonSchemaEmbedded(get_ocsf_schema(version='1.8.0'))
def faults(event):
    profiles = event.get('metadata', {}).get('profiles', [])
    known = schemas.schema.schema['profiles']
    unknown = [f'unknown profile {name}' for name in profiles if name not in known]
    schema = schemas.get_class_schema('api_activity', profiles)
    found = Draft202012Validator(schema).iter_errors(event)
    return unknown + [f'{error.json_path}: {error.message}' for error in found]
print(json.dumps([faults(event) for event in json.load(sys.stdin)]))
`;

type Place = { readonly directory: string } | { readonly reason: string };

async function findPlace(): Promise<Place> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'sallyport', 'conformance');
  try {
    return { directory: await install(cache, installation) };
  } catch (error) {
    // A gate that passes because nothing was there to run is none.
    if (!(error instanceof Unavailable) || process.env.CI !== undefined) throw error;
    process.stderr.write(`conformance: the tests with the schema of OCSF are skipped: ${error.message}\n`);
    return { reason: error.message };
  }
}

/** What the published schema has against each event. */
function faultsOf(events: readonly object[]): readonly (readonly string[])[] {
  const python = 'directory' in place ? join(place.directory, 'bin/python') : '';
  const { stdout, stderr, status } = spawnSync(python, ['-c', VALIDATE], {
    input: JSON.stringify(events),
    encoding: 'utf8',
  });
  expect(status, stderr).toBe(0);
  return JSON.parse(stdout);
}

const place = await findPlace();
const bodies: readonly ExportedBody[] = ['none', 'masked', 'full'];
const counted = {
  ...exchange,
  request: { ...request, operation: 'messages.count_tokens', action: 'CountTokens' },
} as const;

describe.skipIf('reason' in place)('events of OCSF', () => {
  it('are valid by the published schema 1.8.0, which takes no attribute that it does not know', () => {
    const events = [exchange, unanswered, denied, everything, counted].flatMap((any) =>
      bodies.flatMap((body) => [
        toOcsf(any, contextOf(body)),
        toOcsf(any, contextOf(body, { accountId: '123456789012' })),
      ]),
    );
    expect(events).toHaveLength(30);
    expect(faultsOf(events)).toEqual(events.map(() => []));
  });

  it('are not where anything is missing, of another type, or made up', () => {
    const event = toOcsf(exchange, contextOf('full', { accountId: '123456789012' }));
    const { src_endpoint: _, ...homeless } = event;
    const faulty: readonly (readonly [object, RegExp])[] = [
      [homeless, /'src_endpoint' is a required property/],
      [{ ...event, src_endpoint: { type_id: 0 } }, /src_endpoint/],
      [{ ...event, severity_id: 7 }, /severity_id/],
      [{ ...event, time: '2025-11-24' }, /time/],
      [{ ...event, attestation_list: [] }, /'attestation_list' was unexpected/],
      [{ ...event, message_context: { uid: 'x', prompt_text: '' } }, /prompt_text/],
      [{ ...event, metadata: { ...event.metadata, profiles: ['record_integrity'] } }, /unknown profile/],
    ];
    const found = faultsOf(faulty.map(([any]) => any));
    for (const [at, [, fault]] of faulty.entries()) expect(found[at]?.join('\n')).toMatch(fault);
  });
});
