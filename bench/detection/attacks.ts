import { toTable } from '../report.ts';
import { type AttackRow, readAttackRows, readDocuments } from './public-data.ts';
import { thresholdFor } from './rates.ts';
import { hasPhrase, scoreAttack } from './scoring.ts';

/** What is flagged of one set of texts: shares from 0 to 1. */
export interface AttackSet {
  readonly set: string;
  readonly isAttack: boolean;
  readonly texts: number;
  readonly phrases: number;
  /** At 0.5, and at the score that 1 % of the harmless texts of all sets reach. */
  readonly atDecision: number;
  readonly atOnePercent: number;
}

interface Texts {
  readonly set: string;
  readonly isAttack: boolean;
  readonly texts: readonly string[];
}

const DECISION = 0.5;
const SHARE = 0.01;

export function measureAttacks(): readonly AttackSet[] {
  const rows = readAttackRows();
  const sets = toSets(rows).map((each) => ({ ...each, scores: each.texts.map(scoreAttack) }));
  const harmless = rows.filter(({ label }) => label === 'benign').map(({ text }) => scoreAttack(text));
  const threshold = thresholdFor(harmless, SHARE);
  return sets.map(({ set, isAttack, texts, scores }) => ({
    set,
    isAttack,
    texts: texts.length,
    phrases: shareOf(texts, hasPhrase),
    atDecision: shareOf(scores, (score) => score >= DECISION),
    atOnePercent: shareOf(scores, (score) => score >= threshold),
  }));
}

function toSets(rows: readonly AttackRow[]): readonly Texts[] {
  const textsOf = (isOne: (row: AttackRow) => boolean) => rows.filter(isOne).map(({ text }) => text);
  const isAttack = ({ label }: AttackRow) => label === 'attack';
  const payloads = textsOf(({ kind }) => kind === 'indirect');
  const documents = readDocuments();
  return [
    {
      set: 'direct attacks (deepset)',
      isAttack: true,
      texts: textsOf((row) => isAttack(row) && row.kind !== 'indirect'),
    },
    {
      set: 'payloads for code (BIPIA)',
      isAttack: true,
      texts: textsOf(({ source }) => source.includes('code_attack')),
    },
    {
      set: 'payloads for text (BIPIA)',
      isAttack: true,
      texts: textsOf(({ source }) => source.includes('text_attack')),
    },
    {
      set: 'the same payloads in e-mails',
      isAttack: true,
      texts: payloads.map((text, index) => embed(text, documents, index)),
    },
    { set: 'NotInject', isAttack: false, texts: textsOf(({ source }) => source.includes('NotInject')) },
    { set: 'WildGuard, harmless', isAttack: false, texts: textsOf(({ source }) => source.includes('wildguard')) },
    { set: 'banking77', isAttack: false, texts: textsOf(({ source }) => source.includes('banking77')) },
    {
      set: 'harmless of deepset',
      isAttack: false,
      texts: textsOf((row) => !isAttack(row) && row.source.startsWith('deepset')),
    },
    { set: 'all harmless texts', isAttack: false, texts: textsOf((row) => !isAttack(row)) },
    { set: 'e-mails', isAttack: false, texts: documents },
  ];
}

/** The payload in the middle of a document. */
function embed(payload: string, documents: readonly string[], index: number): string {
  const sentences = (documents[index % documents.length] ?? '').split('. ');
  const middle = Math.floor(sentences.length / 2);
  return [...sentences.slice(0, middle), payload, ...sentences.slice(middle)].join('. ');
}

function shareOf<Each>(all: readonly Each[], is: (each: Each) => boolean): number {
  return all.filter(is).length / all.length;
}

export function toAttackReport(sets: readonly AttackSet[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  return [
    '### Prompt attacks',
    'Shares of texts that are flagged: by the phrases, by the n-grams at 0.5, and by the n-grams at the score that 1 % ' +
      'of all harmless texts reach. A text is flagged where one of its windows is. Of the payloads 25 are questions that ' +
      'anyone may ask, and are an attack only where they stand.',
    toTable(
      ['texts', 'number', 'phrases', 'n-grams', 'at 1 %'],
      sets.map(({ set, texts, phrases, atDecision, atOnePercent }) => [
        set,
        texts,
        percent(phrases),
        percent(atDecision),
        percent(atOnePercent),
      ]),
    ),
  ].join('\n\n');
}
