import { createHash } from 'node:crypto';
import { afterEach, describe, expect, it } from 'vitest';
import { cleanUp, requestIdOf, requestOf } from '../journal/journal-fixture.suite.ts';
import { createLogReader } from '../log/log-reader.ts';
import { parseLeaf } from '../record/leaf.ts';
import { toDisclosedLine } from './disclosed-entry.ts';
import { createScene } from './export-scene.suite.ts';
import { createEntryReader, type OpenedEntry } from './opened-entry.ts';

afterEach(cleanUp);

async function entryOf(text: string): Promise<OpenedEntry> {
  const scene = await createScene();
  await scene.append(requestOf(requestIdOf(1), text));
  await scene.sequence();
  const reader = createLogReader(scene.objects);
  return createEntryReader({ reader, findKey: scene.findKey(), size: 1 }).again(0);
}

const commit = (salt: string, text: string) =>
  createHash('sha256').update(Buffer.from(salt, 'base64')).update(text).digest('hex');
const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');

describe('a disclosed entry', () => {
  it('holds what the leaf commits to, so that anybody can tell', async () => {
    const line = toDisclosedLine(await entryOf('half a pair \ud800 and \u2028'), 'full');
    const { index, leaf, header, headerSalt, body, bodySalt } = JSON.parse(line);
    const { headerCommitment, bodyCommitment } = parseLeaf(Buffer.from(leaf, 'base64'));
    expect(index).toBe(0);
    expect(commit(headerSalt, header)).toBe(hex(headerCommitment));
    expect(commit(bodySalt, body)).toBe(hex(bodyCommitment));
    expect(JSON.parse(body).original[0].text).toBe('half a pair \ud800 and \u2028');
    expect(Object.keys(JSON.parse(line))).toEqual(['index', 'leaf', 'header', 'headerSalt', 'body', 'bodySalt']);
  });

  it.each(['none', 'masked'] as const)(
    'holds no text, and not what it would take to guess one, with %s',
    async (body) => {
      const line = toDisclosedLine(await entryOf('a secret'), body);
      expect(line).not.toContain('secret');
      expect(Object.keys(JSON.parse(line))).toEqual(['index', 'leaf', 'header', 'headerSalt']);
    },
  );
});
