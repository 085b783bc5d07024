import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRequestId } from '../../core/index.ts';
import { keyRingOf } from '../journal/journal-fixture.suite.ts';
import { toCheckpoint } from '../log/checkpoint.ts';
import { createLocalSigner } from '../log/local-signer.ts';
import { noteText, parseVerifierKey, printVerifierKey, signNote, toVerifierKey } from '../log/signed-note.ts';
import {
  type Approval,
  ApprovalError,
  type ApprovedReading,
  checkApproval,
  createApprover,
  isSamePerson,
} from './approval.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const requestId = createRequestId(now, new Uint8Array(10));
const otto = createApprover(keyRingOf('otto'), 'otto');
const ottoKey = parseVerifierKey(otto.verifierKey);
const ottoSigner = createLocalSigner(keyRingOf('otto'), 'otto', 'audit/approval');

const approval: Approval = {
  origin: 'example.org/log',
  requestId,
  view: 'full',
  operator: 'olga',
  expiresAt: now + HOUR,
};
const { expiresAt: _, ...approved } = approval;
const reading: ApprovedReading = { ...approved, now };

const check = (note: string, by: Partial<ApprovedReading> = {}, keys = [ottoKey]) =>
  checkApproval(note, { ...reading, ...by }, keys);
const refusal = (message: string) => new ApprovalError(message);
const NOT_SIGNED = 'none of `audit.approvers` has signed it';
const NONE = 'what was signed is no approval';
const OWN = 'the operator cannot approve their own reading';

describe('an approval', () => {
  it('names who signed it, until it is over', async () => {
    const note = await otto.sign(approval);
    expect(noteText(note)).toBe(
      `sallyport approval 1\nexample.org/log\n${requestId}\nfull\n2026-01-02T04:04:05.000Z\nolga\n`,
    );
    expect(check(note)).toBe('otto');
    expect(check(note, { now: now + HOUR - 1 })).toBe('otto');
    expect(check(await otto.sign({ ...approval, expiresAt: now + 7 * DAY }))).toBe('otto');
  });

  it.each<[string, Partial<ApprovedReading>, string]>([
    ['in another log', { origin: 'example.org/other' }, 'the approval is for another log'],
    ['of another record', { requestId: createRequestId(now, randomBytes(10)) }, 'the approval is for another record'],
    ['of less', { view: 'masked' }, 'the approval is for another view'],
    ['by another', { operator: 'mallory' }, 'the approval is for another operator than `mallory`'],
    ['by another who looks the same', { operator: 'Olga' }, 'the approval is for another operator than `Olga`'],
    ['by another whose name begins so', { operator: 'olga\nx' }, 'the approval is for another operator than `olga\nx`'],
    ['once it is over', { now: now + HOUR }, 'the approval has expired'],
    [
      'before it could have been given',
      { now: now + HOUR - 7 * DAY - 1 },
      'the approval is for longer than seven days',
    ],
  ])('is none for a reading %s', async (_, by, message) => {
    const note = await otto.sign(approval);
    expect(() => check(note, by)).toThrow(refusal(message));
  });

  it.each(['otto', 'Otto', ' otto\u00a0', '\uff4f\uff54\uff54\uff4f', 'ot\u200bto', 'OT\u00adTO'])(
    'is none for oneself, also as %j',
    async (operator) => {
      const note = await otto.sign({ ...approval, operator });
      expect(() => check(note, { operator })).toThrow(refusal(OWN));
    },
  );

  it('holds where another has signed it, too', async () => {
    const vera = createLocalSigner(keyRingOf('vera'), 'vera', 'audit/approval');
    const veraKey = toVerifierKey('vera', vera.publicKey);
    const byOtto = await otto.sign({ ...approval, operator: 'otto' });
    const byBoth = await signNote(noteText(byOtto), [ottoSigner, vera]);
    expect(check(byBoth, { operator: 'otto' }, [ottoKey, veraKey])).toBe('vera');
    expect(() => check(byBoth, { operator: 'otto' })).toThrow(refusal(OWN));
  });

  it('is none by somebody whose key is not known, or under their name', async () => {
    const note = await createApprover(keyRingOf('mallory'), 'otto').sign(approval);
    expect(() => check(note)).toThrow(refusal(NOT_SIGNED));
    expect(() => check(note, {}, [])).toThrow(refusal(NOT_SIGNED));
  });

  it('is none where a letter of it, or of its signature, is another', async () => {
    const note = await otto.sign(approval);
    for (let at = 0; at < note.length; at += 1) {
      const other = note[at] === 'x' ? 'y' : 'x';
      expect(() => check(`${note.slice(0, at)}${other}${note.slice(at + 1)}`), String(at)).toThrow(ApprovalError);
    }
    for (const text of ['', '\n\n', 'x', note.slice(1), note.trimEnd(), `${note}x`, noteText(note)]) {
      expect(() => check(text)).toThrow(refusal(NOT_SIGNED));
    }
  });

  it('is none as long as a book, whoever has signed it', async () => {
    const note = await otto.sign(approval);
    const stranger = createLocalSigner(keyRingOf('x'), 'x'.repeat(250), 'audit/approval');
    const [line = ''] = (await signNote(noteText(note), [stranger])).split('\n').slice(-2);
    expect(check(`${note}${`${line}\n`.repeat(5)}`)).toBe('otto');
    expect(() => check(`${note}${`${line}\n`.repeat(40)}`)).toThrow(refusal(NONE));
  });

  it.each([
    ['a line more', (text: string) => `${text}x\n`],
    ['an empty line more', (text: string) => `${text}\n`],
    ['another way to write the time', (text: string) => text.replace('.000Z', 'Z')],
    ['another zone', (text: string) => text.replace('04:04:05.000Z', '05:04:05.000+01:00')],
    ['no time', (text: string) => text.replace(/2026.*/, 'soon')],
    ['another version', (text: string) => text.replace('approval 1', 'approval 2')],
    ['nothing behind its purpose', (text: string) => `${text.split('\n')[0]}\n`],
  ])('is none with %s, though it is signed', async (_, edit) => {
    const text = noteText(await otto.sign(approval));
    expect(check(await signNote(text, [ottoSigner]))).toBe('otto');
    const note = await signNote(edit(text), [ottoSigner]);
    expect(() => check(note)).toThrow(refusal(NONE));
  });

  it('is no checkpoint, even of who approves', async () => {
    const checkpoint = toCheckpoint({ origin: approval.origin, size: 7, root: new Uint8Array(32) });
    const note = await signNote(checkpoint, [ottoSigner]);
    expect(() => check(note)).toThrow(refusal(NONE));
  });

  it('is signed by another key than checkpoints are', () => {
    const { publicKey } = createLocalSigner(keyRingOf('otto'), 'otto');
    expect(printVerifierKey(toVerifierKey('otto', publicKey))).not.toBe(otto.verifierKey);
  });

  it('cannot be made for a name that no line holds', async () => {
    for (const operator of [
      '',
      'ol\nga',
      'olga\r',
      'ol\u2028ga',
      'ol\u2029ga',
      'ol\u0085ga',
      '\ud800',
      'x'.repeat(1_001),
    ]) {
      await expect(otto.sign({ ...approval, operator }), operator).rejects.toThrow(RangeError);
    }
    for (const operator of ['x'.repeat(1_000), 'Olga \u00d6lmann (Revision)', 'olga+1', '\u2014 otto']) {
      expect(check(await otto.sign({ ...approval, operator }), { operator })).toBe('otto');
    }
  });

  it.each(['', 'ot to', 'otto+', 'otto\n'])('cannot be made by %j', (name) => {
    expect(() => createApprover(keyRingOf('otto'), name)).toThrow(RangeError);
  });
});

describe('two names', () => {
  it('are of one person where they look the same', () => {
    expect(isSamePerson('Otto', 'o t\u2060t o')).toBe(true);
    expect(isSamePerson('otto', 'ottilie')).toBe(false);
  });
});
