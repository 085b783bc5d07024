const OPENINGS = ['Please explain', 'Could you describe', 'Help me to understand', 'I would like to know', 'Tell me'];
const SUBJECTS = [
  'the garden behind the school',
  'a long walk along the river',
  'the way bread rises in a warm kitchen',
  'the quiet work of a village library',
  'an old clock that loses a little time',
  'the first frost on the orchard',
  'a choir that practises in the evening',
  'the craft of binding books by hand',
];
const VERBS = ['changes with', 'depends on', 'is shaped by', 'grows out of', 'takes its form from', 'is measured by'];
const OBJECTS = [
  'the season and the weather',
  'the patience of those who look after it',
  'small habits that nobody writes down',
  'the tools that happen to be at hand',
  'what was learned in earlier years',
  'the light that comes through the window',
  'the people who share the work',
];
const CLAUSES = [
  'and most visitors notice it only on the way home',
  'although the difference is easy to overlook',
  'which is why a careful plan seldom survives the morning',
  'so that two attempts are never quite the same',
  'because every answer raises another question',
  'while the rest of the town goes about its business',
];

/**
 * English prose of exactly `length` characters, all ASCII, the same for the same seed. It holds no digits, names or
 * addresses: a detector that finds something in it has found it wrongly.
 */
export function toProse(seed: number, length: number): string {
  const next = createChoice(seed);
  let text = `${next(OPENINGS)} how ${next(SUBJECTS)} ${next(VERBS)} ${next(OBJECTS)}.`;
  while (text.length < length) {
    const subject = next(SUBJECTS);
    text += ` ${subject[0]?.toUpperCase()}${subject.slice(1)} ${next(VERBS)} ${next(OBJECTS)}, ${next(CLAUSES)}.`;
  }
  return `${text
    .slice(0, length - 1)
    .trimEnd()
    .padEnd(length - 1, '.')}.`;
}

/** A linear congruential generator (Numerical Recipes, 1992), whose high bits choose. */
function createChoice(seed: number): (from: readonly string[]) => string {
  let state = (seed * 2_654_435_761) >>> 0;
  return (from) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return from[Math.floor((state / 2 ** 32) * from.length)] ?? '';
  };
}
