import type { AttackCategory, ContentCategory } from '../../core/index.ts';

export type ContentScores = Readonly<Record<ContentCategory, number>>;
export type AttackScores = Readonly<Record<AttackCategory, number>>;

/** A topic, or a tone, as a guardrail describes it. */
export interface TopicDescription {
  readonly name: string;
  readonly definition: string;
  readonly examples: readonly string[];
}

/** An answer, what it is to rest on, and what it is to answer. */
export interface GroundedAnswer {
  readonly sources: readonly string[];
  readonly query: string;
  readonly answer: string;
}

/** Divides a text into windows that a classifier reads, while the text comes. */
export interface Windows {
  /** The windows that end within `text`; no further text can change them. */
  push(text: string): readonly Window[];
  end(): readonly Window[];
  /** Up to where every unit lies in a window that was given out. */
  complete(): number;
  /** Text in front of this offset is not needed any more. */
  needed(): number;
}

/** UTF-16 offsets, end exclusive. A window begins with the end of the one before it, as context. */
export interface Window {
  readonly start: number;
  readonly end: number;
}

/** What tells content that no pattern finds. All scores are from 0 to 1, 0.5 being the point of decision. */
export interface Classifiers {
  /** Windows of a text that is there, as long as they are best read. */
  createWindows(): Windows;
  /** Windows of an answer that somebody waits for: a sentence each, with the one before it as context. */
  createSentences(): Windows;
  scoreContent(window: string): ContentScores;
  scoreAttack(window: string): AttackScores;
  createTopic(topic: TopicDescription): (window: string) => number;
  /** How far an answer rests on its sources: 1 where all of it does. */
  scoreGrounding(answer: GroundedAnswer): number;
  /** How far an answer is one to its query. */
  scoreRelevance(answer: GroundedAnswer): number;
}

/** How sure a classifier is, as Amazon Bedrock's content filters say it. */
export type Confidence = 'NONE' | 'LOW' | 'MEDIUM' | 'HIGH';

const CONFIDENCES = [
  ['HIGH', 0.75],
  ['MEDIUM', 0.5],
  ['LOW', 0.25],
] as const;

export function toConfidence(score: number): Confidence {
  return CONFIDENCES.find(([, least]) => score >= least)?.[0] ?? 'NONE';
}

/** The least score that a filter of a strength acts on. A weak filter acts only on what is sure. */
export const leastScores: Readonly<Record<Confidence, number>> = {
  NONE: Number.POSITIVE_INFINITY,
  LOW: 0.75,
  MEDIUM: 0.5,
  HIGH: 0.25,
};
