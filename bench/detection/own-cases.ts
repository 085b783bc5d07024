import { createTopicClassifier, scoreGrounding, scoreRelevance } from '../../src/detectors/index.ts';
import { toTable } from '../report.ts';
import { groundingCases, relevanceCases } from './grounding-cases.data.ts';
import { areaUnderCurve, ratesAt, type Scored } from './rates.ts';
import { topicCases } from './topic-cases.data.ts';

/** What one scorer makes of cases in words of our own. */
export interface OwnCaseRow {
  readonly what: string;
  readonly texts: number;
  readonly found: number;
  readonly falsePositives: number;
  readonly area: number;
}

const DECISION = 0.5;

/** Scores of what is on a topic. */
export function scoreTopics(): readonly Scored[] {
  return topicCases.flatMap(({ topic, on, beside }) => {
    const { score } = createTopicClassifier(topic);
    return [...toScored(on, score, true), ...toScored(beside, score, false)];
  });
}

/** Scores of what is not grounded: high where a grounding score is low. */
export function scoreUngrounded(): readonly Scored[] {
  return groundingCases.flatMap(({ source, grounded, ungrounded }) => {
    const score = (answer: string) => 1 - scoreGrounding({ sources: [source], answer });
    return [...toScored(ungrounded, score, true), ...toScored(grounded, score, false)];
  });
}

/** Scores of what is not relevant, likewise. */
export function scoreIrrelevant(): readonly Scored[] {
  return relevanceCases.flatMap(({ query, relevant, irrelevant }) => {
    const score = (answer: string) => 1 - scoreRelevance({ query, answer });
    return [...toScored(irrelevant, score, true), ...toScored(relevant, score, false)];
  });
}

export function measureOwnCases(): readonly OwnCaseRow[] {
  return [
    toRow('on a denied topic', scoreTopics()),
    toRow('not grounded', scoreUngrounded()),
    toRow('not relevant', scoreIrrelevant()),
  ];
}

function toScored(texts: readonly string[], score: (text: string) => number, isWanted: boolean): readonly Scored[] {
  return texts.map((text) => ({ score: score(text), isWanted }));
}

function toRow(what: string, scored: readonly Scored[]): OwnCaseRow {
  const { recall, falsePositives } = ratesAt(scored, DECISION);
  return { what, texts: scored.length, found: recall, falsePositives, area: areaUnderCurve(scored) };
}

export function toOwnCaseReport(rows: readonly OwnCaseRow[]): string {
  const percent = (share: number) => `${(100 * share).toFixed(0)} %`;
  return [
    '### Topics, grounding and relevance',
    'On short cases of our own (`bench/detection`), written beside the code: they show what it does, not how it fares ' +
      'on the texts of others.',
    toTable(
      ['what', 'cases', 'found at 0.5', 'wrongly', 'area'],
      rows.map(({ what, texts, found, falsePositives, area }) => [
        what,
        texts,
        percent(found),
        percent(falsePositives),
        area.toFixed(2),
      ]),
    ),
  ].join('\n\n');
}
