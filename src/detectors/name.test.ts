import { expect, it } from 'vitest';
import { detectorSuite } from './detector.suite.ts';
import { givenNames } from './given-names.data.ts';
import { noNames } from './name.data.ts';
import { name } from './name.ts';

detectorSuite(name, {
  finds: [
    'so ⟦Patricia Bell⟧ was here',
    'by ⟦Hans-Peter Klein⟧ and ⟦Carlos M. Solomina⟧',
    'My name is ⟦Jane Doe⟧.',
    'my name is ⟦jane⟧',
    'Dr. ⟦Stacy Jónasdóttir⟧ said',
    "Mr ⟦O'Brien⟧'s dog",
    'This is Mr. ⟦Eric Costa⟧.',
    'I am ⟦Jane van der Berg⟧.',
    'Patient: ⟦Maria Wirtz⟧, 45',
    'Name: ⟦DOE⟧',
    '"lastName": "⟦Doe⟧"',
    'Hi ⟦Mark⟧, how are you?',
    'Dear Ms. ⟦Smith-Jones⟧,',
    'Sincerely,\n⟦John Q. Public⟧',
    'mein Name ist ⟦Jürgen Klein⟧.',
    "je m'appelle ⟦Marie Curie⟧.",
    'me llamo ⟦Juan García⟧.',
    'Herr ⟦Müller⟧ kommt',
  ],
  passes: [
    'Dear Ms. {NAME},',
    '{ name: String }',
    'the name is deprecated, use',
    'Jorunn Doe was here',
    'patricia was here',
    'Patricia was here',
    'the San Francisco Bay',
    'won the Hugo Award',
    'the trade names, trademarks and so on',
    'I am American',
    'My name is on the list',
    'my name is wrong.',
    'Dear Sir or Madam,',
    'Hi there, how are you?',
    'Hello World',
    'Dr. {NAME} said',
    'my name is {NAME}.',
    'name: {NAME}',
    'The name of the Rose',
    'Dear Customer,',
    'Miss the bus',
    'Thanks,\nThe team',
  ],
  hostile: ['Mr. ', 'name is ', 'Mr. Aa', 'Aa ', 'Dear ', 'name: ', 'my name is a', "O'", 'A. ', 'van der '],
});

it('takes no word and no name twice for a given one', () => {
  expect(new Set(givenNames).size).toBe(givenNames.length);
  expect(givenNames.filter((one) => noNames.split(' ').includes(one))).toEqual([]);
});
