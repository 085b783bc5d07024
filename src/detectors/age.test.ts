import { age } from './age.ts';
import { detectorSuite } from './detector.suite.ts';

detectorSuite(age, {
  finds: [
    'She is ⟦45 years⟧ old.',
    'a ⟦45-year⟧-old man',
    'a ⟦7 months⟧ old child',
    '⟦33yo⟧ male',
    'aged ⟦45⟧.',
    'Age: ⟦45⟧, male',
    'age = ⟦45 years⟧',
    'at the age of ⟦45⟧',
    'turned ⟦30⟧ in May',
    "I'm ⟦45⟧.",
    'I am ⟦45⟧ and well',
    '⟦forty-two years⟧ old',
    '⟦45 Jahre⟧ alt',
    'Alter: ⟦45⟧',
    "j'ai ⟦45 ans⟧",
    'tengo ⟦45 anos⟧.',
  ],
  passes: [
    '45 years ago',
    'for 10 years',
    'page 45',
    'aged 300',
    'age of 1945',
    'I am 45% sure',
    'I am 4.5 m tall',
    'old 45 year',
    'Age: {AGE}',
    'aged {AGE} 45',
    'a 1,045 years old',
    'it turned 3000',
    'the middle ages',
  ],
  hostile: ['4', '45 ', '45-', 'aged ', 'age: 4', "I'm ", 'forty-', '45 year '],
});
