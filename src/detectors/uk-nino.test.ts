import { detectorSuite } from './detector.suite.ts';
import { ukNino } from './uk-nino.ts';

detectorSuite(ukNino, {
  finds: [
    '⟦AB123456C⟧',
    'it is ⟦AB 12 34 56 C⟧.',
    'NI number: ⟦qq123456c⟧',
    'national insurance number is ⟦AB 12 34 56⟧.',
    'nino=⟦AB-12-34-56-C⟧',
  ],
  passes: [
    'QQ123456C',
    'GB123456C',
    'DA123456C',
    'AO123456C',
    'AB123456E',
    'XAB123456C',
    'AB1234567C',
    'AB123456CD',
    'NI number: GB123456C',
    'NI number {UK_NATIONAL_INSURANCE_NUMBER} qq123456c',
    'ab123456c',
  ],
  hostile: ['AB', 'AB12', 'AB 12 34 ', 'national insurance ', 'nino ', 'A'],
});
