import { type AttackCategory, attackCategories, type ContentCategory, contentCategories } from '../../core/index.ts';
import type { AttackScores, Classifiers, ContentScores, Window } from './classifiers.ts';

/** Units of looking at a text by which other work gets its turn: what they cost. */
type Steps<Result> = Generator<number, Result>;

/** The windows of a whole text. */
export function windowsOf({ createWindows }: Pick<Classifiers, 'createWindows'>, text: string): readonly Window[] {
  const windows = createWindows();
  return [...windows.push(text), ...windows.end()];
}

/** The most that any window of a text scores, by category. */
export function* mostContent(classifiers: Classifiers, text: string): Steps<ContentScores> {
  return yield* mostOf(contentCategories, classifiers.scoreContent, { classifiers, text });
}

/** The same of attacks. */
export function* mostAttack(classifiers: Classifiers, text: string): Steps<AttackScores> {
  return yield* mostOf(attackCategories, classifiers.scoreAttack, { classifiers, text });
}

/** A classifier takes about so many times as long as the detectors do. */
const COST = 4;

type Category = ContentCategory | AttackCategory;

function* mostOf<Label extends Category>(
  labels: readonly Label[],
  score: (window: string) => Readonly<Record<Label, number>>,
  { classifiers, text }: { readonly classifiers: Classifiers; readonly text: string },
): Steps<Readonly<Record<Label, number>>> {
  const most = Object.fromEntries(labels.map((label) => [label, 0])) as Record<Label, number>;
  for (const { start, end } of windowsOf(classifiers, text)) {
    const scores = score(text.slice(start, end));
    for (const label of labels) most[label] = Math.max(most[label], scores[label]);
    yield COST * (end - start);
  }
  return most;
}
