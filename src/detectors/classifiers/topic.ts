import { background } from './background.data.ts';
import { sentencesOf } from './sentences.ts';
import { createVectorIndex, toVector, type Vector } from './word-vector.ts';
import { contentWordsOf } from './words.ts';

/** A topic as a guardrail describes it. A tone is described likewise. */
export interface Topic {
  readonly name: string;
  readonly definition: string;
  readonly examples: readonly string[];
}

export interface TopicClassifier {
  /** From 0 to 1: how near the nearest sentence of a window comes to the topic; 0.5 is the decision point. */
  score(text: string): number;
}

const LONGEST_SENTENCE = 400;
/** How much nearer than the background a text must come, as a part of the way that is left. */
const MARGIN = 0.22;
/** Of the background so much may lie on the topic itself. */
const BACKGROUND_SHARE = 0.95;
/** What is left of the nearness of a sentence that shares but one word, and no name, with all that tells of a topic. */
const ONE_WORD = 0.75;
/** Nearer than this no text is near by accident. */
const LEAST_THRESHOLD = 0.3;

/**
 * Tells by the words that a text shares with a topic's definition and examples, each weighed by how much it tells.
 *
 * A baseline: it knows words, not their meaning. What says the same in words that neither the definition nor an example
 * has is not found, and a text on another subject in the same words is.
 */
export function createTopicClassifier({ name, definition, examples }: Topic): TopicClassifier {
  const described = sentencesOf(definition, LONGEST_SENTENCE).map(({ start, end }) => definition.slice(start, end));
  const texts = [...described.map((sentence) => `${name}. ${sentence}`), ...examples];
  const vectors = (texts.length > 0 ? texts : [name]).map((text) => toVector(contentWordsOf(text)));
  const nearestTo = createVectorIndex([...vectors, sumOf(vectors)]);
  const stems = new Set(vectors.flatMap((vector) => [...vector.keys()]));

  function nearnessOf(sentence: string): number {
    const words = contentWordsOf(sentence);
    const shared = words.filter(({ stem }) => stems.has(stem));
    const isThin = new Set(shared.map(({ stem }) => stem)).size === 1 && !shared.some(({ isMarked }) => isMarked);
    return nearestTo(toVector(words)) * (isThin ? ONE_WORD : 1);
  }

  function nearness(text: string): number {
    const sentences = sentencesOf(text, LONGEST_SENTENCE);
    return sentences.reduce((most, { start, end }) => Math.max(most, nearnessOf(text.slice(start, end))), 0);
  }

  const apart = background.map(nearness).sort((one, other) => one - other);
  const usual = apart[Math.floor(BACKGROUND_SHARE * (apart.length - 1))] ?? 0;
  const threshold = Math.max(LEAST_THRESHOLD, usual + MARGIN * (1 - usual));

  return {
    score(text) {
      const near = nearness(text);
      return near < threshold ? (0.5 * near) / threshold : 0.5 + (0.5 * (near - threshold)) / (1 - threshold);
    },
  };
}

function sumOf(vectors: readonly Vector[]): Vector {
  const sum = new Map<string, number>();
  for (const [key, value] of vectors.flatMap((vector) => [...vector])) sum.set(key, (sum.get(key) ?? 0) + value);
  return sum;
}
