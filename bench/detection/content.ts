import { CONFIDENCE_SCORES, contentClassifier } from '../../src/detectors/index.ts';
import { toTable } from '../report.ts';
import { readContentRows } from './public-data.ts';
import { areaUnderCurve, type Rates, ratesAt, type Scored } from './rates.ts';
import { scoreText } from './scoring.ts';

/** What the scores of one label come to, over the texts of which it is known. */
export interface ContentLabelRow {
  readonly label: string;
  readonly texts: number;
  readonly wanted: number;
  readonly area: number;
  readonly low: Rates;
  readonly medium: Rates;
  readonly high: Rates;
}

export function measureContent(): readonly ContentLabelRow[] {
  const rows = readContentRows().map((row) => ({ ...row, scores: scoreText(contentClassifier, row.text) }));
  return contentClassifier.labels.map((label) => {
    const scored: readonly Scored[] = rows
      .filter(({ unknown }) => !unknown.includes(label))
      .map(({ scores, labels }) => ({ score: scores.get(label) ?? 0, isWanted: labels.includes(label) }));
    return {
      label,
      texts: scored.length,
      wanted: scored.filter(({ isWanted }) => isWanted).length,
      area: areaUnderCurve(scored),
      low: ratesAt(scored, CONFIDENCE_SCORES.LOW),
      medium: ratesAt(scored, CONFIDENCE_SCORES.MEDIUM),
      high: ratesAt(scored, CONFIDENCE_SCORES.HIGH),
    };
  });
}

export function toContentReport(rows: readonly ContentLabelRow[]): string {
  const two = (value: number) => (Number.isNaN(value) ? null : value.toFixed(2));
  return [
    '### Content',
    'Precision and recall by label from each confidence on, over the texts of which somebody judged the label; F1 from ' +
      'MEDIUM on; and how likely a text with the label scores more than one without it (area).',
    toTable(
      ['label', 'texts', 'with it', 'area', 'P low', 'R low', 'P medium', 'R medium', 'F1', 'P high', 'R high'],
      rows.map(({ label, texts, wanted, area, low, medium, high }) => [
        label,
        texts,
        wanted,
        two(area),
        two(low.precision),
        two(low.recall),
        two(medium.precision),
        two(medium.recall),
        two(medium.f1),
        two(high.precision),
        two(high.recall),
      ]),
    ),
  ].join('\n\n');
}
